#include "workflows/import/sketch.hpp"

#include <set>
#include <utility>

namespace motcua::workflows {
namespace {

/// Role of a step of which the source does not say who among our officers does it.
constexpr const char* kStandInRole = "case_officer";

std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

class MachineWriter {
 public:
  MachineWriter(const ImportOptions& options, Reporter& reporter) : options_(options), reporter_(reporter) {}

  Json states(const SketchRegion& level) {
    Json object = Json::object();
    for (const auto& state : level.states) object[state.name] = this->state(state);
    return object;
  }

 private:
  Json state(const SketchState& state) {
    Json json = Json::object();
    if (state.final) json["type"] = "final";
    if (!state.regions.empty()) json["type"] = "parallel";
    json["label"] = label_of(state.label, options_);
    if (!state.final && state.regions.empty()) json["role"] = role_of(state);
    if (!state.time_limit.is_null()) json["time_limit"] = state.time_limit;
    if (state.regions.empty()) {
      add_ways(state, json);
    } else {
      add_regions(state, json);
    }
    json.update(state.notes);
    return json;
  }

  /// A timer without a way is none.
  void add_ways(const SketchState& state, Json& json) {
    Json timed = Json::array();
    for (const auto& way : state.ways) {
      (way.by_timer ? timed : json["on"][way.event]).push_back(transition(way));
    }
    if (timed.empty()) return;
    json["after"] = state.after;
    json["after"]["transitions"] = std::move(timed);
  }

  void add_regions(const SketchState& state, Json& json) {
    for (const auto& region : state.regions) {
      json["states"][region.name] = Json{{"type", "compound"},
                                         {"label", label_of(region.label, options_)},
                                         {"initial", region.initial},
                                         {"states", states(region)}};
    }
    for (const auto& way : state.ways) json["on_done"].push_back(transition(way));
  }

  Json transition(const SketchWay& way) const {
    Json json{{"target", way.target}, {"label", label_of(way.label, options_)}};
    json.update(way.notes);
    return json;
  }

  std::string role_of(const SketchState& state) {
    std::set<std::string> ours;
    std::vector<std::string> open;
    for (const auto& role : state.roles) {
      const auto found = options_.roles.find(role);
      if (found == options_.roles.end()) {
        open.push_back(role);
      } else {
        ours.insert(found->second);
      }
    }
    if (ours.size() == 1 && open.empty()) return *ours.begin();
    if (!open.empty()) {
      reporter_.warning(state.place, "role-not-mapped",
                        "`" + state.name + "` is worked on by " + list_of(open) +
                            "; which of our roles that is, the file does not say: `" + kStandInRole +
                            "` stands in");
    } else if (ours.empty()) {
      reporter_.warning(
          state.place, "role-not-mapped",
          "the file does not say who works on `" + state.name + "`: `" + kStandInRole + "` stands in");
    } else {
      reporter_.warning(state.place, "several-roles",
                        "`" + state.name + "` is worked on by " + list_of(state.roles) +
                            ", which are several of our roles; a step has one: `" + kStandInRole +
                            "` stands in");
    }
    return kStandInRole;
  }

  const ImportOptions& options_;
  Reporter& reporter_;
};

}  // namespace

Json label_of(const std::string& text, const ImportOptions& options) {
  const std::string unknown = "[unverified] " + text;
  const bool vietnamese = options.language == "vi";
  return Json{{"vi", vietnamese ? text : unknown}, {"en", vietnamese ? unknown : text}};
}

Json machine_of(const SketchRegion& level, const ImportOptions& options, Reporter& reporter) {
  Json states = MachineWriter(options, reporter).states(level);
  return Json{{"initial", level.initial}, {"states", std::move(states)}};
}

}  // namespace motcua::workflows

#include "tests/simulation/model/procedure.hpp"

#include "tests/simulation/model/condition.hpp"

#include <algorithm>

namespace motcua::simulation::model {
namespace {

using Json = nlohmann::ordered_json;

std::set<std::string> codes_of(const Json& list, const char* member) {
  std::set<std::string> codes;
  for (const auto& entry : list) codes.insert(entry.at(member).get<std::string>());
  return codes;
}

TimeLimit limit_of(const Json& json) {
  TimeLimit limit;
  limit.unit = json.at("unit").get<std::string>();
  limit.counting = json.value("counting", "working_time");
  limit.amount = json.at("amount").get<std::int64_t>();
  if (json.contains("cutoff")) {
    const auto text = json["cutoff"].get<std::string>();
    limit.cutoff = std::stoi(text.substr(0, 2)) * kHour + std::stoi(text.substr(3, 2)) * 60 * kSecond;
  }
  if (json.contains("when")) limit.when = nlohmann::json(json["when"]);
  return limit;
}

/// Every leaf of the form with the object that makes it necessary.
void read_form(const Json& schema, const std::string& at, const std::string& within,
               std::vector<Leaf>& leaves) {
  const auto required = schema.value("required", std::vector<std::string>{});
  for (const auto& [name, child] : schema.at("properties").items()) {
    const bool needed = std::find(required.begin(), required.end(), name) != required.end();
    const auto pointer = at + '/' + name;
    if (child.contains("properties")) {
      read_form(child, pointer, needed ? within : pointer, leaves);
    } else {
      leaves.push_back({pointer, child.value("x-source", std::string()), needed, within});
    }
  }
}

std::vector<Way> ways_of(const Json& state) {
  std::vector<Way> ways;
  const auto events = state.value("on", Json::object());
  for (const auto& [event, list] : events.items()) {
    for (const auto& way : list) {
      ways.push_back({event, way.at("target").get<std::string>(), nlohmann::json(way.value("guard", Json())),
                      way.value("requires", std::vector<std::string>{})});
    }
  }
  return ways;
}

/// Flattens a machine without parallel states: each atomic state with what it inherits.
class Flattening {
 public:
  explicit Flattening(Procedure& procedure) : procedure_(procedure) {}

  void read(const Json& machine) {
    walk(machine.at("states"), "", {});
    procedure_.initial = first_of(machine.at("initial").get<std::string>());
    for (auto& [name, step] : procedure_.steps) {
      for (auto& way : step.ways) way.target = first_of(way.target);
      std::set<std::string> others;
      for (const auto& other : step.not_same_person) {
        const auto inner = within_.find(other);
        if (inner == within_.end()) {
          others.insert(other);
        } else {
          others.insert(inner->second.begin(), inner->second.end());
        }
      }
      step.not_same_person = others;
    }
  }

 private:
  std::vector<std::string> walk(const Json& states, const std::string& role, const std::vector<Way>& outer) {
    std::vector<std::string> atomic;
    for (const auto& [name, state] : states.items()) {
      auto ways = ways_of(state);
      ways.insert(ways.end(), outer.begin(), outer.end());
      const auto own_role = state.value("role", role);
      if (state.contains("states")) {
        initial_[name] = state.at("initial").get<std::string>();
        within_[name] = walk(state["states"], own_role, ways);
        atomic.insert(atomic.end(), within_[name].begin(), within_[name].end());
        continue;
      }
      const auto others = state.value("not_same_person_as", std::set<std::string>{});
      const bool is_end = state.value("type", "") == "final";
      procedure_.steps[name] = {is_end, own_role, ways, others};
      if (!is_end) atomic.push_back(name);
    }
    return atomic;
  }

  std::string first_of(std::string name) const {
    for (auto inner = initial_.find(name); inner != initial_.end(); inner = initial_.find(name)) {
      name = inner->second;
    }
    return name;
  }

  Procedure& procedure_;
  std::map<std::string, std::string> initial_{};
  std::map<std::string, std::vector<std::string>> within_{};
};

}  // namespace

Procedure Procedure::read(const Json& file) {
  Procedure procedure;
  procedure.code = file.at("code").get<std::string>();
  procedure.channels = file.at("channels").get<std::set<std::string>>();
  const auto& limits = file.at("time_limit");
  for (const auto& limit : limits.is_array() ? limits : Json::array({limits})) {
    procedure.limits.push_back(limit_of(limit));
    procedure.max_extensions = limit.value("max_extensions", std::int64_t{0});
  }
  procedure.pause_reasons = codes_of(file.at("pause_reasons"), "code");
  procedure.refusal_reasons = codes_of(file.at("refusal_reasons"), "code");
  procedure.laws = codes_of(file.at("law"), "id");
  procedure.results = codes_of(file.at("results"), "code");
  read_form(file.at("form"), "", "", procedure.leaves);
  for (const auto& paper : file.at("papers")) {
    procedure.papers.push_back({paper.at("code").get<std::string>(), nlohmann::json(paper.at("required"))});
  }
  for (const auto& rule : file.at("prefill")) {
    if (rule.contains("attribute")) procedure.register_leaves.insert(rule.at("field").get<std::string>());
  }
  Flattening(procedure).read(file.at("machine"));
  return procedure;
}

const Leaf* Procedure::leaf(const std::string& pointer) const {
  const auto found =
      std::find_if(leaves.begin(), leaves.end(), [&](const Leaf& one) { return one.pointer == pointer; });
  return found == leaves.end() ? nullptr : &*found;
}

bool Procedure::has_paper(const std::string& paper) const {
  return std::any_of(papers.begin(), papers.end(), [&](const Paper& one) { return one.code == paper; });
}

std::size_t Procedure::limit_for(const nlohmann::json& facts) const {
  for (std::size_t i = 0; i < limits.size(); ++i) {
    if (limits[i].when.is_null() || holds(limits[i].when, facts)) return i;
  }
  return limits.size() - 1;
}

std::set<std::string> Procedure::missing(const nlohmann::json& data, const std::string& channel,
                                         const std::set<std::string>& held) const {
  std::set<std::string> absent;
  for (const auto& one : leaves) {
    if (!one.required || is_given(data, one.pointer)) continue;
    const auto* enclosing = at_pointer(data, one.within);
    const bool needed = one.within.empty() || (enclosing != nullptr && !enclosing->empty());
    if (needed) absent.insert(one.pointer);
  }
  const auto facts = facts_of(data, channel, held);
  for (const auto& paper : papers) {
    if (!held.contains(paper.code) && holds(paper.required, facts)) absent.insert(paper.code);
  }
  return absent;
}

nlohmann::json facts_of(const nlohmann::json& data, const std::string& channel,
                        const std::set<std::string>& papers) {
  return {{"data", data}, {"channel", channel}, {"papers", papers}};
}

bool Agency::has(const std::string& sub, const std::string& role) const {
  return std::any_of(officers.begin(), officers.end(), [&](const Officer& officer) {
    return officer.sub == sub && officer.roles.contains(role);
  });
}

bool Agency::has(const std::string& sub) const {
  return std::any_of(officers.begin(), officers.end(),
                     [&](const Officer& officer) { return officer.sub == sub; });
}

std::map<std::string, Agency> read_agencies(const nlohmann::json& organisation) {
  std::map<std::string, Agency> agencies;
  for (const auto& json : organisation.at("agencies")) {
    Agency agency{json.at("id").get<std::string>(),
                  json.at("calendar").get<std::string>(),
                  json.at("code_prefix").get<std::string>(),
                  {}};
    for (const auto& officer : json.at("officers")) {
      agency.officers.push_back(
          {officer.at("sub").get<std::string>(), officer.at("roles").get<std::set<std::string>>()});
    }
    agencies[agency.id] = agency;
  }
  return agencies;
}

}  // namespace motcua::simulation::model

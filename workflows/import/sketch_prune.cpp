#include "workflows/import/sketch.hpp"

#include <map>
#include <set>
#include <utility>

namespace motcua::workflows {
namespace {

using Names = std::set<std::string>;

Names names_of(const SketchRegion& level) {
  Names names;
  for (const auto& state : level.states) names.insert(state.name);
  return names;
}

/// Ways into states that are not there; `gone`: those of them that were left out before.
void drop_open_ways(SketchRegion& level, const Names& gone, Reporter& reporter) {
  const Names names = names_of(level);
  for (auto& state : level.states) {
    std::erase_if(state.ways, [&](const SketchWay& way) {
      if (names.count(way.target) != 0) return false;
      if (gone.count(way.target) != 0) {
        reporter.error(way.place, "way-left-out",
                       "`" + way.event + "` of `" + state.name + "` leads to `" + way.target +
                           "`, which is left out, and so is this way");
      } else {
        reporter.error(way.place, "dangling-target",
                       "`" + way.event + "` of `" + state.name + "` leads to `" + way.target +
                           "`, which the file does not have: the way is left out");
      }
      return true;
    });
  }
}

/// For each state those that one way leads to, or, `backwards`, those that lead to it.
std::map<std::string, std::vector<std::string>> neighbours_of(const SketchRegion& level, bool backwards) {
  std::map<std::string, std::vector<std::string>> neighbours;
  for (const auto& state : level.states) {
    for (const auto& way : state.ways) {
      neighbours[backwards ? way.target : state.name].push_back(backwards ? state.name : way.target);
    }
  }
  return neighbours;
}

Names reached_from(std::vector<std::string> open,
                   const std::map<std::string, std::vector<std::string>>& next) {
  Names reached;
  while (!open.empty()) {
    const std::string name = open.back();
    open.pop_back();
    const auto further = next.find(name);
    if (!reached.insert(name).second || further == next.end()) continue;
    open.insert(open.end(), further->second.begin(), further->second.end());
  }
  return reached;
}

Names leading_to_an_end(const SketchRegion& level) {
  std::vector<std::string> ends;
  for (const auto& state : level.states) {
    if (state.final) ends.push_back(state.name);
  }
  return reached_from(std::move(ends), neighbours_of(level, true));
}

/// Leaves out the states that are not in `kept`; true if there were any.
template <class Say>
bool keep_only(SketchRegion& level, const Names& kept, Names& gone, Say say) {
  return std::erase_if(level.states, [&](const SketchState& state) {
           if (kept.count(state.name) != 0) return false;
           gone.insert(state.name);
           say(state);
           return true;
         }) > 0;
}

}  // namespace

void prune(SketchRegion& level, Reporter& reporter) {
  Names gone;
  for (bool changed = true; changed;) {
    drop_open_ways(level, gone, reporter);
    if (names_of(level).count(level.initial) == 0) {
      level.states.clear();
      return;
    }
    changed = keep_only(level, leading_to_an_end(level), gone, [&](const SketchState& state) {
      reporter.error(state.place, "dead-end",
                     "no way leads from `" + state.name + "` to an end: the state is left out");
    });
  }
  keep_only(level, reached_from({level.initial}, neighbours_of(level, false)), gone,
            [&](const SketchState& state) {
              reporter.warning(state.place, "unreachable-state",
                               "no way leads from the start to `" + state.name + "`: the state is left out");
            });
}

}  // namespace motcua::workflows

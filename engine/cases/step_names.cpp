#include "engine/cases/step_names.hpp"

namespace motcua::engine {

std::vector<StepName> names_now(const StepMap& map, const StepName& state) {
  const auto known = map.find(state);
  return known == map.end() ? std::vector<StepName>{state} : known->second;
}

std::vector<StepCompletion> renamed(const std::vector<StepCompletion>& completions, const StepMap& map) {
  std::vector<StepCompletion> list;
  list.reserve(completions.size());
  for (const auto& completion : completions) {
    for (const auto& step : names_now(map, completion.step)) {
      list.push_back({step, completion.by, completion.on_behalf_of});
    }
  }
  return list;
}

}  // namespace motcua::engine

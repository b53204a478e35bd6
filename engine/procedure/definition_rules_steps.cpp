#include "engine/deadline/limit.hpp"
#include "engine/procedure/definition_rules.hpp"
#include "engine/procedure/definition_rules_graph.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace motcua::engine {
namespace {

using Index = StateGraph::Index;

/// Steps of a path that may be looked at before the search for the longest one is given up.
constexpr int kPathStepsMax = 100'000;

/// Working seconds of a limit; none for units that are not working time.
std::optional<std::int64_t> working_seconds(const OrderedJson& limit) {
  const auto unit = text_of(limit, "unit");
  const auto& amount = member(limit, "amount");
  if (unit == "same_day") return kWorkingDaySeconds;
  if (!amount.is_number_integer() || amount < 0 || amount > 1'000'000) return std::nullopt;
  if (unit == "working_hour") return amount.get<std::int64_t>() * 3600;
  if (unit == "working_day") return amount.get<std::int64_t>() * kWorkingDaySeconds;
  return std::nullopt;
}

/// The longest of the procedure's limits; none if one of them is no working time.
std::optional<std::int64_t> longest_limit(const OrderedJson& document) {
  const auto& limits = member(document, "time_limit");
  if (limits.is_object()) return working_seconds(limits);
  std::optional<std::int64_t> longest;
  bool comparable = true;
  each_element(limits, "", [&](const std::string&, const OrderedJson& limit) {
    const auto seconds = working_seconds(limit);
    comparable = comparable && seconds;
    longest = std::max(longest, seconds);
  });
  return comparable ? longest : std::nullopt;
}

class StepLimitRules {
 public:
  explicit StepLimitRules(const OrderedJson& document)
      : document_(document), graph_(member(document, "machine")) {}

  RuleFindings check() {
    const auto most = longest_limit(document_);
    for (const auto& state : graph_.states) {
      check_state(state);
      check_timer(state, most);
    }
    if (most) {
      for (const Index start : graph_.start()) walk(start, 0);
      if (longest_ > *most) exceeds(*most);
    }
    return std::move(findings_);
  }

 private:
  void check_state(const GraphState& state) {
    const auto& limit = member(*state.json, "time_limit");
    if (limit.is_null()) return;
    const auto at = below(state.pointer, "time_limit");
    if (state.final || !state.children.empty()) {
      findings_.push_back({at, "step-limit-placement", false,
                           "only a step in which somebody works has a limit: not a compound or final state"});
    }
    if (text_of(limit, "counting") == "civil_code") {
      findings_.push_back({below(at, "counting"), "step-limit-counting", false,
                           "limits of steps are counted in working time"});
    }
  }

  /// A timer beyond the procedure's whole time is never seen in time; one whose ways all have conditions may
  /// come due and lead nowhere.
  void check_timer(const GraphState& state, std::optional<std::int64_t> most) {
    const auto& timer = member(*state.json, "after");
    if (timer.is_null()) return;
    const auto at = below(state.pointer, "after");
    const auto seconds = working_seconds(timer);
    if (most && seconds && *seconds > *most) {
      findings_.push_back({at, "timer-exceeds", true,
                           "the timer takes " + std::to_string(*seconds / 3600) +
                               " working hours, more than the procedure's " + std::to_string(*most / 3600)});
    }
    const auto& ways = member(timer, "transitions");
    if (ways.is_array() && !ways.empty() && !member(ways.back(), "guard").is_null()) {
      findings_.push_back({below(at, "transitions"), "timer-without-default", true,
                           "the last way has a condition: where it does not hold, nothing happens"});
    }
  }

  void walk(Index state, std::int64_t before) {
    if (++steps_ > kPathStepsMax || !on_path_.insert(state).second) return;
    path_.push_back(state);
    const auto& node = graph_.states[state];
    const auto total = before + working_seconds(member(*node.json, "time_limit")).value_or(0);
    if (node.final && !node.parent && total > longest_) {
      longest_ = total;
      longest_path_ = path_;
    }
    for (const Index target : graph_.next(state)) walk(target, total);
    path_.pop_back();
    on_path_.erase(state);
  }

  void exceeds(std::int64_t most) {
    std::string names;
    for (const Index state : longest_path_) {
      if (member(*graph_.states[state].json, "time_limit").is_null()) continue;
      names += (names.empty() ? "" : ", ") + graph_.states[state].name;
    }
    findings_.push_back({"/machine/states", "step-limits-exceed", true,
                         "the limits of " + names + " take " + std::to_string(longest_ / 3600) +
                             " working hours on one path, more than the procedure's " +
                             std::to_string(most / 3600)});
  }

  const OrderedJson& document_;
  StateGraph graph_;
  RuleFindings findings_{};
  std::set<Index> on_path_{};
  std::vector<Index> path_{};
  std::vector<Index> longest_path_{};
  std::int64_t longest_ = 0;
  int steps_ = 0;
};

}  // namespace

RuleFindings check_step_limits(const OrderedJson& document) { return StepLimitRules(document).check(); }

}  // namespace motcua::engine

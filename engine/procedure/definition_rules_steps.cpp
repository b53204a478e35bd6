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
constexpr int kPathStepsMax = 50'000;

/// Days of a calendar month at most.
constexpr std::int64_t kMonthDays = 31;

/// Working seconds of a limit, at most: a day of the calendar is at most one working day.
std::optional<std::int64_t> working_seconds(const OrderedJson& limit) {
  const auto unit = text_of(limit, "unit");
  const auto& amount = member(limit, "amount");
  if (unit == "same_day") return kWorkingDaySeconds;
  if (!amount.is_number_integer() || amount < 0 || amount > 1'000'000) return std::nullopt;
  const auto number = amount.get<std::int64_t>();
  if (unit == "working_hour") return number * 3600;
  if (unit == "working_day" || unit == "calendar_day") return number * kWorkingDaySeconds;
  if (unit == "month") return number * kMonthDays * kWorkingDaySeconds;
  return std::nullopt;
}

/// A limit with all that may be added to it.
std::optional<std::int64_t> with_supplements(const OrderedJson& limit) {
  auto seconds = working_seconds(limit);
  each_element(member(limit, "supplements"), "", [&](const std::string&, const OrderedJson& supplement) {
    const auto more = working_seconds(supplement);
    seconds = seconds && more ? std::optional(*seconds + *more) : std::nullopt;
  });
  return seconds;
}

/// The longest of the procedure's limits; none if one of them is not known.
std::optional<std::int64_t> longest_limit(const OrderedJson& document) {
  const auto& limits = member(document, "time_limit");
  if (limits.is_object()) return with_supplements(limits);
  std::optional<std::int64_t> longest;
  bool comparable = true;
  each_element(limits, "", [&](const std::string&, const OrderedJson& limit) {
    const auto seconds = with_supplements(limit);
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
    if (!most || !limited_) return std::move(findings_);
    most_ = *most;
    find_ends();
    for (const Index start : graph_.start()) walk(start, 0);
    if (longest_ > most_) {
      exceeds();
    } else if (steps_ > kPathStepsMax) {
      findings_.push_back({"/machine/states", "too-large-to-check", true,
                           "there are too many paths to say that the limits of steps fit the procedure's"});
    }
    return std::move(findings_);
  }

 private:
  void check_state(const GraphState& state) {
    const auto& limit = member(*state.json, "time_limit");
    if (limit.is_null()) return;
    limited_ = true;
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
    const auto always = [](const OrderedJson& way) { return member(way, "guard").is_null(); };
    if (ways.is_array() && !ways.empty() && std::none_of(ways.begin(), ways.end(), always)) {
      findings_.push_back({below(at, "transitions"), "timer-without-default", true,
                           "every way has a condition: where none holds, nothing happens"});
    }
  }

  /// Ways and limits, asked for once, and the states from which a final one can be reached.
  void find_ends() {
    next_.resize(graph_.states.size());
    seconds_.resize(graph_.states.size());
    std::vector<std::vector<Index>> before(graph_.states.size());
    std::vector<Index> open;
    for (Index state = 0; state < graph_.states.size(); ++state) {
      if (graph_.states[state].children.empty()) next_[state] = graph_.next(state);
      std::sort(next_[state].begin(), next_[state].end());
      next_[state].erase(std::unique(next_[state].begin(), next_[state].end()), next_[state].end());
      for (const Index target : next_[state]) before[target].push_back(state);
      seconds_[state] = working_seconds(member(*graph_.states[state].json, "time_limit")).value_or(0);
      if (graph_.states[state].final && !graph_.states[state].parent) open.push_back(state);
    }
    can_end_.insert(open.begin(), open.end());
    while (!open.empty()) {
      const Index state = open.back();
      open.pop_back();
      for (const Index source : before[state]) {
        if (can_end_.insert(source).second) open.push_back(source);
      }
    }
  }

  /// Looks for a path without repetition that is too long; the longest that the budget shows.
  void walk(Index state, std::int64_t so_far) {
    if (can_end_.count(state) == 0 || longest_ > most_ || ++steps_ > kPathStepsMax) return;
    if (!on_path_.insert(state).second) return;
    path_.push_back(state);
    const auto& node = graph_.states[state];
    const auto total = so_far + seconds_[state];
    if (node.final && !node.parent && total > longest_) {
      longest_ = total;
      longest_path_ = path_;
    }
    for (const Index target : next_[state]) walk(target, total);
    path_.pop_back();
    on_path_.erase(state);
  }

  void exceeds() {
    std::string names;
    for (const Index state : longest_path_) {
      names += (names.empty() ? "" : " -> ") + graph_.states[state].name;
      if (seconds_[state] > 0) names += " (" + std::to_string(seconds_[state] / 3600) + " h)";
    }
    findings_.push_back({"/machine/states", "step-limits-exceed", true,
                         "on the path " + names + " the limits of the steps take " +
                             std::to_string(longest_ / 3600) + " working hours, more than the procedure's " +
                             std::to_string(most_ / 3600)});
  }

  const OrderedJson& document_;
  StateGraph graph_;
  RuleFindings findings_{};
  std::vector<std::vector<Index>> next_{};
  std::vector<std::int64_t> seconds_{};
  std::set<Index> can_end_{};
  std::set<Index> on_path_{};
  std::vector<Index> path_{};
  std::vector<Index> longest_path_{};
  std::int64_t longest_ = 0;
  std::int64_t most_ = 0;
  bool limited_ = false;
  int steps_ = 0;
};

}  // namespace

RuleFindings check_step_limits(const OrderedJson& document) { return StepLimitRules(document).check(); }

}  // namespace motcua::engine

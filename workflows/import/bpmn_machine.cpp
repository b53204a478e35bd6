#include "workflows/import/bpmn_machine.hpp"

#include "workflows/import/bpmn_blocks.hpp"
#include "workflows/import/bpmn_routes.hpp"
#include "workflows/import/bpmn_timers.hpp"
#include "workflows/import/code_names.hpp"

#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace motcua::workflows {
namespace {

/// Event that leads on from a step where nothing is chosen.
constexpr const char* kComplete = "complete";
/// Event of a timer, and of one that an officer takes in its place.
constexpr const char* kAfter = "after";
constexpr const char* kElapsed = "elapsed";

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

/// One level being built: the machine, or a branch of a block.
struct Level {
  SketchRegion region{};
  std::size_t join = kNone;  ///< the end of a branch
  std::string end{};         ///< name of the state that stands for it
};

Json notes_of(const BpmnRoute& route) {
  Json notes = Json::object();
  if (!route.conditions.empty()) notes["x-bpmn-condition"] = route.conditions;
  return notes;
}

class BpmnMachine {
 public:
  BpmnMachine(const BpmnProcess& process, Reporter& reporter)
      : process_(process), reporter_(reporter), routes_(process, reporter) {
    for (const auto& node : process.nodes) {
      const auto code = code_of_name(node.id);
      names_.push_back(codes_.take(code.empty() ? "element" : code));
    }
  }

  SketchRegion read() {
    const auto start = the_start();
    if (!start) return {};
    find_blocks();
    Level level;
    for (std::size_t i = 0; i < process_.nodes.size(); ++i) {
      if (inside_.count(i) == 0) add_state(i, level);
    }
    level.region.initial = landing(process_.nodes[*start], routes_.out_of(process_.nodes[*start]), level);
    return std::move(level.region);
  }

 private:
  std::optional<std::size_t> the_start();
  void find_blocks();
  void add_state(std::size_t index, Level& level);
  SketchState state_of(std::size_t index) const;
  void add_block(const BpmnBlock& block, Level& level);
  [[nodiscard]] SketchRegion branch_of(const BpmnBlock& block, std::size_t number);
  void add_timers(const BpmnNode& host, SketchState& state, Level& level);
  void add_timer(const BpmnNode& timer, const BpmnWait& wait, const std::string& by_hand, SketchState& state,
                 Level& level);
  void add_timed_way(const BpmnNode& timer, const BpmnWait& wait, SketchState& state, Level& level);
  void add_ways(const std::vector<BpmnRoute>& routes, const std::string& event, const Level& level,
                SketchState& state);
  [[nodiscard]] std::string target_name(const BpmnRoute& route, const Level& level);
  [[nodiscard]] std::string landing(const BpmnNode& from, const std::vector<BpmnRoute>& routes, Level& level);

  const BpmnProcess& process_;
  Reporter& reporter_;
  BpmnRoutes routes_;
  TakenCodes codes_{};
  std::vector<std::string> names_{};
  std::map<std::size_t, BpmnBlock> blocks_{};  ///< by split
  std::set<std::size_t> inside_{};             ///< nodes of blocks
};

std::optional<std::size_t> BpmnMachine::the_start() {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < process_.nodes.size(); ++i) {
    if (process_.nodes[i].kind == BpmnKind::start) starts.push_back(i);
  }
  if (starts.size() == 1) return starts.front();
  if (starts.empty()) {
    reporter_.error(process_.place, "no-start-event", "the process has no start event");
  } else {
    reporter_.error(process_.nodes[starts[1]].place, "several-start-events",
                    "the process has several start events, and nothing says which one a case begins with");
  }
  return std::nullopt;
}

void BpmnMachine::find_blocks() {
  for (std::size_t i = 0; i < process_.nodes.size(); ++i) {
    if (!is_split(process_.nodes[i])) continue;
    auto block = block_at(process_, i, reporter_);
    if (!block) continue;
    for (const auto& branch : block->branches) inside_.insert(branch.nodes.begin(), branch.nodes.end());
    blocks_.emplace(i, std::move(*block));
  }
}

SketchState BpmnMachine::state_of(std::size_t index) const {
  const auto& node = process_.nodes[index];
  SketchState state;
  state.name = names_[index];
  state.label = node.name;
  state.place = node.place;
  state.roles = node.roles;
  if (!node.roles.empty()) state.notes["x-roles"] = node.roles;
  return state;
}

void BpmnMachine::add_state(std::size_t index, Level& level) {
  const auto& node = process_.nodes[index];
  if (const auto block = blocks_.find(index); block != blocks_.end()) {
    add_block(block->second, level);
    return;
  }
  const bool step = node.kind == BpmnKind::task || (node.kind == BpmnKind::timer && node.attached_to.empty());
  if (!step && node.kind != BpmnKind::end) return;
  SketchState state = state_of(index);
  state.final = node.kind == BpmnKind::end;
  if (node.kind == BpmnKind::timer) {
    add_timer(node, wait_of(node), kElapsed, state, level);
  } else if (!state.final) {
    add_ways(routes_.out_of(node), kComplete, level, state);
    add_timers(node, state, level);
  }
  level.region.states.push_back(std::move(state));
}

/// Each of them ends the task: the one that comes first ends it before the others come.
void BpmnMachine::add_timers(const BpmnNode& host, SketchState& state, Level& level) {
  auto timers = timers_on(process_, host);
  std::erase_if(timers, [&](std::size_t index) {
    const auto& timer = process_.nodes[index];
    if (!timer.outgoing.empty()) return false;
    reporter_.error(timer.place, "timer-not-carried", "`" + timer.name + "` leads nowhere: it is left out");
    return true;
  });
  const auto first = first_to_come(process_, timers);
  for (const auto index : timers) {
    const auto& timer = process_.nodes[index];
    auto wait = wait_of(timer);
    if (first && index != *first && wait.amount > 0) {
      wait = {0, {}, 0, "a step has one timer, and `" + process_.nodes[*first].name + "` comes before it"};
    }
    add_timer(timer, wait, with_suffix(kElapsed, "." + names_[index].substr(0, 40)), state, level);
  }
}

/// As the timer of the state; as the event `by_hand` where no timer says the same.
void BpmnMachine::add_timer(const BpmnNode& timer, const BpmnWait& wait, const std::string& by_hand,
                            SketchState& state, Level& level) {
  if (wait.amount > 0) {
    add_timed_way(timer, wait, state, level);
    return;
  }
  reporter_.warning(timer.place, "timer-by-hand",
                    "the timer `" + timer.name + "` (" + timer.timer + ") of `" + state.name +
                        "` became an event that an officer takes: " + wait.words);
  const auto before = state.ways.size();
  add_ways(routes_.out_of(timer), by_hand, level, state);
  for (auto i = before; i < state.ways.size(); ++i) state.ways[i].notes["x-bpmn-timer"] = timer.timer;
}

void BpmnMachine::add_timed_way(const BpmnNode& timer, const BpmnWait& wait, SketchState& state,
                                Level& level) {
  const auto routes = routes_.out_of(timer);
  const auto target = landing(timer, routes, level);
  if (target.empty()) return;
  reporter_.warning(timer.place, "timer-elapsed-time",
                    "`" + timer.name + "` waits for " + timer.timer + " of elapsed time: `" + state.name +
                        "` is left after " + std::to_string(wait.amount) + " " + wait.unit + "; " +
                        wait.words);
  state.after = Json{
      {"amount", wait.amount}, {"unit", wait.unit}, {"law", "unverified"}, {"x-bpmn-timer", timer.timer}};
  const auto& route = routes.front();
  const bool chosen_later = routes.size() > 1;
  state.ways.push_back({kAfter, chosen_later || route.label.empty() ? timer.name : route.label, target,
                        chosen_later ? timer.place : route.place,
                        chosen_later ? Json::object() : notes_of(route), true});
}

std::string BpmnMachine::target_name(const BpmnRoute& route, const Level& level) {
  if (route.target == level.join) return level.end;
  const auto& node = process_.nodes[route.target];
  const bool lost = node.kind == BpmnKind::unsupported || node.kind == BpmnKind::start ||
                    (node.kind == BpmnKind::parallel && blocks_.count(route.target) == 0);
  if (!lost) return names_[route.target];
  reporter_.error(
      route.place, "way-left-out",
      "a way leads to `" + node.name + "`, which could not be carried over, and so it is left out");
  return {};
}

/// `event` where nothing is chosen on the way, else what is chosen.
void BpmnMachine::add_ways(const std::vector<BpmnRoute>& routes, const std::string& event, const Level& level,
                           SketchState& state) {
  TakenCodes taken;
  for (const auto& way : state.ways) static_cast<void>(taken.take(way.event));
  for (const auto& route : routes) {
    const auto target = target_name(route, level);
    if (target.empty()) continue;
    std::string wanted = route.choice.empty() ? event : route.choice;
    if (event != kComplete && !route.choice.empty()) wanted = event + "." + route.choice;
    if (wanted == "done" || wanted == kAfter || wanted.size() > 60) wanted = code_of_name("way " + wanted);
    // One event moves every branch that offers it; tasks of BPMN are completed one by one.
    if (level.join != kNone) wanted = with_suffix(wanted, "." + state.name);
    state.ways.push_back({taken.take(wanted), route.label.empty() ? wanted : route.label, target, route.place,
                          notes_of(route)});
  }
}

/// The state in which the case rests after `from`: the only target, or a step in which the choice is made.
std::string BpmnMachine::landing(const BpmnNode& from, const std::vector<BpmnRoute>& routes, Level& level) {
  if (routes.size() == 1) return target_name(routes.front(), level);
  if (routes.empty()) return {};
  SketchState state;
  state.name = codes_.take(with_suffix(code_of_name(from.id), ".choice"));
  state.label = routes.front().gateway;
  state.place = from.place;
  reporter_.warning(from.place, "decision-step",
                    "after `" + from.name + "` a way is chosen before any step: `" + state.name +
                        "` became a step in which an officer chooses");
  add_ways(routes, kComplete, level, state);
  level.region.states.push_back(state);
  return state.name;
}

void BpmnMachine::add_block(const BpmnBlock& block, Level& level) {
  SketchState state = state_of(block.split);
  for (std::size_t i = 0; i < block.branches.size(); ++i) {
    state.regions.push_back(branch_of(block, i));
    if (state.regions.back().states.empty()) {
      reporter_.error(
          state.place, "not-block-structured",
          "a branch of `" + state.label + "` has no way to the join: the whole block is left out");
      return;
    }
  }
  const auto& join = process_.nodes[block.join];
  const auto target = landing(join, routes_.out_of(join), level);
  if (!target.empty()) state.ways.push_back({"done", "done", target, join.place, Json::object()});
  level.region.states.push_back(std::move(state));
}

SketchRegion BpmnMachine::branch_of(const BpmnBlock& block, std::size_t number) {
  const auto& branch = block.branches[number];
  const auto& flow = process_.flows[branch.flow];
  Level level;
  level.region.name = codes_.take(with_suffix(names_[block.split], ".branch." + std::to_string(number + 1)));
  level.region.label = flow.name.empty() ? process_.nodes[flow.target].name : flow.name;
  level.join = block.join;
  level.end = codes_.take(with_suffix(level.region.name, ".end"));
  for (const auto node : branch.nodes) add_state(node, level);
  level.region.initial = landing(process_.nodes[block.split], routes_.along(branch.flow), level);
  SketchState end;
  end.name = level.end;
  end.label = process_.nodes[block.join].name;
  end.place = process_.nodes[block.join].place;
  end.final = true;
  level.region.states.push_back(std::move(end));
  prune(level.region, reporter_);
  return std::move(level.region);
}

}  // namespace

SketchRegion bpmn_machine(const BpmnProcess& process, Reporter& reporter) {
  return BpmnMachine(process, reporter).read();
}

}  // namespace motcua::workflows

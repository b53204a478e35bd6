#include "tests/simulation/simulation.hpp"

#include <algorithm>

namespace motcua::simulation {

using model::Command;
using model::Micros;

namespace {

/// Starts between November 2025 and February 2026, so that most runs cross Tết, its make-up days and night.
engine::Instant first_morning(Draw& draw) {
  const auto day = model::day_of("2025-11-03") + draw.between(0, 100);
  return engine::from_micros(model::at_local(day, draw.between(5, 20) * model::kHour));
}

constexpr std::uint64_t kEverythingEach = 150;
constexpr int kStepsToAnEnd = 200;

}  // namespace

Simulation::Simulation(const RunOptions& options)
    : options_(options),
      draw_(options.seed),
      weights_(draw_weights(draw_)),
      book_(office_rules().world),
      engine_(office_rules(), first_morning(draw_)),
      judge_(engine_, book_, statistics_),
      actors_(office_rules().world, book_, draw_, weights_) {
  judge_.trace(options.trace);
  book_.recorded(now());
  book_.settled();
}

void Simulation::run() {
  const auto start = now();
  while (statistics_.commands < options_.commands) step();
  judge_.everything();
  come_to_an_end();
  judge_.everything();
  statistics_.simulated_micros = now() - start;
  const std::pair<const char*, std::uint64_t> kinds[] = {{"request repeated", actors_.repeated},
                                                         {"key used for another request", actors_.reused},
                                                         {"race at one version", actors_.raced}};
  for (const auto& [name, count] : kinds) {
    if (count > 0) statistics_.faults[name] += count;
  }
}

void Simulation::step() {
  ++judge_.step;
  let_time_pass();
  register_answers();
  maybe_fault();
  commands();
  if (draw_.chance(200)) read_as_somebody();
  end_of_step();
  if (judge_.step % kEverythingEach == 0) judge_.everything();
}

void Simulation::end_of_step() {
  judge_.log();
  judge_.rows();
  settle();
}

/// The worker has asked whatever it may ask.
void Simulation::settle() {
  engine_.let_worker_ask(open_questions());
  for (const auto& name : engine_.registry().take_asked()) {
    if (answered_.contains(name)) throw Discrepancy{"the register is asked again: " + name, ""};
    asked_at_[name] = judge_.step;
    ripe_at_[name] =
        judge_.step + 1 + (draw_.chance(weights_.late) ? static_cast<std::uint64_t>(draw_.below(60)) : 0);
  }
}

void Simulation::let_time_pass() {
  const Micros some = draw_.between(0, 2 * weights_.pace);
  const bool much = draw_.chance(weights_.long_pause);
  hop_to(now() + (much ? draw_.between(model::kHour, 12 * model::kDay) : some));
}

void Simulation::hop_to(Micros to) {
  const auto start = now();
  const auto timers = book_.timers_until(to);
  if (!engine_.hop(engine::from_micros(to))) throw Discrepancy{"the engine refused to let time pass", ""};
  for (const auto& timer : timers) {
    Command fired;
    fired.name = "timer";
    fired.case_id = timer.case_id;
    fired.actor = {"motcua", {}, ""};
    fired.code = timer.kind;
    fired.due_at = timer.due_at;
    fired.key = "timer:" + timer.case_id + ':' + timer.kind + ':' + std::to_string(timer.due_at);
    judge_.recorded(fired, std::max(start, timer.due_at), false);
  }
  judge_.log();
}

void Simulation::pass_unwatched() {
  const Micros span = draw_.between(1, draw_.chance(300) ? 9 * 24 : 6) * model::kHour;
  static_cast<void>(engine_.clock().base().move_to(engine::from_micros(now() + span)));
  ++statistics_.faults["time passed with nobody watching"];
}

GroupPlan Simulation::draw_plan(std::size_t size) {
  GroupPlan plan;
  plan.hold_first = draw_.chance(weights_.hold);
  if (draw_.chance(weights_.fail_append)) {
    plan.hold_first = true;
    plan.fail_append = size > 1 && draw_.chance(500) ? 2 : 1;
    plan.how = draw_.chance(500) ? storage::AppendFailure::after_write : storage::AppendFailure::before_write;
  } else if (draw_.chance(weights_.lose_epoch)) {
    plan.hold_first = plan.lose_epoch = true;
  }
  return plan;
}

void Simulation::commands() {
  const bool back = draw_.chance(weights_.set_back);
  if (back) {
    engine_.clock().set_back(draw_.between(1, 240 * model::kSecond));
    ++statistics_.faults["clock set back"];
  }
  const auto group = actors_.group(now());
  const auto plan = draw_plan(group.size());
  if (!group.empty()) run_group(group, plan);
  engine_.clock().set_back(0);
}

void Simulation::run_group(const std::vector<Command>& group, const GroupPlan& plan) {
  const auto at = now();
  const auto result = engine_.run(group, plan);
  for (std::size_t i = 1; i < group.size(); ++i) {
    if (result.early[i] && group[i].case_id == group[0].case_id && !group[0].case_id.empty()) {
      throw Discrepancy{"an answer left before what it read was durable", group[i].case_id};
    }
  }
  const auto is_lost = [](const Answer& answer) {
    return !answer && answer.error().code == engine::RejectionCode::outcome_unknown;
  };
  const bool lost = std::any_of(result.answers.begin(), result.answers.end(), is_lost);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (!is_lost(result.answers[i])) judge_.answer(group[i], result.answers[i], at, false);
  }
  if (lost) judge_lost(group, result, plan, at);
}

/// The process is dead. A new one finds what was written, and each request is repeated with its key.
void Simulation::judge_lost(const std::vector<Command>& group, const GroupResult& result,
                            const GroupPlan& plan, Micros at) {
  if (plan.lose_epoch) {
    ++statistics_.faults["epoch lost"];
  } else {
    const bool after = plan.how == storage::AppendFailure::after_write;
    ++statistics_.faults[after ? "append failed, everything written" : "append failed, nothing written"];
  }
  if (!result.held) throw Discrepancy{"an answer was lost though no append failed", group.front().case_id};
  auto another = group.front();
  another.key = "after the end";
  const auto refused = engine_.run({another});
  if (refused.answers[0] || refused.answers[0].error().code != engine::RejectionCode::outcome_unknown) {
    throw Discrepancy{"a command was taken after a commit had failed", another.case_id};
  }
  engine_.restart(draw_.chance(100));
  const bool written = !plan.lose_epoch && plan.how == storage::AppendFailure::after_write;
  const std::size_t from = plan.fail_append == 2 ? 1 : 0;
  const std::size_t to = plan.fail_append == 2 ? group.size() : 1;
  for (std::size_t i = 0; i < group.size(); ++i) {
    ++statistics_.refused["outcome-unknown"];
    if (written && i >= from && i < to) judge_.written(group[i], at);
  }
  judge_.log();
  if (draw_.chance(200)) return;  // these people gave up
  std::vector<Command> again;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto& answer = result.answers[i];
    if (!answer && answer.error().code == engine::RejectionCode::outcome_unknown) again.push_back(group[i]);
  }
  run_group(again, {});
}

void Simulation::read_as_somebody() {
  const auto& cases = book_.cases();
  if (cases.empty()) return;
  auto some = cases.begin();
  std::advance(some, static_cast<std::ptrdiff_t>(draw_.below(cases.size())));
  judge_.read(actors_.reader(), some->second);
}

void Simulation::come_to_an_end() {
  weights_.both_hats = weights_.late = weights_.set_back = 0;
  outage_ = false;
  std::vector<std::string> open;
  for (const auto& [id, current] : book_.cases()) {
    if (!current.is_final()) open.push_back(id);
  }
  for (const auto& id : open) finish(id);
  for (int round = 0; round < 8; ++round) {
    ++judge_.step;
    register_answers();
    end_of_step();
  }
  if (!open_questions().empty()) throw Discrepancy{"a question is never answered", ""};
}

void Simulation::finish(const std::string& case_id) {
  for (int round = 0; round < kStepsToAnEnd; ++round) {
    const auto& current = *book_.find(case_id);
    if (current.is_final()) return;
    ++judge_.step;
    hop_to(now() + 10 * 60 * model::kSecond);
    register_answers();
    run_group({actors_.next_step(*book_.find(case_id), now())}, {});
    end_of_step();
  }
  throw Discrepancy{"the case comes to no end", case_id};
}

RunResult run_office(const RunOptions& options) {
  RunResult result;
  const auto again = "office_simulation --seed " + std::to_string(options.seed) + " --commands " +
                     std::to_string(options.commands) + " --trace";
  Simulation simulation(options);
  const auto fail = [&](const Discrepancy& found) {
    result.failed = true;
    result.report = "seed " + std::to_string(options.seed) + ", step " +
                    std::to_string(simulation.judge().step) + ", case " + found.case_id + '\n' + found.what +
                    '\n';
    for (const auto& line : simulation.judge().story(found.case_id)) result.report += "  " + line + '\n';
    result.report += "again: " + again + '\n';
  };
  try {
    simulation.run();
  } catch (const Discrepancy& found) {
    fail(found);
  } catch (const std::exception& unexpected) {
    fail({std::string("unexpected: ") + unexpected.what(), ""});
  }
  result.log_hash = simulation.judge().log_hash();
  result.statistics = simulation.statistics();
  return result;
}

}  // namespace motcua::simulation

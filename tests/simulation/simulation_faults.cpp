/// What goes wrong in the office, and the register that answers late, or not.
#include "tests/simulation/people.hpp"
#include "tests/simulation/simulation.hpp"

namespace motcua::simulation {

using model::Command;

namespace {

constexpr std::size_t kOpenInOutageMax = 16;

/// The parts of `effect:<case>:<version>:<ordinal>`.
struct Question {
  std::string case_id{};
  std::uint64_t version = 0;
  std::uint32_t ordinal = 0;
};

Question question_of(const std::string& name) {
  const auto last = name.rfind(':');
  const auto middle = name.rfind(':', last - 1);
  return {name.substr(7, middle - 7), std::stoull(name.substr(middle + 1, last - middle - 1)),
          static_cast<std::uint32_t>(std::stoul(name.substr(last + 1)))};
}

}  // namespace

void Simulation::maybe_fault() {
  if (draw_.chance(weights_.crash)) crash();
  if (draw_.chance(weights_.refuse_read)) refuse_read();
  if (draw_.chance(weights_.suspect)) distrust_clock();
  if (draw_.chance(weights_.unwatched)) pass_unwatched();
  if (outage_ ? draw_.chance(150) || open_questions().size() > kOpenInOutageMax
              : draw_.chance(weights_.outage)) {
    outage_ = !outage_;
    if (outage_) ++statistics_.faults["register down"];
  }
}

void Simulation::crash() {
  ++statistics_.faults["crash"];
  engine_.restart(draw_.chance(100));
  ripe_at_.clear();
  settle();
}

/// The store refuses one read: the command is refused, and nothing else happens.
void Simulation::refuse_read() {
  auto group = actors_.group(now());
  if (group.empty()) return;
  group.resize(1);
  const bool key = draw_.chance(500);
  key ? engine_.store().refuse_next_lookup(true) : engine_.store().refuse_next_case(true);
  const auto at = now();
  const auto result = engine_.run(group);
  engine_.store().refuse_next_lookup(false);
  engine_.store().refuse_next_case(false);
  const bool refused =
      !result.answers[0] && result.answers[0].error().code == engine::RejectionCode::not_durable;
  // What was accepted last is remembered: its repetitions need no look at the store.
  const auto& answer = result.answers[0];
  const bool remembered =
      answer ? answer->repeated : answer.error().code == engine::RejectionCode::idempotency_key_reused;
  if (key && !refused && !remembered) {
    throw Discrepancy{"decided without knowing whether it is a repetition", group[0].case_id};
  }
  if (refused) ++statistics_.faults["store refused a read"];
  judge_.answer(group[0], result.answers[0], at, false, "not-durable");
  if (refused) run_group(group, {});
  end_of_step();
}

void Simulation::distrust_clock() {
  engine_.clock().make_suspect(true);
  ++statistics_.faults["clock distrusted"];
  const auto group = actors_.group(now());
  if (!group.empty()) {
    const auto at = now();
    const auto result = engine_.run(group);
    for (std::size_t i = 0; i < group.size(); ++i) judge_.answer(group[i], result.answers[i], at, true);
  }
  engine_.clock().make_suspect(false);
}

std::vector<std::string> Simulation::open_questions() const {
  std::vector<std::string> names;
  for (const auto& [id, current] : book_.cases()) {
    for (const auto& effect : current.effects) names.push_back(effect_name(id, effect.first, effect.second));
  }
  return names;
}

bool Simulation::is_ripe(const std::string& name) {
  const auto ripe = ripe_at_.find(name);
  return outage_ || ripe == ripe_at_.end() || ripe->second <= judge_.step;
}

void Simulation::register_answers() {
  for (const auto& name : engine_.registry().waiting()) {
    if (is_ripe(name)) answer_question(name);
  }
  judge_.log();
}

void Simulation::answer_question(const std::string& name) {
  const auto question = question_of(name);
  const auto& current = *book_.find(question.case_id);
  const model::EffectName effect{question.version, question.ordinal};
  const bool is_open = current.effects.contains(effect);
  auto answer = answer_for(engine_.registry().query(name), draw_);
  if ((outage_ || draw_.chance(50)) && is_open)
    answer = {engine::AnswerClass::unavailable, "timeout", {}, {}, {}, {}};
  const bool failed = answer.answer_class == engine::AnswerClass::unavailable;
  if (judge_.step - asked_at_[name] > 5) ++statistics_.faults["register answered late"];
  Command command;
  command.name = failed ? "failure" : "answer";
  command.case_id = question.case_id;
  command.actor = {"motcua", {}, ""};
  command.code = name_of(answer.answer_class);
  command.value = {{"version", question.version}, {"ordinal", question.ordinal}};
  command.key = name + (failed ? ":unavailable" : "");
  const bool is_recorded = !failed || !current.failed.contains(effect);
  const auto position = engine_.store().head().position;
  engine_.registry().answer(name, answer);
  if (!is_recorded) return;
  engine_.wait_for_log(position + (failed ? 1 : 2));
  judge_.recorded(command, now(), !failed);
  if (!failed) answered_.insert(name);
}

}  // namespace motcua::simulation

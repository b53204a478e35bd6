#include "tests/cases/random_moves.hpp"

#include "engine/cases/form_filling.hpp"

#include <algorithm>
#include <ostream>

namespace motcua::engine {
namespace {

std::string secret(int number) { return kSecret + std::to_string(number); }

constexpr int kMoves = 66;
constexpr int kFirstOfTheEngine = 52;

rc::Gen<Move> any_move() {
  return rc::gen::exec([] {
    return Move{*rc::gen::inRange(0, 7), *rc::gen::inRange(0, kMoves), *rc::gen::inRange(0, 6),
                *rc::gen::weightedElement<int>({{6, 0}, {6, 1}, {3, 7}, {2, 30}, {1, 300}})};
  });
}

nlohmann::json typed_data(int how) {
  switch (how) {
    case 0:
      return {{"child", {{"full_name", secret(1)}, {"birth_date", secret(2)}}}};
    case 1:
      return {{"mother", {{"full_name", secret(3)}, {"personal_id", secret(4)}, {"birth_date", secret(16)}}}};
    case 2:
      return {{"remark", secret(5)},
              {"father", {{"full_name", secret(6)}, {"personal_id", secret(4)}, {"birth_date", secret(16)}}}};
    case 3:
      return {{"child", {{"foundling", true}, {"birth_date", "unknown"}}}};
    case 4:
      return {{"child", {{"full_name", ""}}}};
    default:
      return nlohmann::json::object();
  }
}

CommandBody supplement_body(int how) {
  RequestSupplement body;
  for (const auto* item : {"mandate", "/remark", "/mother"}) {
    if (static_cast<int>(body.items.size()) <= how % 3) body.items.push_back({item, secret(7)});
  }
  if (how == 5) body.items.push_back({"no_such", ""});
  return body;
}

CommandBody closing_body(int what, int how) {
  switch (what) {
    case 0:
      return how == 0 ? CommandBody{WithdrawCase{}} : CommandBody{AddNote{secret(8)}};
    case 1:
      return how == 0 ? CommandBody{StopCase{"law-1"}} : CommandBody{StopCase{"no law"}};
    case 2:
      return ResolveCase{{{how == 0 ? "no_such" : "certificate", "", {{"number", secret(9)}}}}};
    default:
      return ReturnResult{how == 0 ? "pigeon" : "counter", secret(10)};
  }
}

/// 08:00 of one of the days to come.
Instant date(const Move& move, Instant now) {
  const auto today = std::chrono::floor<std::chrono::days>(now - kMonday8h);
  return kMonday8h + today + std::chrono::days{1 + move.who + 2 * move.how};
}

/// To the second version and back, under either limit; and now and then without saying what the appraisal is
/// called there.
CommandBody migration(int how) {
  const StepName appraisal("appraisal");
  const StepName review("review");
  const auto limit = how % 2 == 0 ? MigratedLimit::kept : MigratedLimit::target;
  if (how < 3) return MigrateCase{2, {{appraisal, {review}}}, limit, "law-1"};
  if (how < 5) return MigrateCase{1, {{review, {appraisal}}}, limit, "law-1"};
  return MigrateCase{2, {}, limit, "law-1"};
}

/// Moves of the clock and of values that it depends on.
CommandBody clock_body(const Move& move, Instant now) {
  const int how = move.how;
  switch (move.what) {
    case 38:
    case 39:
    case 40:
      return PauseClock{how == 0 ? "supplement" : "verification"};
    case 41:
    case 42:
    case 43:
    case 44:
      return ResumeClock{};
    case 45:
    case 46:
    case 47:
      return extend(date(move, now), how == 0 ? "case-1" : "sign-1");
    case 49:
      if (how < 3) return RequestPayment{how == 0 ? "no_such" : "fee"};
      return RecordPayment{"fee", how == 3 ? 5'000 : 20'000, secret(14)};
    case 48:
      return correct("/remark", how < 2 ? "urgent" : how < 4 ? "slow" : "ordinary");
    case 50:
      return correct(how < 3 ? "/mother/residence" : "/father/full_name", secret(how));
    case 37:
      return closing_body(0, how);
    case 51:
      return migration(how);
    default:
      return AddNote{secret(14)};
  }
}

/// Delegations, and questions to another agency.
CommandBody people_body(int how) {
  switch (how) {
    case 0:
      return delegate("case-2");
    case 1:
      return delegate("both-1");
    case 2:
      return ConsultAgency{AgencyId("H15.60.01"), secret(14)};
    case 3:
      return AcknowledgeConsultation{};
    case 4:
      return AnswerConsultation{"agreed", {{"note", secret(14)}}};
    default:
      return MigrateCase{7, {}, MigratedLimit::kept, "law-1"};
  }
}

CommandBody any_body(const Move& move, Instant now) {
  const int how = move.how;
  switch (move.what) {
    case 0:
    case 1:
    case 2:
      return ReceiveCase{how > 1};
    case 3:
      return RefuseReception{how == 0 ? "duplicate" : "no_such"};
    case 4:
    case 5:
    case 6:
      return supplement_body(how);
    case 7:
    case 8:
    case 9:
      return supply({"mandate"}, typed_data(how));
    case 10:
      return supply({"mandate"}, {{"remark", secret(11)}, {"mother", {{"full_name", secret(3)}}}});
    case 11:
    case 12:
      return assign(how < 3 ? "case-2" : how < 5 ? "both-1" : "case-9");
    case 13:
    case 14:
    case 15:
      return claim(how == 0 ? std::optional<std::string>("signing") : std::nullopt);
    case 16:
    case 17:
      return release();
    case 18:
    case 19:
    case 20:
    case 21:
    case 22:
      return take("submit", typed_data(how));
    case 23:
    case 24:
    case 25:
    case 26:
      return take("sign");
    case 27:
    case 28:
      return take("send_back");
    case 29:
      return correct("/child/full_name", secret(12));
    case 30:
      return correct(how < 4 ? "/mother/personal_id" : "/nobody", how == 0 ? "" : secret(how));
    case 31:
      return people_body(how);
    case 32:
    case 33:
      return closing_body(2, how);
    case 34:
    case 35:
      return closing_body(3, how);
    case 36:
      return closing_body(1, how);
    default:
      return clock_body(move, now);
  }
}

const char* answer_class(int how) {
  constexpr const char* kClasses[] = {"MATCH", "MATCH", "MATCH", "NO_MATCH", "REFUSED", "MALFORMED"};
  return kClasses[how];
}

/// An answer to the effect, open or not; secret values throughout.
RecordAnswer any_answer(const Move& move, const EffectRef& ref, const std::string& subject) {
  PersonAnswer answer{subject,   answer_class(move.how),  "none", "lookup-" + std::to_string(move.who),
                      kMonday8h, nlohmann::json::object()};
  if (answer.answer_class == std::string(kMatch)) {
    answer.person = {{"full_name", secret(3)},
                     {"permanent_residence", secret(move.who)},
                     {"current_residence", secret(move.who)},
                     {"ethnicity", secret(17)}};
  }
  return {ref, answer};
}

EngineCommand any_engine_command(const Move& move, const Case& current) {
  if (move.what < 58) {
    const auto& timers = current.timers;
    const auto first = std::min_element(
        timers.begin(), timers.end(),
        [](const CaseTimer& left, const CaseTimer& right) { return left.due_at < right.due_at; });
    return first == timers.end() ? FireTimer{"due", kMonday8h} : FireTimer{first->kind, first->due_at};
  }
  EffectRef ref{static_cast<std::uint64_t>(move.who), 0};
  std::string subject = "/mother";
  if (!current.effects.empty() && move.how != 5) {
    const auto& effect = current.effects[static_cast<std::size_t>(move.who) % current.effects.size()];
    ref = effect.ref;
    subject = effect.subject;
  }
  if (move.what < 63) return any_answer(move, ref, subject);
  if (move.how % 2 == 0) return SwitchCase{2, current.version};
  return RecordFailure{ref, "timeout"};
}

}  // namespace

Definition renewed_definition() {
  auto definition = register_definition();
  definition.version = 2;
  definition.hash = Digest{1, 10};
  definition.switches_open_cases = true;
  definition.effective_law = definition.law.front().id;
  for (auto& limit : definition.time_limits) limit.limit.amount += limit.limit.amount == 4 ? -1 : 0;
  const StepName review("review");
  for (auto& state : definition.machine.states) {
    if (state.name == StepName("appraisal")) state.name = review;
    for (auto& step : state.not_same_person_as) step = review;
    for (auto& way : state.transitions) {
      if (way.target == StepName("appraisal")) way.target = review;
    }
  }
  return definition;
}

rc::Gen<std::vector<Move>> any_moves() {
  return rc::gen::scale(2.5, rc::gen::container<std::vector<Move>>(any_move()));
}

std::ostream& operator<<(std::ostream& out, const Move& move) {
  return out << '{' << move.who << ',' << move.what << ',' << move.how << ',' << move.hours_later << '}';
}

Identity actor(const Move& move) {
  const std::vector<Identity> people{desk_officer(),
                                     case_officer(),
                                     other_case_officer(),
                                     signatory(),
                                     all_rounder(),
                                     supervisor(),
                                     person("case-9", {"case_officer"}, "H15.60.01")};
  return people[static_cast<std::size_t>(move.who)];
}

FileCase any_filing(int how) {
  FileCase filing;
  filing.procedure = ProcedureCode("9.000001");
  filing.channel = how % 2 == 0 ? "counter" : "online";
  filing.applicant = {{"full_name", secret(6)}};
  if (how > 2) filing.applicant.update({{"personal_id", secret(4)}, {"birth_date", secret(16)}});
  filing.data = typed_data(how);
  if (how < 4) filing.papers = complete_papers();
  return filing;
}

Identity who_moved(const Move& move) { return move.what < kFirstOfTheEngine ? actor(move) : engine_actor(); }

bool decide_move(Scenario& scenario, const Move& move) {
  scenario.later(std::chrono::hours{move.hours_later});
  if (move.what >= kFirstOfTheEngine) {
    scenario.when_engine(any_engine_command(move, scenario.state()));
  } else {
    scenario.when(actor(move), any_body(move, scenario.now()),
                  move.how == 3 ? std::optional<std::string>(secret(15)) : std::nullopt);
  }
  return scenario.result()->has_value();
}

}  // namespace motcua::engine

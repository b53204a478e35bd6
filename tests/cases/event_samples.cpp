#include "tests/cases/event_samples.hpp"

#include "tests/support/office.hpp"

#include <string>
#include <type_traits>
#include <utility>

namespace motcua::engine {
namespace {

Outcome full_outcome() {
  const auto later = kMonday8h + std::chrono::hours{72};
  Outcome outcome;
  outcome.stage = Stage::in_process;
  outcome.steps = std::vector<StepName>{StepName("signing"), StepName("check")};
  outcome.step_roles = {"signatory", "case_officer"};
  outcome.steps_entered = {StepName("signing")};
  outcome.steps_left = {StepName("appraisal")};
  outcome.steps_final = false;
  outcome.clock = LedgerEntry{ClockChange::resume, "supplement", kMonday8h};
  outcome.clock_state = ClockState::running;
  outcome.promise = Promise{later, kMonday8h, "resume", "supplement", "notice"};
  outcome.due = Due{later, later + std::chrono::hours{1}, WorkingSeconds{3600}};
  outcome.timers_set = {{"reception_limit", later}};
  outcome.timers_cancelled = {"posting_limit"};
  outcome.missing = std::vector<MissingItem>{{"/child/full_name", {}}, {"", PaperCode("declaration")}};
  outcome.assigned = {{StepName("signing"), ActorId("sign-1")}};
  outcome.unassigned = {StepName("appraisal")};
  outcome.flags_added = {"accepted_incomplete"};
  outcome.flags_removed = {"nearing"};
  outcome.duties_opened = {"apology"};
  outcome.duties_closed = {"originals"};
  outcome.limit = 1;
  outcome.extended_to = later;
  outcome.effects_requested = {{"population_lookup", "/mother"}};
  outcome.effects_failed = {{3, 1}};
  outcome.effects_closed = {{3, 0}};
  outcome.tasks_opened = {{"difference", "/mother/full_name", "lookup-1", later}};
  outcome.tasks_closed = {"/remark"};
  outcome.provenance = {{"/child/full_name", {"population", "MATCH", kMonday8h, "lookup-1", true}}};
  outcome.papers_added = {{PaperCode("declaration"), "doc-1"}};
  return outcome;
}

/// With what outcomes learned to say since the first release; golden files of then stay what they are.
Outcome fuller_outcome() {
  auto outcome = full_outcome();
  outcome.clock->whose = "applicant";
  outcome.role = "supervisor";
  outcome.standing = "substitution";
  outcome.step_due = {{StepName("signing"), kMonday8h + std::chrono::hours{4}}};
  outcome.search_tokens = std::vector<std::string>{"00112233445566ff", "8899aabbccddeeff"};
  return outcome;
}

/// With timers of states, which came after that.
Outcome fullest_outcome() {
  auto outcome = fuller_outcome();
  outcome.after_due = {{StepName("signing"), kMonday8h + std::chrono::hours{5}}};
  outcome.after_ended = {StepName("appraisal")};
  return outcome;
}

RulePins pins() { return {ProcedureCode("9.000001"), 2, Digest{1, 1}, Digest{2, 2}, Digest{3, 3}}; }

void set_own(CaseFiled& event) {
  event.code = {"one-stop", "H15.50.05-260302-0001"};
  event.pins = pins();
  event.channel = "counter";
  event.received_by = AgencyId("H15.50.05");
  event.competent = AgencyId("H15.50");
}
void set_own(CaseReceived& event) {
  event.pins = pins();
  event.accepted_incomplete = true;
}
void set_own(ReceptionRefused& event) { event.reason_code = "duplicate"; }
void set_own(SupplementRequested& event) { event.items = {"mandate", "/remark"}; }
void set_own(CaseSupplied& event) { event.still_open = {"/remark"}; }
void set_own(StepAssigned& event) {
  event.step = StepName("signing");
  event.assignee = ActorId("sign-1");
}
void set_own(StepClaimed& event) { event.step = StepName("signing"); }
void set_own(StepReleased& event) { event.step = StepName("signing"); }
void set_own(StepTaken& event) {
  event.step = StepName("appraisal");
  event.event = "submit";
}
void set_own(CaseWithdrawn&) {}
void set_own(CaseStopped& event) { event.law = "law-1"; }
void set_own(CaseResolved& event) { event.results = {{"certificate", "doc-9"}, {"extract", ""}}; }
void set_own(ResultReturned& event) { event.channel = "post"; }
void set_own(DataCorrected& event) { event.pointer = "/child/full_name"; }
void set_own(NoteAdded&) {}
void set_own(ClockPaused& event) { event.reason_code = "verification"; }
void set_own(ClockResumed&) {}
void set_own(DeadlineExtended& event) {
  event.reason_code = "workload";
  event.signer = ActorId("sign-1");
  event.due_at = kMonday8h + std::chrono::hours{96};
}
void set_own(TimerFired& event) {
  event.kind = "overdue";
  event.due_at = kMonday8h;
}
void set_own(LookupAnswered& event) {
  event.effect = {3, 0};
  event.subject = "/mother";
  event.answer_class = "MATCH";
  event.detail = "none";
  event.lookup = "lookup-1";
}
void set_own(LookupUnavailable& event) {
  event.effect = {3, 1};
  event.subject = "/mother";
  event.detail = "timeout";
}
void set_own(AnswerIgnored& event) {
  event.effect = {3, 0};
  event.answer_class = "MATCH";
}

void set_own(StepDelegated& event) {
  event.step = StepName("check");
  event.from = ActorId("case-1");
  event.to = ActorId("case-2");
  event.until = kMonday8h + std::chrono::hours{48};
}
void set_own(AgencyConsulted& event) {
  event.agency = AgencyId("H15.50.06");
  event.acknowledge_by = kMonday8h + std::chrono::hours{2};
  event.due_at = kMonday8h + std::chrono::hours{72};
}
void set_own(ConsultationAcknowledged& event) { event.asked_version = 4; }
void set_own(ConsultationAnswered& event) {
  event.asked_version = 4;
  event.opinion_code = "agrees";
}
void set_own(DeadlineRecalculated& event) { event.calendar = Digest{4, 4}; }
void set_own(RecalculationDeclined& event) { event.calendar = Digest{5, 5}; }
void set_own(StateTimedOut& event) {
  event.state = StepName("appraisal");
  event.due_at = kMonday8h;
}

void set_own(PaymentRequested& event) {
  event.fee_code = "fee";
  event.amount_vnd = 20'000;
}
void set_own(PaymentRecorded& event) {
  event.fee_code = "fee";
  event.amount_vnd = 15'000;
  event.settled = true;
}

void set_own(CaseMigrated& event) {
  event.from_version = 2;
  event.from_hash = Digest{1, 1};
  event.pins = pins();
  event.pins.procedure_version = 3;
  event.pins.procedure_hash = Digest{1, 2};
  event.pins.limit_hash = Digest{1, 1};
  event.law = "law-2";
  event.map = {{StepName("appraisal"), {StepName("signing")}}, {StepName("intake"), {}}};
  event.delegated = {{StepName("signing"), {ActorId("sign-1"), ActorId("sign-2"), std::nullopt}}};
}

void set_own(SwitchRefused& event) {
  event.version = 4;
  event.obstacle = "step_unknown";
}
LinkedCase linked_sample() {
  return {"residence",
          ProcedureCode("1.004222"),
          "0197a0c4-5c00-7000-8000-000000000009",
          "H15.50.05-260302-0002",
          AgencyId("H15.50.05"),
          kMonday8h,
          kMonday8h + std::chrono::hours{5},
          "resolved",
          {{"residence", "doc-9"}}};
}
void set_own(LinkedCaseOpened& event) {
  event.effect = {6, 1};
  event.linked = linked_sample();
}
void set_own(LinkedCaseFailed& event) {
  event.effect = {6, 1};
  event.link = "residence";
  event.detail = "not_in_force";
}
void set_own(LinkedCaseEnded& event) {
  event.case_id = linked_sample().case_id;
  event.ended_as = "resolved";
  event.results = linked_sample().results;
}
void set_own(LinkedCaseReported& event) { event.effect = {9, 0}; }
void set_own(EarlierCaseSought& event) {
  event.effect = {1, 1};
  event.earlier = {ProcedureCode("1.008498"), true, linked_sample().case_id, linked_sample().code};
}

/// Types that came after the first release.
template <class T>
constexpr bool kIsNewer =
    std::is_same_v<T, StepDelegated> || std::is_same_v<T, AgencyConsulted> ||
    std::is_same_v<T, ConsultationAcknowledged> || std::is_same_v<T, ConsultationAnswered> ||
    std::is_same_v<T, DeadlineRecalculated> || std::is_same_v<T, RecalculationDeclined>;

/// The newest of them.
template <class T>
constexpr bool kIsNewest = std::is_same_v<T, StateTimedOut> || std::is_same_v<T, PaymentRequested> ||
                           std::is_same_v<T, PaymentRecorded> || std::is_same_v<T, CaseMigrated> ||
                           std::is_same_v<T, SwitchRefused> || std::is_same_v<T, LinkedCaseOpened> ||
                           std::is_same_v<T, LinkedCaseFailed> || std::is_same_v<T, LinkedCaseEnded> ||
                           std::is_same_v<T, LinkedCaseReported> || std::is_same_v<T, EarlierCaseSought>;

template <class T>
Outcome sample_outcome() {
  if (kIsNewest<T>) return fullest_outcome();
  return kIsNewer<T> ? fuller_outcome() : full_outcome();
}

template <std::size_t... Index>
std::vector<Event> every_alternative(std::index_sequence<Index...>) {
  return {Event{std::variant_alternative_t<Index, Event>{}}...};
}

// --- random values
// -----------------------------------------------------------------------------------------------

bool coin() { return *rc::gen::arbitrary<bool>(); }
std::string text() {
  return *rc::gen::elementOf(std::vector<std::string>{"", "a", "supplement", "/mother/full_name", "H15.50.05",
                                                      "Nguyễn", "\"\\\n\t", "\x01", "đ/~0~1", "0"});
}
Instant instant() { return from_micros(*rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 53)); }
Digest digest() {
  Digest value{};
  for (auto& byte : value) byte = static_cast<std::uint8_t>(*rc::gen::inRange(0, 256));
  return value;
}
template <class Make>
auto list_of(const Make& make) {
  std::vector<std::invoke_result_t<Make>> list;
  const int size = *rc::gen::inRange(0, 4);
  for (int i = 0; i < size; ++i) list.push_back(make());
  return list;
}
template <class Make>
auto perhaps(const Make& make) {
  return coin() ? std::optional<std::invoke_result_t<Make>>(make()) : std::nullopt;
}
StepName step() { return StepName(text()); }
CasePaper paper() { return {PaperCode(text()), text()}; }
MissingItem missing() {
  if (coin()) return {text(), {}, {}};
  return coin() ? MissingItem{"", PaperCode("p" + text()), {}}
                : MissingItem{"", {}, ProcedureCode("1" + text())};
}
CaseResult case_result() { return {text(), text()}; }

EffectRef effect_ref() {
  return {*rc::gen::inRange<std::uint64_t>(0, 1000), *rc::gen::inRange<std::uint32_t>(0, 9)};
}

Outcome any_outcome() {
  Outcome outcome;
  outcome.stage = perhaps([] { return static_cast<Stage>(*rc::gen::inRange<int>(0, kStages)); });
  outcome.steps = perhaps([] { return list_of(step); });
  outcome.step_roles = list_of(text);
  outcome.steps_entered = list_of(step);
  outcome.steps_left = list_of(step);
  outcome.steps_final = perhaps(coin);
  outcome.clock = perhaps([] {
    return LedgerEntry{static_cast<ClockChange>(*rc::gen::inRange(0, 5)), text(), instant(), text()};
  });
  outcome.clock_state = perhaps([] { return static_cast<ClockState>(*rc::gen::inRange(0, 4)); });
  outcome.promise = perhaps([] { return Promise{instant(), instant(), text(), text(), text()}; });
  outcome.due = perhaps([] {
    return Due{perhaps(instant), perhaps(instant),
               perhaps([] { return WorkingSeconds{*rc::gen::inRange<std::int64_t>(0, 1'000'000)}; })};
  });
  outcome.timers_set = list_of([] { return CaseTimer{text(), instant()}; });
  outcome.timers_cancelled = list_of(text);
  outcome.missing = perhaps([] { return list_of(missing); });
  for (const auto& name : list_of(step)) outcome.assigned[name] = ActorId(text());
  outcome.unassigned = list_of(step);
  outcome.flags_added = list_of(text);
  outcome.flags_removed = list_of(text);
  outcome.duties_opened = list_of(text);
  outcome.duties_closed = list_of(text);
  outcome.limit = perhaps([] { return *rc::gen::inRange<std::size_t>(0, 9); });
  outcome.limit_supplements =
      perhaps([] { return list_of([] { return *rc::gen::inRange<std::size_t>(0, 9); }); });
  for (const auto& name : list_of(step)) outcome.step_due[name] = instant();
  outcome.extended_to = perhaps(instant);
  outcome.effects_requested = list_of([] { return EffectRequested{text(), text()}; });
  outcome.effects_failed = list_of(effect_ref);
  outcome.effects_closed = list_of(effect_ref);
  outcome.tasks_opened = list_of([] { return CaseTask{text(), text(), text(), instant()}; });
  outcome.tasks_closed = list_of(text);
  for (const auto& pointer : list_of(text))
    outcome.provenance[pointer] = {text(), text(), instant(), text(), coin()};
  outcome.papers_added = list_of(paper);
  outcome.role = text();
  outcome.standing = text();
  for (const auto& name : list_of(step)) outcome.step_due[name] = instant();
  outcome.search_tokens = perhaps([] { return list_of(text); });
  for (const auto& name : list_of(step)) outcome.after_due[name] = instant();
  outcome.after_ended = list_of(step);
  return outcome;
}

RulePins any_pins() {
  return {ProcedureCode(text()), *rc::gen::inRange<std::int64_t>(0, 1000), digest(), digest(), digest(),
          perhaps(digest)};
}

void set_any(CaseFiled& event) {
  event = {{text(), text()}, any_pins(), text(), AgencyId(text()), AgencyId(text()), {}};
}
void set_any(CaseReceived& event) {
  event.pins = any_pins();
  event.accepted_incomplete = coin();
}
void set_any(ReceptionRefused& event) { event.reason_code = text(); }
void set_any(SupplementRequested& event) { event.items = list_of(text); }
void set_any(CaseSupplied& event) { event.still_open = list_of(text); }
void set_any(StepAssigned& event) {
  event.step = step();
  event.assignee = ActorId(text());
  event.taken_from = ActorId(text());
}
void set_any(StepClaimed& event) { event.step = step(); }
void set_any(StepReleased& event) { event.step = step(); }
void set_any(StepTaken& event) {
  event.step = step();
  event.event = text();
}
void set_any(CaseWithdrawn&) {}
void set_any(CaseStopped& event) { event.law = text(); }
void set_any(CaseResolved& event) { event.results = list_of(case_result); }
void set_any(ResultReturned& event) { event.channel = text(); }
void set_any(DataCorrected& event) { event.pointer = text(); }
void set_any(NoteAdded&) {}
void set_any(ClockPaused& event) { event.reason_code = text(); }
void set_any(ClockResumed&) {}
void set_any(DeadlineExtended& event) { event = {text(), ActorId(text()), instant(), {}}; }
void set_any(TimerFired& event) { event = {text(), instant(), {}}; }
void set_any(LookupAnswered& event) { event = {effect_ref(), text(), text(), text(), text(), {}}; }
void set_any(LookupUnavailable& event) { event = {effect_ref(), text(), text(), {}}; }
void set_any(AnswerIgnored& event) { event = {effect_ref(), text(), {}}; }
void set_any(StepDelegated& event) {
  event = {step(), ActorId(text()), ActorId(text()), perhaps(instant), {}};
}
void set_any(AgencyConsulted& event) { event = {AgencyId(text()), perhaps(instant), perhaps(instant), {}}; }
void set_any(ConsultationAcknowledged& event) { event.asked_version = effect_ref().version; }
void set_any(ConsultationAnswered& event) { event = {effect_ref().version, text(), {}}; }
void set_any(DeadlineRecalculated& event) { event.calendar = digest(); }
void set_any(RecalculationDeclined& event) { event.calendar = digest(); }
void set_any(PaymentRequested& event) {
  event = {text(), perhaps([] { return *rc::gen::inRange<std::int64_t>(0, 1'000'000); }), {}};
}
void set_any(PaymentRecorded& event) {
  event = {text(), *rc::gen::inRange<std::int64_t>(0, 1'000'000), coin(), {}};
}
void set_any(CaseMigrated& event) {
  event.from_version = *rc::gen::inRange<std::int64_t>(0, 1000);
  event.from_hash = digest();
  event.pins = any_pins();
  event.law = text();
  for (const auto& name : list_of(step)) event.map[name] = list_of(step);
  for (const auto& name : list_of(step)) {
    event.delegated[name] = {ActorId(text()), ActorId(text()), perhaps(instant)};
  }
}
void set_any(SwitchRefused& event) { event = {*rc::gen::inRange<std::int64_t>(0, 1000), text(), {}}; }
void set_any(LinkedCaseOpened& event) {
  event.effect = effect_ref();
  event.linked = {
      text(), ProcedureCode(text()), text(), text(), AgencyId(text()), instant(), perhaps(instant),
      text(), list_of(case_result)};
}
void set_any(LinkedCaseFailed& event) { event = {effect_ref(), text(), text(), {}}; }
void set_any(LinkedCaseEnded& event) { event = {text(), text(), list_of(case_result), {}}; }
void set_any(LinkedCaseReported& event) { event.effect = effect_ref(); }
void set_any(EarlierCaseSought& event) {
  event = {effect_ref(), {ProcedureCode(text()), coin(), text(), text()}, {}};
}
void set_any(StateTimedOut& event) { event = {step(), instant(), {}}; }

}  // namespace

std::vector<Event> sample_events() {
  auto events = every_alternative(std::make_index_sequence<std::variant_size_v<Event>>{});
  for (auto& event : events) {
    std::visit(
        [](auto& alternative) {
          set_own(alternative);
          alternative.outcome = sample_outcome<std::decay_t<decltype(alternative)>>();
        },
        event);
  }
  return events;
}

rc::Gen<Event> any_event() {
  return rc::gen::exec([] {
    auto event =
        *rc::gen::elementOf(every_alternative(std::make_index_sequence<std::variant_size_v<Event>>{}));
    std::visit(
        [](auto& alternative) {
          set_any(alternative);
          alternative.outcome = any_outcome();
        },
        event);
    return event;
  });
}

Case case_before_samples() {
  Case before;
  before.id = CaseId{Id128{1}};
  before.version = 4;
  before.foreground_version = 4;
  before.codes = {{"one-stop", "H15.50.05-260302-0009"}};
  before.stage = Stage::awaiting_supplement;
  before.steps = {StepName("appraisal")};
  before.step_roles = {"case_officer"};
  before.clock = {ClockState::paused,
                  "supplement",
                  kMonday8h,
                  {{ClockChange::start, "", kMonday8h}, {ClockChange::pause, "supplement", kMonday8h}}};
  before.promises = {{kMonday8h, kMonday8h, "reception", "", "receipt"}};
  before.due.remaining = WorkingSeconds{7200};
  before.missing = {{"/remark", {}}};
  before.supplement_open = {"mandate"};
  before.supplement_requests = 1;
  before.papers = {{PaperCode("declaration"), ""}, {PaperCode("mandate"), "doc-0"}};
  before.provenance = std::map<std::string, Provenance>{{"/remark", {"citizen", "", kMonday8h}}};
  before.assignees = {{StepName("appraisal"), ActorId("case-1")}};
  before.timers = {{"posting_limit", kMonday8h}, {"other", kMonday8h}};
  before.flags = {"accepted_incomplete"};
  before.consultations = {
      {4, AgencyId("H15.50.06"), kMonday8h, {}, kMonday8h + std::chrono::hours{24}, {}, {}, {}}};
  before.moves = {{4, "case.supplement_requested", ActorId("case-1"), kMonday8h}};
  before.created_at = kMonday8h;
  return before;
}

}  // namespace motcua::engine

#include "engine/runtime/effects.hpp"

#include "engine/prefill/prefill.hpp"
#include "engine/runtime/earlier_cases.hpp"
#include "engine/runtime/timers.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

namespace motcua::engine {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick{100};
constexpr std::chrono::seconds kPauseFirst{2};
constexpr std::chrono::seconds kPauseMost{60};
/// Officers whose sub begins so stand for the engine in look-ups.
constexpr std::string_view kServiceOfficer = "service-";

std::string effect_name(const EffectItem& effect) {
  return "effect:" + to_text(effect.id) + ':' + std::to_string(effect.ref.version) + ':' +
         std::to_string(effect.ref.ordinal);
}

const Officer* service_officer(const Organisation* organisation, const AgencyId& agency) {
  const auto* found = organisation == nullptr ? nullptr : organisation->find(agency);
  if (found == nullptr) return nullptr;
  const auto officer = std::find_if(found->officers.begin(), found->officers.end(), [](const Officer& one) {
    return one.sub.value.starts_with(kServiceOfficer);
  });
  return officer == found->officers.end() ? nullptr : &*officer;
}

}  // namespace

struct EffectWorker::Question {
  LookupRecord lookup{};  ///< who asks what; id is drawn for each answer
  bool asked = false;     ///< with the adapter, or its answer is being recorded
  bool failed_once = false;
  bool seen = false;    ///< in the walk that is going on
  bool inside = false;  ///< carried out among cases: the link to the register does not matter
  steady_clock::time_point not_before{};
  std::chrono::seconds pause{kPauseFirst};
};

struct EffectWorker::Shared {
  mutable std::mutex mutex{};
  std::condition_variable changed{};
  std::deque<std::pair<EffectItem, RegisterAnswer>> answers{};
  struct Recorded {
    EffectItem effect{};
    bool answered = false;               ///< for good; else that it failed
    std::optional<Rejection> refused{};  ///< it could not be recorded
  };
  std::deque<Recorded> recorded{};
  EffectFigures figures{};
  LinkState link = LinkState::up;
  bool link_changed = false;
  bool stopping = false;
};

bool EffectWorker::waits_for_case(const Question& question, const Rejection& why) {
  return question.inside &&
         (why.code == RejectionCode::not_allowed || why.code == RejectionCode::guard_undecided);
}

EffectWorker::EffectWorker(const EffectPorts& ports)
    : ports_(ports), loader_(ports.store, &ports.keys, ports.catalogue), shared_(std::make_shared<Shared>()) {
  if (ports_.registry != nullptr) hear_of_link();
  thread_ = std::thread([this] { run(); });
}

void EffectWorker::hear_of_link() {
  ports_.registry->on_link_change([shared = shared_](LinkState state) {
    const std::lock_guard lock(shared->mutex);
    shared->link = state;
    shared->link_changed = true;
    shared->changed.notify_all();
  });
  const auto state = ports_.registry->figures().state_now;
  const std::lock_guard lock(shared_->mutex);
  if (!shared_->link_changed) shared_->link = state;
}

EffectWorker::~EffectWorker() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
  }
  shared_->changed.notify_all();
  thread_.join();
  if (ports_.registry != nullptr) ports_.registry->on_link_change({});
}

EffectFigures EffectWorker::figures() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->figures;
}

void EffectWorker::run() {
  std::unique_lock lock(shared_->mutex);
  while (!shared_->stopping) {
    const bool link_changed = std::exchange(shared_->link_changed, false);
    link_ = shared_->link;
    lock.unlock();
    if (link_changed && link_ != LinkState::down) {
      for (auto& [effect, question] : questions_) {
        question.not_before = {};
        question.pause = kPauseFirst;
      }
      register_.cursor.clear();
    }
    take_answers();
    walk(inside_);
    if (ports_.registry != nullptr) walk(register_);
    lock.lock();
    shared_->figures.open = questions_.size();
    shared_->figures.set_aside = set_aside_.size();
    shared_->changed.wait_for(lock, kTick, [&] {
      return shared_->stopping || shared_->link_changed || !shared_->answers.empty() ||
             !shared_->recorded.empty();
    });
  }
}

/// One slice of the open effects of a kind, in order; questions whose row is gone are forgotten at the end of
/// a walk.
void EffectWorker::walk(Walk& walk) {
  // No answer could be recorded now.
  if (ports_.clock.read().doubt) return;
  const auto is_own = [&](const auto& entry) { return entry.second.inside == walk.inside; };
  if (walk.cursor.empty()) {
    for (auto& entry : questions_) entry.second.seen = entry.second.seen && !is_own(entry);
  }
  const auto rows = ports_.store.read_rows(walk.prefix, walk.cursor, kSlice);
  if (!rows) return;
  auto asked =
      static_cast<std::size_t>(std::count_if(questions_.begin(), questions_.end(), [&](const auto& entry) {
        return is_own(entry) && entry.second.asked;
      }));
  for (const auto& row : *rows) {
    const auto effect = read_effect_row(row);
    if (!effect) continue;
    auto& question = questions_[*effect];
    question.inside = walk.inside;
    question.seen = true;
    if (asked >= kAskedAtOnce) return;
    if (!is_due(question, asked) || set_aside_.waits(*effect, steady_clock::now())) continue;
    ask(*effect, question);
    asked += question.asked ? 1 : 0;
  }
  if (rows->size() == kSlice) {
    walk.cursor = rows->back().key;
    return;
  }
  walk.cursor.clear();
  std::erase_if(questions_, [&](const auto& entry) {
    return is_own(entry) && !entry.second.seen && !entry.second.asked;
  });
  set_aside_.forget_unless([&](const EffectItem& effect) { return questions_.contains(effect); });
}

bool EffectWorker::is_due(const Question& question, std::size_t asked) const {
  if (question.asked || steady_clock::now() < question.not_before) return false;
  // Nobody is asked while the answer could not be recorded.
  if (ports_.disk != nullptr && ports_.disk->shortage()) return false;
  // A question that failed waits while the link is down; on trial one goes, the first in order of due. New
  // ones are asked at any time, so that their case can say what came of it.
  const bool waits = link_ == LinkState::down || (link_ == LinkState::trial && asked > 0);
  return !waits || !question.failed_once || question.inside;
}

void EffectWorker::ask(const EffectItem& effect, Question& question) {
  const auto loaded = loader_.load(effect.id);
  if (!loaded) return put_aside(effect, unreadable_case(loaded.error()));
  if (!*loaded) return put_aside(effect, {RejectionCode::not_found, "there is no such case"});
  const auto& current = **loaded;
  const auto open = std::find_if(current.state.effects.begin(), current.state.effects.end(),
                                 [&](const OpenEffect& one) { return one.ref == effect.ref; });
  if (!current.rules.definition) {
    return put_aside(effect, unreadable_case(Fault{"the rules that it pins are not in this store"}));
  }
  // Closed since its row was read.
  if (open == current.state.effects.end()) return;
  question.failed_once = open->failed_once;
  if (question.inside) return carry_out(effect, question, *open, current);
  auto& lookup = question.lookup;
  lookup.agency = current.state.competent;
  lookup.procedure = current.state.pins.procedure;
  lookup.case_id = to_text(effect.id);
  lookup.officer = ActorId(kEngineActor);
  lookup.query.agency = lookup.agency;
  lookup.query.procedure = lookup.procedure;
  lookup.query.purpose = "prefill";
  lookup.query.request_id = effect_name(effect);
  if (const auto* officer = service_officer(current.rules.organisation.get(), lookup.agency)) {
    lookup.officer = officer->sub;
    lookup.query.officer_number = officer->personal_number;
  }
  const auto people =
      subjects_to_look_up(*current.rules.definition, current.content->applicant, current.content->data);
  for (const auto& person : people) {
    if (person.subject != open->subject) continue;
    lookup.query.personal_id = person.personal_id;
    lookup.query.full_name = person.full_name;
    lookup.query.birth_date = person.birth_date;
  }
  question.asked = true;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->figures.asked += 1;
  }
  ports_.registry->look_up(lookup.query, [shared = shared_, effect](RegisterAnswer answer) {
    const std::lock_guard lock(shared->mutex);
    shared->answers.emplace_back(effect, std::move(answer));
    shared->changed.notify_all();
  });
}

/// What is done inside about an open effect that is no look-up: nothing to be asked of anybody outside.
FaultOr<CommandRequest> EffectWorker::inside_request(const EffectItem& effect, const OpenEffect& open,
                                                     const LoadedCase& current) const {
  CommandRequest request;
  request.request = LinkedRequest{effect.id, effect.ref};
  if (open.kind != kEarlierCaseEffect) return request;
  const auto& wanted = current.rules.definition->prerequisites;
  const auto rule = std::find_if(wanted.begin(), wanted.end(), [&](const Prerequisite& one) {
    return one.procedure.value == open.subject;
  });
  EarlierCase none;
  none.procedure = ProcedureCode(open.subject);
  auto earlier = rule == wanted.end() ? FaultOr<EarlierCase>(none)
                                      : find_earlier(ports_.store, ports_.keys, loader_, current, *rule);
  if (!earlier) return earlier.error();
  request.request = EngineRequest{effect.id, RecordEarlier{effect.ref, *std::move(earlier)}, {}};
  return request;
}

void EffectWorker::carry_out(const EffectItem& effect, Question& question, const OpenEffect& open,
                             const LoadedCase& current) {
  auto made = inside_request(effect, open, current);
  if (!made) return put_aside(effect, unreadable_case(made.error()));
  question.asked = true;
  auto& request = *made;
  request.asker.sub = ActorId(kEngineActor);
  request.cause = effect_name(effect);
  // That it failed is recorded under the first key.
  const auto mark = request.cause + (question.failed_once ? ":again" : "");
  request.scope = ports_.keys.mac("idempotency-scope", mark);
  request.body_mac = ports_.keys.mac("idempotency-body", mark);
  ports_.sequencer.submit(std::move(request), reply_to(effect, true));
}

void EffectWorker::take_answers() {
  std::unique_lock lock(shared_->mutex);
  auto answers = std::exchange(shared_->answers, {});
  auto recorded = std::exchange(shared_->recorded, {});
  lock.unlock();
  for (const auto& [effect, answered, refused] : recorded) {
    const auto found = questions_.find(effect);
    if (refused && found != questions_.end() && waits_for_case(found->second, *refused)) {
      found->second.asked = false;
      found->second.not_before = steady_clock::now() + found->second.pause;
      found->second.pause = std::min(2 * found->second.pause, kPauseMost);
      continue;
    }
    if (refused) put_aside(effect, *refused);
    if (!refused) set_aside_.forget(effect);
    if (found == questions_.end()) continue;
    if (answered && !refused) {
      questions_.erase(found);
    } else {
      found->second.asked = false;
      found->second.not_before = steady_clock::now() + found->second.pause;
    }
  }
  for (auto& [effect, answer] : answers) {
    const auto found = questions_.find(effect);
    if (found != questions_.end()) record(effect, found->second, std::move(answer));
  }
}

void EffectWorker::put_aside(const EffectItem& effect, const Rejection& why) {
  const auto pause = set_aside_.put(effect, steady_clock::now());
  if (ports_.tell) ports_.tell(effect_name(effect), why, pause);
}

void EffectWorker::record(const EffectItem& effect, Question& question, RegisterAnswer answer) {
  const bool answered = answer.answer_class != AnswerClass::unavailable;
  if (!answered) {
    question.not_before = steady_clock::now() + question.pause;
    question.pause = std::min(2 * question.pause, kPauseMost);
    if (question.failed_once || answer.detail == name_of(AnswerDetail::shutting_down)) {
      question.asked = false;
      return;
    }
    question.failed_once = true;
  }
  CommandRequest request;
  request.asker.sub = ActorId(kEngineActor);
  request.cause = effect_name(effect);
  const auto mark = request.cause + (answered ? "" : ":unavailable");
  request.scope = ports_.keys.mac("idempotency-scope", mark);
  request.body_mac = ports_.keys.mac("idempotency-body", mark);
  if (answered) {
    auto lookup = std::make_shared<LookupRecord>(question.lookup);
    lookup->id = ports_.ids.next_case_id(ports_.clock.now());
    lookup->answer = std::move(answer);
    const auto& said = lookup->answer;
    RecordAnswer command{effect.ref,
                         {"", name_of(said.answer_class), said.detail, to_text(lookup->id),
                          said.data_time.value_or(ports_.clock.now()), said.person}};
    request.request = EngineRequest{effect.id, std::move(command), std::move(lookup)};
  } else {
    request.request = EngineRequest{effect.id, RecordFailure{effect.ref, answer.detail}, {}};
  }
  ports_.sequencer.submit(std::move(request), reply_to(effect, answered));
}

Reply EffectWorker::reply_to(const EffectItem& effect, bool answered) {
  return [shared = shared_, effect, answered](const Result<CommandAnswer>& done) {
    const std::lock_guard lock(shared->mutex);
    if (done) (answered ? shared->figures.answered : shared->figures.failures) += 1;
    Shared::Recorded recorded{effect, answered, {}};
    if (!done) recorded.refused = done.error();
    shared->recorded.push_back(std::move(recorded));
    shared->changed.notify_all();
  };
}

}  // namespace motcua::engine

#include "engine/runtime/recalculation.hpp"

#include "engine/runtime/timers.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace motcua::engine {
namespace {

constexpr std::chrono::milliseconds kTick{200};
constexpr std::chrono::seconds kPauseAfterFault{1};
/// Entries of the log looked at in one go.
constexpr std::uint64_t kLogSlice = 2048;
/// So many records of the log are looked at without a trace; then an empty page says how far the worker came.
constexpr std::uint64_t kUnmarkedMost = 1'000'000;

/// Events that leave clock, limit and calendar of a case alone. A type that is not listed is looked at.
constexpr std::array<std::string_view, 14> kIdle{CaseFiled::kType,
                                                 StepAssigned::kType,
                                                 StepClaimed::kType,
                                                 StepReleased::kType,
                                                 StepTaken::kType,
                                                 StepDelegated::kType,
                                                 NoteAdded::kType,
                                                 TimerFired::kType,
                                                 AnswerIgnored::kType,
                                                 LookupUnavailable::kType,
                                                 AgencyConsulted::kType,
                                                 ConsultationAcknowledged::kType,
                                                 ConsultationAnswered::kType,
                                                 ResultReturned::kType};

bool is_idle(std::string_view type) { return std::find(kIdle.begin(), kIdle.end(), type) != kIdle.end(); }

}  // namespace

struct RecalculationWorker::Shared {
  mutable std::mutex mutex{};
  std::condition_variable changed{};
  std::optional<Result<CommandAnswer>> answer{};
  Figures figures{};
  bool woken = true;
  bool stopping = false;
};

struct RecalculationWorker::LogSlice {
  std::uint64_t end = 0;
  bool calendars = false;  ///< a record of some calendar is among them
  std::set<CaseId> moved{};
};

RecalculationWorker::RecalculationWorker(const RecalculationPorts& ports)
    : ports_(ports),
      loader_(ports.store, nullptr, ports.catalogue),
      judge_(ports.catalogue),
      shared_(std::make_shared<Shared>()) {
  thread_ = std::thread([this] { run(); });
}

RecalculationWorker::~RecalculationWorker() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
  }
  shared_->changed.notify_all();
  thread_.join();
}

void RecalculationWorker::wake() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->woken = true;
  }
  shared_->changed.notify_all();
}

void RecalculationWorker::announce() {
  // What cannot be read now is read by the worker, which tries again.
  static_cast<void>(refresh());
  wake();
}

RecalculationWorker::Figures RecalculationWorker::figures() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->figures;
}

bool RecalculationWorker::is_stopping() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->stopping;
}

void RecalculationWorker::run() {
  if (ports_.begin) ports_.begin();
  std::unique_lock lock(shared_->mutex);
  while (!shared_->stopping) {
    lock.unlock();
    const bool done = work();
    waiting_.clear();
    lock.lock();
    const auto pause = done ? std::chrono::milliseconds(kTick) : std::chrono::milliseconds(kPauseAfterFault);
    // Without a calendar of two versions there is nothing to watch.
    const bool idle = done && !ports_.book.has_superseded();
    const auto called = [&] { return shared_->stopping || shared_->woken; };
    if (idle) {
      shared_->changed.wait(lock, called);
    } else {
      shared_->changed.wait_for(lock, pause, called);
    }
  }
}

bool RecalculationWorker::refresh() { return ports_.book.refresh(ports_.store).has_value(); }

bool RecalculationWorker::work() {
  const auto is_woken = [&] {
    const std::lock_guard lock(shared_->mutex);
    return std::exchange(shared_->woken, false);
  }();
  if (is_woken && !refresh()) return false;
  if (!ports_.book.has_superseded()) return true;
  position_ = std::max(position_, ports_.book.followed().value_or(0));
  const auto unfinished = ports_.book.unfinished();
  if (!unfinished.empty()) return pass_over_all(unfinished);
  return follow();
}

/// A case that moves meanwhile is met again in the log.
bool RecalculationWorker::pass_over_all(const std::vector<UnfinishedPass>& unfinished) {
  std::optional<CaseId> after = unfinished.front().scanned;
  for (const auto& [version, scanned] : unfinished) {
    // Published, and not yet in the catalogue: its publisher is about to put it there.
    const auto newest = ports_.catalogue.calendar(version.code);
    if (!newest || newest->hash != version.hash) return false;
    after = std::min(after, scanned);
  }
  if (position_ == 0) position_ = ports_.store.head().position;
  const auto ids = cases_with_a_clock(ports_.store);
  if (!ids) return false;
  auto next = after ? std::upper_bound(ids->begin(), ids->end(), *after) : ids->begin();
  while (next != ids->end()) {
    const auto end = next + std::min<std::ptrdiff_t>(kSlice, ids->end() - next);
    for (; next != end; ++next) judge(*next);
    if ((is_page_full() || next == ids->end()) && !flush_pass(unfinished, *(next - 1))) return false;
    if (is_stopping()) return false;
  }
  for (const auto& [version, scanned] : unfinished) {
    const ProposalsComplete complete{version.hash, ids->size(), position_};
    if (!write(ports_.catalogue.calendar(version.code), kProposalsCompleteType, encode(complete)))
      return false;
  }
  return refresh();
}

/// Every version says how far the pass has come, also one that has moved nothing.
bool RecalculationWorker::flush_pass(const std::vector<UnfinishedPass>& unfinished, const CaseId& scanned) {
  if (waiting_.empty()) return true;
  for (const auto& [version, before] : unfinished) waiting_for(ports_.catalogue.calendar(version.code));
  return flush(position_, scanned);
}

bool RecalculationWorker::read_slice(LogSlice& slice) {
  std::map<StreamId, std::pair<std::uint64_t, std::uint64_t>> touched;
  slice.end = position_;
  const auto scanned = ports_.store.scan_log(position_ + 1, [&](const LogEntry& entry) {
    slice.end = entry.position;
    slice.calendars = slice.calendars || entry.stream.kind == StreamKind::calendar;
    if (entry.stream.kind == StreamKind::case_) {
      const auto [known, is_new] = touched.try_emplace(entry.stream, entry.version, entry.version);
      if (!is_new) known->second.second = entry.version;
    }
    return slice.end - position_ < kLogSlice;
  });
  if (!scanned) return false;
  for (const auto& [stream, versions] : touched) {
    const auto records = ports_.store.read_stream(stream, versions.first, versions.second);
    // What cannot be read is judged, and found to be so.
    const bool is_moved = !records || std::any_of(records->begin(), records->end(),
                                                  [](const Record& record) { return !is_idle(record.type); });
    if (is_moved) slice.moved.insert(case_of(stream));
  }
  return true;
}

bool RecalculationWorker::follow() {
  while (true) {
    LogSlice slice;
    if (!read_slice(slice)) return false;
    if (slice.end == position_) return true;
    if (slice.calendars && !refresh()) return false;
    if (!ports_.book.unfinished().empty()) return wake(), true;
    for (const auto& id : slice.moved) {
      judge(id);
      if (is_page_full() && !flush(position_, std::nullopt)) return false;
    }
    if (!flush(slice.end, std::nullopt)) return false;
    position_ = slice.end;
    {
      const std::lock_guard lock(shared_->mutex);
      shared_->figures.behind = ports_.store.head().position - position_;
    }
    if (is_stopping()) return false;
  }
}

/// A case that cannot be read is not proposed: `motcua audit replay` names it.
bool RecalculationWorker::judge(const CaseId& id) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->figures.judged += 1;
  }
  const auto current = loader_.replay(id);
  if (!current) return false;
  const auto judgement = judge_.judge(*current);
  if (!judgement.newest) return true;
  const auto known = ports_.book.entry(judgement.newest->hash, id);
  if (judgement.moved) {
    const Proposal proposal{id, *judgement.moved, current->received_by, current->competent};
    const bool stands = known && known->state == ProposalState::open && known->proposal == proposal;
    if (!stands) waiting_for(judgement.newest).page.proposals.push_back(proposal);
  } else if (known && known->state == ProposalState::open) {
    waiting_for(judgement.newest).page.settled.push_back({id, judgement.settled});
  }
  return true;
}

RecalculationWorker::Waiting& RecalculationWorker::waiting_for(
    const std::shared_ptr<const WorkingCalendar>& calendar) {
  auto& waiting = waiting_[calendar->hash];
  waiting.calendar = calendar;
  waiting.page.calendar = calendar->hash;
  return waiting;
}

bool RecalculationWorker::is_page_full() const {
  return std::any_of(waiting_.begin(), waiting_.end(), [](const auto& each) {
    return each.second.page.proposals.size() + kSlice > kProposalsPerPage;
  });
}

bool RecalculationWorker::flush(std::uint64_t through, const std::optional<CaseId>& scanned) {
  const auto before = ports_.book.followed().value_or(0);
  if (waiting_.empty() && through > before + kUnmarkedMost) {
    const auto unmarked = ports_.book.lines();
    const auto newest = std::find_if(unmarked.begin(), unmarked.end(),
                                     [](const CalendarLine& line) { return line.newest && line.supersedes; });
    if (auto calendar = ports_.catalogue.calendar_by_hash(newest->publication.published.hash)) {
      waiting_[calendar->hash] = {calendar, {calendar->hash, {}, {}, {}, through}};
    }
  }
  if (waiting_.empty()) return true;
  std::uint64_t proposed = 0;
  for (auto left = waiting_.size(); auto& [hash, waiting] : waiting_) {
    waiting.page.scanned = scanned;
    waiting.page.through = --left == 0 ? through : before;
    proposed += waiting.page.proposals.size();
    if (!write(waiting.calendar, kProposedType, encode(waiting.page))) return false;
  }
  waiting_.clear();
  if (!refresh()) return false;
  const std::lock_guard lock(shared_->mutex);
  shared_->figures.proposed += proposed;
  return true;
}

bool RecalculationWorker::write(const std::shared_ptr<const WorkingCalendar>& calendar, std::string_view type,
                                std::string bytes) {
  CommandRequest request;
  request.asker.sub = ActorId(kEngineActor);
  request.cause = "calendar:" + calendar->code + '@' + std::to_string(calendar->version);
  const auto mark = request.cause + ':' + std::to_string(position_) + ':' + std::to_string(++written_);
  request.scope = ports_.keys.mac("idempotency-scope", mark);
  request.body_mac = ports_.keys.mac("idempotency-body", mark);
  request.request = CalendarNote{calendar, std::string(type), std::move(bytes), true};
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->answer.reset();
  }
  ports_.sequencer.submit(std::move(request), [shared = shared_](Result<CommandAnswer> answer) {
    const std::lock_guard lock(shared->mutex);
    shared->answer = std::move(answer);
    shared->changed.notify_all();
  });
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait(lock, [&] { return shared_->stopping || shared_->answer; });
  if (!shared_->answer) return false;
  const auto answer = *std::exchange(shared_->answer, std::nullopt);
  lock.unlock();
  if (answer) return true;
  // A newer version has come: the next round begins with it.
  if (answer.error().code == RejectionCode::not_allowed) {
    wake();
  } else if (ports_.tell) {
    ports_.tell(id_of({calendar->code, calendar->version, {}}), answer.error(), kPauseAfterFault);
  }
  return false;
}

}  // namespace motcua::engine

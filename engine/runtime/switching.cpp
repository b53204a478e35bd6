#include "engine/runtime/switching.hpp"

#include "engine/runtime/migration_preview.hpp"
#include "engine/runtime/timers.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <variant>

namespace motcua::engine {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick{500};
constexpr std::chrono::seconds kPauseAfterFault{1};
/// Between two rounds of one day. A case that was being received while a version took force is met by the
/// next one.
constexpr std::chrono::seconds kPauseFirst{5};
constexpr std::chrono::seconds kPauseMost{3600};

bool takes_along(const Definition& definition) {
  return definition.published && definition.switches_open_cases;
}

bool holds_on(const Definition& definition, LocalDay day) {
  return definition.effective_from <= day && (!definition.effective_to || day < *definition.effective_to);
}

Instant first_instant_of(const Definition& definition) {
  return instant_at(definition.effective_from, std::chrono::microseconds{0});
}

/// Key and cause: each case is told once of each version.
CommandRequest switch_request(const KeyStore& keys, const CaseId& id, const Definition& target,
                              std::uint64_t seen) {
  CommandRequest request;
  request.asker.sub = ActorId(kEngineActor);
  request.cause = "switch:" + target.code.value + ':' + std::to_string(target.version);
  const auto mark = request.cause + ':' + to_text(id);
  request.scope = keys.mac("idempotency-scope", mark);
  request.body_mac = keys.mac("idempotency-body", mark);
  request.request = EngineRequest{id, SwitchCase{target.version, seen}, {}};
  return request;
}

}  // namespace

SwitchTargets switch_targets(const Catalogue& catalogue, LocalDay day) {
  SwitchTargets targets;
  for (const auto& newest : catalogue.definitions()) {
    for (const auto& version : catalogue.versions(newest->code)) {
      if (takes_along(*version) && holds_on(*version, day)) targets[version->code] = version;
    }
  }
  return targets;
}

std::optional<Instant> next_switch(const Catalogue& catalogue, Instant after) {
  std::optional<Instant> next;
  for (const auto& newest : catalogue.definitions()) {
    for (const auto& version : catalogue.versions(newest->code)) {
      const auto begins = first_instant_of(*version);
      if (takes_along(*version) && begins > after && (!next || begins < *next)) next = begins;
    }
  }
  return next;
}

SwitchStanding switch_standing(const std::vector<HistoryEntry>& history, std::int64_t target) {
  SwitchStanding standing;
  for (const auto& entry : history) {
    standing.seen = entry.record.version;
    if (const auto* moved = std::get_if<CaseMigrated>(&entry.event)) {
      standing.stays = standing.stays || moved->from_version >= target;
    } else if (const auto* refused = std::get_if<SwitchRefused>(&entry.event)) {
      standing.stays = standing.stays || refused->version == target;
    }
  }
  return standing;
}

struct SwitchWorker::Step {
  CaseId id{};
  std::shared_ptr<const Definition> target{};
  std::uint64_t seen = 0;
};

struct SwitchWorker::Shared {
  using Answered = std::pair<Step, Result<CommandAnswer>>;

  mutable std::mutex mutex{};
  std::condition_variable changed{};
  std::vector<Answered> answers{};  ///< to the portion under way
  std::uint64_t asked = 0;          ///< rounds that somebody waits for
  std::uint64_t served = 0;         ///< of them, ended
  bool last_ended = true;           ///< the last round came to its end
  bool woken = false;
  bool stopping = false;
  Figures figures{};
};

SwitchWorker::SwitchWorker(SwitchPorts ports)
    : ports_(std::move(ports)),
      loader_(ports_.store, nullptr, ports_.catalogue),
      shared_(std::make_shared<Shared>()) {
  thread_ = std::thread([this] { run(); });
}

SwitchWorker::~SwitchWorker() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
  }
  shared_->changed.notify_all();
  thread_.join();
}

void SwitchWorker::wake() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->woken = true;
  }
  shared_->changed.notify_all();
}

bool SwitchWorker::settle() {
  std::unique_lock lock(shared_->mutex);
  const auto mine = ++shared_->asked;
  shared_->changed.notify_all();
  shared_->changed.wait(lock, [&] { return shared_->stopping || shared_->served >= mine; });
  return shared_->served >= mine && shared_->last_ended;
}

SwitchWorker::Figures SwitchWorker::figures() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->figures;
}

void SwitchWorker::run() {
  if (ports_.begin) ports_.begin();
  steady_clock::duration pause = kPauseFirst;
  while (true) {
    std::uint64_t asked = 0;
    {
      const std::lock_guard lock(shared_->mutex);
      if (shared_->stopping) return;
      // A new reason begins the growing pauses anew.
      if (std::exchange(shared_->woken, false) || shared_->asked > shared_->served) pause = kPauseFirst;
      asked = shared_->asked;
    }
    const auto before = std::exchange(day_, local_day(ports_.clock.now()));
    if (before != day_) pause = kPauseFirst;
    const bool ended = round();
    report();
    {
      const std::lock_guard lock(shared_->mutex);
      shared_->served = asked;
      shared_->last_ended = ended;
    }
    shared_->changed.notify_all();
    rest(ended ? pause : kPauseAfterFault);
    pause = std::min<steady_clock::duration>(2 * pause, kPauseMost);
  }
}

void SwitchWorker::rest(steady_clock::duration pause) {
  const auto until = steady_clock::now() + pause;
  const auto called = [&] { return shared_->stopping || shared_->woken || shared_->asked > shared_->served; };
  std::unique_lock lock(shared_->mutex);
  while (!called() && steady_clock::now() < until && local_day(ports_.clock.now()) == day_) {
    shared_->changed.wait_for(lock, kTick, called);
  }
}

bool SwitchWorker::round() {
  if (ports_.clock.read().doubt) return false;
  const auto targets = switch_targets(ports_.catalogue, day_);
  if (targets.empty()) return true;
  std::map<CaseId, std::shared_ptr<const Definition>> behind;
  const auto found = cases_in_the_office(ports_.store, [&](const WorklistItem& item) {
    const auto target = targets.find(item.procedure);
    if (target == targets.end() || item.procedure_version >= target->second->version) return false;
    const auto settled = settled_.find(item.id);
    if (settled != settled_.end() && settled->second >= target->second->version) return false;
    behind.emplace(item.id, target->second);
    return true;
  });
  return found && follow({behind.begin(), behind.end()});
}

bool SwitchWorker::follow(const std::vector<std::pair<CaseId, std::shared_ptr<const Definition>>>& cases) {
  for (std::size_t next = 0; next < cases.size();) {
    const auto since = steady_clock::now();
    std::vector<Step> portion;
    for (; next < cases.size() && portion.size() < kPortion; ++next) {
      if (auto step = look_at(cases[next].first, cases[next].second)) portion.push_back(*std::move(step));
    }
    if (!command(portion)) return false;
    std::unique_lock lock(shared_->mutex);
    shared_->figures.behind = cases.size() - next;
    // Requests go first for half as long as this took.
    const auto pause = (steady_clock::now() - since) / 2;
    if (shared_->changed.wait_for(lock, pause, [&] { return shared_->stopping; })) return false;
  }
  return true;
}

/// A case that cannot be read is passed over: `motcua audit replay` names it.
std::optional<SwitchWorker::Step> SwitchWorker::look_at(const CaseId& id,
                                                        const std::shared_ptr<const Definition>& target) {
  const auto history = loader_.history(id, false);
  if (!history) return std::nullopt;
  const auto standing = switch_standing(*history, target->version);
  if (!standing.stays) return Step{id, target, standing.seen};
  settled_[id] = target->version;
  return std::nullopt;
}

bool SwitchWorker::command(const std::vector<Step>& portion) {
  for (const auto& step : portion) {
    ports_.sequencer.submit(switch_request(ports_.keys, step.id, *step.target, step.seen),
                            [shared = shared_, step](Result<CommandAnswer> answer) {
                              const std::lock_guard lock(shared->mutex);
                              shared->answers.emplace_back(step, std::move(answer));
                              shared->changed.notify_all();
                            });
  }
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait(lock, [&] { return shared_->stopping || shared_->answers.size() == portion.size(); });
  if (shared_->answers.size() != portion.size()) return false;
  const auto answers = std::exchange(shared_->answers, {});
  lock.unlock();
  bool goes_on = true;
  for (const auto& [step, answer] : answers) {
    if (!answer) {
      goes_on = goes_on && is_about_one(answer.error());
      // Not allowed: it has moved meanwhile; the next round looks again.
      const bool moved = answer.error().code == RejectionCode::not_allowed;
      if (ports_.tell && !moved) ports_.tell("switch:" + to_text(step.id), answer.error(), kPauseAfterFault);
      continue;
    }
    const bool follows = answer->after->state.pins.procedure_version == step.target->version;
    if (!follows) settled_[step.id] = step.target->version;
    if (answer->repeated) continue;
    auto& done = done_[step.target->code];
    done.version = step.target->version;
    (follows ? done.moved : done.refused) += 1;
  }
  return goes_on;
}

void SwitchWorker::report() {
  for (auto& [code, done] : done_) {
    done.code = code;
    {
      const std::lock_guard lock(shared_->mutex);
      shared_->figures.moved += done.moved;
      shared_->figures.refused += done.refused;
    }
    if (ports_.report) ports_.report(done);
  }
  done_.clear();
}

}  // namespace motcua::engine

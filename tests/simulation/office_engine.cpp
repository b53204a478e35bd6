#include "tests/simulation/office_engine.hpp"

#include "engine/core/ensure.hpp"
#include "tests/simulation/requests.hpp"

#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

namespace motcua::simulation {
namespace {

using engine::Instant;

constexpr std::chrono::seconds kPatience{120};
constexpr std::size_t kAskedAtOnce = engine::EffectWorker::kAskedAtOnce;

/// Looks again and again until `done` holds.
template <class Done>
void wait_until(const char* what, Done done) {
  const auto start = std::chrono::steady_clock::now();
  for (int round = 0; !done(); ++round) {
    if (round < 200) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds{round < 2000 ? 20 : 500});
    }
    if (std::chrono::steady_clock::now() - start > kPatience) {
      throw std::runtime_error(std::string("waited in vain: ") + what);
    }
  }
}

/// Answers as they arrive, from any thread.
struct Inbox {
  explicit Inbox(std::size_t count) : answers(count) {}
  std::mutex mutex{};
  std::vector<std::optional<Answer>> answers;
  std::size_t arrived = 0;

  [[nodiscard]] bool has(std::size_t index) {
    const std::lock_guard lock(mutex);
    return answers[index].has_value();
  }
  [[nodiscard]] bool is_full() {
    const std::lock_guard lock(mutex);
    return arrived == answers.size();
  }
};

storage::SecretKey fixed_master() {
  storage::SecretKey key;
  key.bytes().fill(0x5A);
  return key;
}

void number_into(engine::Id128& bytes, std::uint64_t number) {
  for (std::size_t i = 0; i < 8; ++i) bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i) & 0xFFU);
}

}  // namespace

engine::CaseId NumberedIds::next_case_id(Instant at) {
  engine::CaseId id;
  const auto millis = static_cast<std::uint64_t>(engine::to_micros(at) / 1000);
  for (std::size_t i = 0; i < 6; ++i) id.bytes[5 - i] = static_cast<std::uint8_t>(millis >> (8 * i) & 0xFFU);
  number_into(id.bytes, ++cases_);
  id.bytes[6] = kind_;
  return id;
}

engine::Id128 NumberedIds::next_command_id() {
  engine::Id128 id{};
  number_into(id, ++commands_);
  id[0] = kind_;
  return id;
}

std::string effect_name(const std::string& case_id, std::uint64_t version, std::uint32_t ordinal) {
  return "effect:" + case_id + ':' + std::to_string(version) + ':' + std::to_string(ordinal);
}

OfficeEngine::OfficeEngine(const OfficeRules& rules, Instant start_at)
    : rules_(rules),
      catalogue_(&rules.catalogue),
      clock_(start_at),
      store_(std::make_unique<FaultyStore>(std::make_unique<storage::MemoryEventStore>())) {
  ENSURE(engine::publish(*store_, rules_.files, clock_.read()).has_value());
  start();
}

OfficeEngine::~OfficeEngine() { stop(); }

void OfficeEngine::start() {
  keys_ = std::make_unique<storage::FileKeyStore>(*store_, fixed_master());
  engine::SequencerHooks hooks;
  hooks.post = [](const std::function<void()>& task) { task(); };
  sequencer_ = std::make_unique<engine::Sequencer>(
      engine::RuntimePorts{*store_, *keys_, *catalogue_, clock_, ids_}, hooks);
  worker_ = std::make_unique<engine::EffectWorker>(
      engine::EffectPorts{*store_, *keys_, *catalogue_, clock_, effect_ids_, &registry_, *sequencer_});
}

void OfficeEngine::stop() {
  worker_.reset();
  sequencer_.reset();
}

void OfficeEngine::restart(bool reread_rules) {
  stop();
  registry_.shut_down();
  auto reopened = store_->reopen();
  keys_.reset();
  store_ = std::move(reopened);
  if (reread_rules) {
    auto catalogue = std::make_unique<workflows::LoadedCatalogue>();
    const auto files = engine::published_files(*store_);
    ENSURE(files.has_value());
    for (const auto& file : *files) {
      const auto kind = file.kind == engine::StreamKind::calendar       ? workflows::FileKind::calendar
                        : file.kind == engine::StreamKind::organisation ? workflows::FileKind::organisation
                                                                        : workflows::FileKind::procedure;
      static_cast<void>(catalogue->add_published(kind, file.bytes));
    }
    catalogue_ = catalogue.get();
    reread_ = std::move(catalogue);
  }
  start();
}

engine::CommandRequest OfficeEngine::request_of(const model::Command& command) const {
  engine::CommandRequest request;
  request.asker = identity_of(command.actor);
  request.request = inner_request(command);
  if (std::holds_alternative<engine::EngineRequest>(request.request)) {
    request.cause = command.key;
    request.scope = keys_->mac("idempotency-scope", command.key);
    request.body_mac = keys_->mac("idempotency-body", command.key);
    return request;
  }
  request.scope =
      keys_->mac("idempotency", command.actor.agency + '\n' + command.actor.sub + '\n' + command.key);
  request.body_mac = keys_->mac("body", command.body());
  return request;
}

GroupResult OfficeEngine::run(const std::vector<model::Command>& group, const GroupPlan& plan) {
  auto inbox = std::make_shared<Inbox>(group.size());
  const auto submit = [&](std::size_t index) {
    sequencer_->submit(request_of(group[index]), [inbox, index](Answer answer) {
      const std::lock_guard lock(inbox->mutex);
      inbox->answers[index] = std::move(answer);
      inbox->arrived += 1;
    });
  };
  GroupResult result;
  result.early.assign(group.size(), false);
  if (plan.hold_first) store_->hold_next_append();
  if (plan.fail_append > 0) store_->fail_append(plan.fail_append, plan.how);
  submit(0);
  if (plan.hold_first) {
    wait_until("the first answer", [&] { return store_->is_holding() || inbox->has(0); });
    result.held = store_->is_holding();
    // Without a held append it would be chance what a fault meets: then there is none.
    if (!result.held) store_->fail_append(0, plan.how);
    if (result.held && plan.lose_epoch) store_->lose_epoch();
  }
  for (std::size_t i = 1; i < group.size(); ++i) submit(i);
  if (result.held) {
    wait_until("the decisions", [&] { return sequencer_->figures().queued == 0; });
    for (std::size_t i = 0; i < group.size(); ++i) result.early[i] = inbox->has(i);
  }
  store_->release();
  wait_until("the answers", [&] { return inbox->is_full(); });
  store_->fail_append(0, plan.how);
  for (auto& answer : inbox->answers) result.answers.push_back(*std::move(answer));
  return result;
}

bool OfficeEngine::hop(Instant to) {
  engine::TimerSweeper sweeper(*store_, *keys_, clock_, *sequencer_, &clock_.base(), {});
  std::atomic<int> outcome{-1};
  sweeper.hop(to, [&](bool done) { outcome = done ? 1 : 0; });
  wait_until("the hop", [&] { return outcome.load() >= 0; });
  return outcome.load() == 1;
}

void OfficeEngine::let_worker_ask(const std::vector<std::string>& open) {
  int round = 0;
  wait_until("the worker to ask", [&] {
    const auto waiting = registry_.waiting();
    if (waiting.size() >= kAskedAtOnce) return true;
    const std::set<std::string> asked(waiting.begin(), waiting.end());
    for (const auto& name : open) {
      if (asked.contains(name)) continue;
      if (round++ % 100 == 0) registry_.announce();
      return false;
    }
    return true;
  });
}

void OfficeEngine::wait_for_log(std::uint64_t position) {
  wait_until("the log", [&] { return store_->head().position >= position; });
}

}  // namespace motcua::simulation

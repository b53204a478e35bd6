#include "tests/support/harness.hpp"

#include "engine/core/ensure.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

namespace motcua::engine {
namespace {

void number_into(Id128& bytes, std::uint64_t number) {
  for (std::size_t i = 0; i < 8; ++i) bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i) & 0xFFU);
}

}  // namespace

CaseId SequentialIds::next_case_id(Instant at) {
  CaseId id;
  const auto millis = static_cast<std::uint64_t>(to_micros(at) / 1000);
  for (std::size_t i = 0; i < 6; ++i) id.bytes[5 - i] = static_cast<std::uint8_t>(millis >> (8 * i) & 0xFFU);
  number_into(id.bytes, ++cases_);
  id.bytes[6] = 0x70;
  return id;
}

Id128 SequentialIds::next_command_id() {
  Id128 id{};
  number_into(id, ++commands_);
  return id;
}

Harness::Harness(SequencerLimits limits, Rules rules, const std::vector<Definition>& newer)
    : limits_(limits),
      catalogue_(std::move(rules), newer),
      store_(std::make_unique<storage::MemoryEventStore>()) {
  auto master = storage::SecretKey::random();
  ENSURE(master.has_value());
  master_ = *master;
  start();
}

Harness::~Harness() { stop(); }

void Harness::start() {
  keys_ = std::make_unique<storage::FileKeyStore>(*store_, master_);
  SequencerHooks hooks;
  hooks.post = [](const std::function<void()>& task) { task(); };
  hooks.committed = [this](const LogHead&) { commits_ += 1; };
  hooks.recorded = [this](std::vector<Record> records) {
    const std::lock_guard lock(mutex_);
    if (follower_) follower_(std::move(records));
  };
  hooks.fatal = [this](const Fault& fault) {
    const std::lock_guard lock(mutex_);
    fatals_.push_back({fault.what, answers_});
  };
  sequencer_ = std::make_unique<Sequencer>(RuntimePorts{*store_, *keys_, catalogue_, clock_, ids_, &disk_},
                                           hooks, limits_);
}

void Harness::restart() {
  stop();
  auto reopened = store_->reopen();
  keys_.reset();
  store_ = std::move(reopened);
  start();
}

CommandRequest Harness::filing(const Identity& by, const FileCase& filing, const std::string& key) {
  CommandRequest request;
  request.asker = by;
  const auto used = key.empty() ? "fresh-" + std::to_string(++keys_used_) : key;
  request.scope = keys_->mac("idempotency", by.agency.value + '\n' + by.sub.value + '\n' + used);
  request.body_mac = keys_->mac("body", "file\n" + filing.channel + '\n' + filing.data.dump());
  request.request = FilingRequest{filing};
  return request;
}

CommandRequest Harness::command(const Identity& by, const CaseId& id, const CommandBody& body,
                                std::optional<std::uint64_t> expected_version, const std::string& key) {
  CommandRequest request;
  request.asker = by;
  const auto used = key.empty() ? "fresh-" + std::to_string(++keys_used_) : key;
  request.scope = keys_->mac("idempotency", by.agency.value + '\n' + by.sub.value + '\n' + used);
  const auto version = expected_version ? std::to_string(*expected_version) : "none";
  request.body_mac =
      keys_->mac("body", to_text(id) + '\n' + std::string(engine::name_of(body)) + '\n' + version);
  request.request = CaseRequest{id, body, CaseCommand{body, std::nullopt}, expected_version};
  return request;
}

std::future<Answer> Harness::submit(CommandRequest request, const std::string& label) {
  auto promise = std::make_shared<std::promise<Answer>>();
  auto future = promise->get_future();
  sequencer_->submit(std::move(request), [this, promise, label](Answer answer) {
    {
      const std::lock_guard lock(mutex_);
      answers_ += 1;
      if (!label.empty()) arrivals_.push_back(label);
    }
    promise->set_value(std::move(answer));
  });
  return future;
}

Answer Harness::run(CommandRequest request) {
  auto future = submit(std::move(request));
  return wait_for(future);
}

CaseHandle Harness::file(const FileCase& filed) {
  const auto answer = run(filing(desk_officer(), filed));
  if (answer) return answer->after;
  ADD_FAILURE() << "the filing was refused: " << answer.error().detail;
  return std::make_shared<LoadedCase>();
}

CaseHandle Harness::must(const Identity& by, const CaseHandle& current, const CommandBody& body) {
  const auto answer = run(command(by, current->state.id, body, current->state.version));
  if (answer) return answer->after;
  ADD_FAILURE() << engine::name_of(body) << " was refused: " << answer.error().detail;
  return current;
}

std::vector<std::string> Harness::arrivals() const {
  const std::lock_guard lock(mutex_);
  return arrivals_;
}

std::vector<Harness::Fatal> Harness::fatals() const {
  const std::lock_guard lock(mutex_);
  return fatals_;
}

std::vector<Record> Harness::log() const {
  std::vector<LogEntry> entries;
  const auto scanned = store_->scan_log(1, [&](const LogEntry& entry) {
    entries.push_back(entry);
    return true;
  });
  ENSURE(scanned.has_value());
  std::vector<Record> records;
  for (const auto& entry : entries) {
    const auto record = store_->read_stream(entry.stream, entry.version, entry.version);
    ENSURE(record.has_value() && record->size() == 1);
    records.push_back(record->front());
  }
  return records;
}

Answer wait_for(std::future<Answer>& future) {
  if (future.wait_for(std::chrono::seconds{10}) != std::future_status::ready) {
    ADD_FAILURE() << "no answer within ten seconds";
    return Rejection{RejectionCode::overloaded, "no answer"};
  }
  return future.get();
}

bool has_arrived(std::future<Answer>& future) {
  return future.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
}

}  // namespace motcua::engine

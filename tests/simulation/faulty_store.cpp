#include "tests/simulation/faulty_store.hpp"

#include "engine/core/ensure.hpp"

namespace motcua::simulation {

using engine::Fault;
using engine::FaultOr;

void FaultyStore::hold_next_append() {
  const std::lock_guard lock(mutex_);
  hold_next_ = true;
}

bool FaultyStore::is_holding() const {
  const std::lock_guard lock(mutex_);
  return holding_;
}

void FaultyStore::release() {
  const std::lock_guard lock(mutex_);
  hold_next_ = holding_ = false;
  gate_.notify_all();
}

void FaultyStore::fail_append(int number, storage::AppendFailure how) {
  const std::lock_guard lock(mutex_);
  fail_in_ = number;
  how_ = how;
}

void FaultyStore::lose_epoch() { ENSURE(base_->take_epoch().has_value()); }

FaultOr<void> FaultyStore::append(const engine::AppendBatch& batch) {
  {
    std::unique_lock lock(mutex_);
    if (hold_next_) {
      hold_next_ = false;
      holding_ = true;
      gate_.wait(lock, [this] { return !holding_; });
    }
    if (fail_in_ > 0 && --fail_in_ == 0) base_->fail_next_append(how_);
  }
  return base_->append(batch);
}

FaultOr<std::vector<engine::Record>> FaultyStore::read_stream(const engine::StreamId& stream,
                                                              std::uint64_t from, std::uint64_t to) const {
  if (std::this_thread::get_id() == sequencer_.load() && refuse_case_.exchange(false)) {
    return Fault{"the read was refused on request"};
  }
  return base_->read_stream(stream, from, to);
}

FaultOr<std::optional<engine::IdempotencyRecord>> FaultyStore::find_idempotency(
    const engine::Digest& scope) const {
  sequencer_ = std::this_thread::get_id();
  if (refuse_key_.exchange(false)) return Fault{"the look for a key was refused on request"};
  return base_->find_idempotency(scope);
}

}  // namespace motcua::simulation

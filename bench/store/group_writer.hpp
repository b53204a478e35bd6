/// Commands through the engine's own decider, in groups: one group is decided while the one before is
/// written.
#pragma once

#include "engine/runtime/decider.hpp"

#include <future>
#include <memory>

namespace motcua::bench {

/// Another thread than the caller's only writes and syncs.
class GroupWriter {
 public:
  explicit GroupWriter(const engine::RuntimePorts& ports);
  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  /// Decides at once and answers the case after the command; durable after `finish`. Throws
  /// std::runtime_error if the engine refuses.
  engine::CaseHandle decide(const engine::Identity& asker, engine::CommandRequest request);
  /// Waits until everything decided is on disk.
  void finish();

 private:
  void hand_over();
  void wait_for_write();

  engine::RuntimePorts ports_;
  engine::Decider decider_;
  std::unique_ptr<engine::Group> deciding_ = std::make_unique<engine::Group>();
  std::unique_ptr<engine::Group> in_flight_{};
  std::future<engine::FaultOr<void>> written_{};
};

}  // namespace motcua::bench

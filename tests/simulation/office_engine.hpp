/// The engine under test: sequencer, sweeper and effect worker over a store in memory, driven so that each
/// step is settled before the next. Threads run, but what comes of a step does not hang on them.
#pragma once

#include "engine/runtime/effects.hpp"
#include "engine/runtime/sequencer.hpp"
#include "engine/runtime/timers.hpp"
#include "storage/keys/file_key_store.hpp"
#include "tests/simulation/faulty_store.hpp"
#include "tests/simulation/model/command.hpp"
#include "tests/simulation/office_rules.hpp"
#include "tests/simulation/register_double.hpp"
#include "tests/simulation/simulated_clock.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace motcua::simulation {

using Answer = engine::Result<engine::CommandAnswer>;

/// What is to go wrong while a group of commands is decided and written.
struct GroupPlan {
  bool hold_first = false;  ///< the first command's append waits until all others are decided
  int fail_append = 0;      ///< which append of the group fails; 0: none
  storage::AppendFailure how = storage::AppendFailure::before_write;
  bool lose_epoch = false;
};

struct GroupResult {
  std::vector<Answer> answers{};
  std::vector<bool> early{};  ///< answered while the append of the first was held
  bool held = false;
};

/// Identifiers 1, 2, 3, ... of one kind, the same in every run.
class NumberedIds final : public engine::IdSource {
 public:
  explicit NumberedIds(std::uint8_t kind) : kind_(kind) {}
  [[nodiscard]] engine::CaseId next_case_id(engine::Instant at) override;
  [[nodiscard]] engine::Id128 next_command_id() override;

 private:
  std::uint8_t kind_;
  std::uint64_t cases_ = 0;
  std::uint64_t commands_ = 0;
};

class OfficeEngine {
 public:
  OfficeEngine(const OfficeRules& rules, engine::Instant start);
  ~OfficeEngine();
  OfficeEngine(const OfficeEngine&) = delete;
  OfficeEngine& operator=(const OfficeEngine&) = delete;

  /// Submits all at once and waits for every answer.
  [[nodiscard]] GroupResult run(const std::vector<model::Command>& group, const GroupPlan& plan = {});
  /// Moves time to `to`; each timer fires at its own instant. False if the engine refused.
  [[nodiscard]] bool hop(engine::Instant to);
  /// Fires what is due now.
  [[nodiscard]] bool sweep() { return hop(clock_.base().now()); }
  /// Waits until the register has been asked every question of `open`, as far as it takes more.
  void let_worker_ask(const std::vector<std::string>& open);
  /// Waits until the log ends at `position`.
  void wait_for_log(std::uint64_t position);
  /// The process ends here, and another starts over what the store holds; it reads the rules from there.
  void restart(bool reread_rules);

  [[nodiscard]] FaultyStore& store() { return *store_; }
  [[nodiscard]] SimulatedClock& clock() { return clock_; }
  [[nodiscard]] RegisterDouble& registry() { return registry_; }
  [[nodiscard]] engine::CaseLoader loader() const { return {*store_, keys_.get(), *catalogue_}; }
  [[nodiscard]] const engine::Catalogue& catalogue() const { return *catalogue_; }

 private:
  void start();
  void stop();
  [[nodiscard]] engine::CommandRequest request_of(const model::Command& command) const;

  const OfficeRules& rules_;
  std::unique_ptr<engine::Catalogue> reread_{};
  const engine::Catalogue* catalogue_;
  SimulatedClock clock_;
  NumberedIds ids_{0x70};
  NumberedIds effect_ids_{0x71};
  RegisterDouble registry_{};
  std::unique_ptr<FaultyStore> store_;
  std::unique_ptr<storage::FileKeyStore> keys_{};
  std::unique_ptr<engine::Sequencer> sequencer_{};
  std::unique_ptr<engine::EffectWorker> worker_{};
};

/// What the engine itself would say of an effect.
[[nodiscard]] std::string effect_name(const std::string& case_id, std::uint64_t version,
                                      std::uint32_t ordinal);

}  // namespace motcua::simulation

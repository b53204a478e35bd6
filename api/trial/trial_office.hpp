/// An office for trial (chạy thử): the real sequencer and timers over a store, with a clock that stands still
/// until it is moved. One thread commands.
#pragma once

#include "engine/runtime/clocks.hpp"
#include "engine/runtime/sequencer.hpp"
#include "engine/runtime/timers.hpp"
#include "workflows/loader/loaded_catalogue.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace motcua::api {

/// Identifiers 1, 2, 3, ...: a trial is the same each time.
class NumberedIds final : public engine::IdSource {
 public:
  [[nodiscard]] engine::CaseId next_case_id(engine::Instant at) override;
  [[nodiscard]] engine::Id128 next_command_id() override;

 private:
  std::uint64_t cases_ = 0;
  std::uint64_t commands_ = 0;
};

class TrialOffice {
 public:
  /// All must outlive the office; the store is empty or holds publications only. Throws std::runtime_error if
  /// no organisation file knows the agency, or the store cannot be used.
  TrialOffice(engine::EventStore& store, engine::KeyStore& keys, const workflows::LoadedCatalogue& catalogue,
              engine::AgencyId agency, engine::Instant start);
  TrialOffice(const TrialOffice&) = delete;
  TrialOffice& operator=(const TrialOffice&) = delete;
  ~TrialOffice();

  [[nodiscard]] engine::Instant now() const { return clock_.now(); }
  /// Moves the clock; every timer that comes due meanwhile fires at its own instant.
  void advance_to(engine::Instant to);

  /// Officer `number` with that role; nobody that an organisation file names.
  [[nodiscard]] engine::Identity officer(const std::string& role, std::size_t number) const;
  [[nodiscard]] engine::Result<engine::CaseHandle> file(const engine::Identity& by,
                                                        const engine::FileCase& filing);
  [[nodiscard]] engine::Result<engine::CaseHandle> command(const engine::Identity& by,
                                                           const engine::LoadedCase& current,
                                                           const engine::CaseCommand& command);
  /// Answers every open question: the population register agrees with what was typed, what must
  /// come first is found, and a linked case comes to be, in name only: it is another procedure's.
  [[nodiscard]] engine::CaseHandle answer_questions(const engine::CaseHandle& current);
  /// A linked case ends: `ended_as` is its stage.
  [[nodiscard]] engine::Result<engine::CaseHandle> end_linked(const engine::CaseHandle& current,
                                                              const engine::LinkedCase& linked,
                                                              const std::string& ended_as);

  [[nodiscard]] engine::CaseHandle load(const engine::CaseId& id) const;
  [[nodiscard]] std::vector<engine::HistoryEntry> history(const engine::CaseId& id) const;
  /// The calendar by which the agency counts.
  [[nodiscard]] const engine::WorkingCalendar& calendar() const { return *calendar_; }

 private:
  [[nodiscard]] engine::Result<engine::CaseHandle> run(engine::CommandRequest request);
  [[nodiscard]] engine::Result<engine::CaseHandle> run_engine(const engine::CaseHandle& current,
                                                              engine::EngineCommand command,
                                                              const std::string& cause);
  /// What is recorded about an open effect; none: it stays open.
  [[nodiscard]] std::optional<engine::EngineCommand> answer_to(const engine::CaseHandle& current,
                                                               const engine::OpenEffect& effect);

  engine::EventStore& store_;
  const workflows::LoadedCatalogue& catalogue_;
  engine::AgencyId agency_;
  std::shared_ptr<const engine::WorkingCalendar> calendar_{};
  engine::VirtualClock clock_;
  engine::KeyStore& keys_;
  NumberedIds ids_{};
  std::uint64_t requests_ = 0;
  std::uint64_t linked_ = 0;
  std::unique_ptr<engine::Sequencer> sequencer_{};
  std::unique_ptr<engine::TimerSweeper> timers_{};
};

}  // namespace motcua::api

/// Which open cases a newer version of their calendar moves: the one rule that the worker and `motcua
/// calendar check` share.
#pragma once

#include "engine/cases/recalculation.hpp"
#include "engine/ports/catalogue.hpp"
#include "engine/ports/event_store.hpp"
#include "engine/runtime/proposal_records.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace motcua::engine {

/// What the newest version of its calendar says about a case.
struct Judgement {
  std::shared_ptr<const WorkingCalendar> newest{};  ///< null: the catalogue does not know the case's calendar
  std::optional<Recalculation> moved{};             ///< what is to be proposed
  ProposalState settled = ProposalState::stale;     ///< else: what has become of an earlier proposal
};

/// One thread at a time. Reads no sealed value.
class CalendarJudge {
 public:
  explicit CalendarJudge(const Catalogue& catalogue) : catalogue_(catalogue) {}

  [[nodiscard]] Judgement judge(const Case& current);

 private:
  /// From the version that is pinned to the newest; null if the catalogue does not know it.
  [[nodiscard]] const CalendarChange* change_from(const Digest& pinned);

  const Catalogue& catalogue_;
  std::map<Digest, CalendarChange> changes_{};  ///< by the version before
};

/// Open cases whose clock runs or is paused, as the worklists have them; ascending, each once. A case that
/// moves while it is asked may be missed.
[[nodiscard]] FaultOr<std::vector<CaseId>> cases_with_a_clock(const EventStore& store);

/// How many open cases the newest versions of a catalogue move, by move.
struct MoveCounts {
  std::uint64_t cases = 0;  ///< looked at
  std::map<DueMove, std::uint64_t> moved{};
  std::uint64_t unreadable = 0;
};
[[nodiscard]] FaultOr<MoveCounts> count_moves(const EventStore& store, const Catalogue& catalogue);

}  // namespace motcua::engine

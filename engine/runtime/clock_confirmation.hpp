/// Confirmation of the clock (xác nhận đồng hồ máy chủ): an administrator takes wall time for right although
/// the engine doubts it. An event of the stream `system/main`.
#pragma once

#include "engine/core/result.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/event_store.hpp"

#include <memory>
#include <string>

namespace motcua::engine {

inline constexpr const char* kClockConfirmedType = "clock.confirmed";
/// Where the engine records what concerns itself.
[[nodiscard]] StreamId system_stream();

struct ClockConfirmation {
  ClockReading reading{};  ///< what was doubted, and is believed from here on
  ActorId confirmed_by{};
  Instant recorded_at{};
  friend bool operator==(const ClockConfirmation&, const ClockConfirmation&) = default;
};
using ConfirmationHandle = std::shared_ptr<const ClockConfirmation>;

/// The public bytes of a confirmation's record.
[[nodiscard]] std::string public_text(const ClockConfirmation& confirmation);
/// Reads a record of the system's stream. Fault: it is no confirmation, or malformed.
[[nodiscard]] FaultOr<ConfirmationHandle> read_confirmation(const Record& record);
/// The confirmation that is version `version` of the system's stream.
[[nodiscard]] FaultOr<ConfirmationHandle> read_confirmation(const EventStore& store, std::uint64_t version);

/// Wall time that the end of the log vouches for: recorded_at of the last record, or, as long as records are
/// held at that instant because an administrator confirmed an earlier wall time, that wall time.
[[nodiscard]] FaultOr<Instant> last_trusted_wall(const EventStore& store);

/// Codes of the log and of the contract: `jumped`, `before_last_record`, `long_after_record`.
[[nodiscard]] const char* name_of(ClockFault fault);
/// Wall time less expected time, in whole seconds. The reading is in doubt.
[[nodiscard]] std::int64_t deviation_seconds(const ClockReading& reading);
/// What a write gets while the reading is in doubt: both times, and what ends it.
[[nodiscard]] Rejection clock_suspect(const ClockReading& reading);

}  // namespace motcua::engine

/// The legal clock of a case (đồng hồ thời hạn giải quyết): whether the agency's time is running. A machine
/// of its own, orthogonal to the stage.
#pragma once

#include <optional>
#include <string_view>

namespace motcua::engine {

enum class ClockState { not_started, running, paused, ended };
enum class ClockChange { none, start, pause, resume, end };

/// State after `change`; nullopt where the law has no such change (a clock that never started cannot pause;
/// an ended one does nothing more). `none` keeps every state; `end` is allowed from not_started (withdrawn
/// before reception).
[[nodiscard]] std::optional<ClockState> after(ClockState state, ClockChange change);

[[nodiscard]] std::string_view name_of(ClockState state);
[[nodiscard]] std::string_view name_of(ClockChange change);
[[nodiscard]] std::optional<ClockState> clock_state_from(std::string_view name);
[[nodiscard]] std::optional<ClockChange> clock_change_from(std::string_view name);

}  // namespace motcua::engine

/// Days, times and lengths as they are read aloud in Vietnamese and English.
#pragma once

#include "engine/core/time.hpp"
#include "engine/deadline/limit.hpp"

#include <cstdint>
#include <string>

namespace motcua::engine {

enum class Language { vietnamese, english };

/// `thứ Sáu 13/02/2026`, `Friday 13 February 2026`.
[[nodiscard]] std::string day_text(LocalDay day, Language language);
/// `16:00`; seconds only where they are not zero.
[[nodiscard]] std::string clock_text(Instant at);
/// `16:00 thứ Sáu 13/02/2026`, `16:00 on Friday 13 February 2026`. Midnight at the end of a day is 24:00 of
/// that day if `closing`.
[[nodiscard]] std::string moment_text(Instant at, Language language, bool closing = false);
/// `7 giờ 30 phút`, `7 hours 30 minutes`; `0 phút` for nothing.
[[nodiscard]] std::string length_text(std::int64_t seconds, Language language);
/// `8 ngày làm việc`, `8 working days`; an amount of the unit of a limit.
[[nodiscard]] std::string amount_text(std::int64_t count, LimitUnit unit, Language language);

}  // namespace motcua::engine

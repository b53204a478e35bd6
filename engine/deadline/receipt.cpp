#include "engine/deadline/receipt.hpp"

#include "engine/deadline/counting.hpp"

namespace motcua::engine {

Receipt receipt_of(const Limit& limit, const WorkingCalendar& reception, Instant received_at) {
  const Instant opened_at = opening_at_or_after(reception, received_at, Hours::reception);
  Receipt receipt{received_at, opened_at, opened_at};
  if (limit.cutoff && opened_at != no_opening() && time_of_day(opened_at) > *limit.cutoff) {
    const auto tomorrow = local_day(opened_at) + std::chrono::days{1};
    receipt.counts_from =
        opening_at_or_after(reception, instant_at(tomorrow, std::chrono::microseconds{0}), Hours::reception);
  }
  return receipt;
}

}  // namespace motcua::engine

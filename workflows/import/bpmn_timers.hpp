/// Timers of BPMN in the units that timers of states have.
#pragma once

#include "workflows/import/bpmn_model.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace motcua::workflows {

/// How long a timer waits, or why nothing here says it.
struct BpmnWait {
  std::int64_t amount = 0;      ///< of `unit`, at most 10,000; 0: no timer of a state says the same
  std::string unit{};           ///< working_hour | calendar_day | month
  std::int64_t at_least_s = 0;  ///< elapsed seconds; a month has 28 days at least
  std::string words{};          ///< how the unit is counted here, or why there is none
};

/// Durations of ISO 8601 are elapsed time. Whole days of 24 hours become days of the calendar, months stay
/// months, and hours that fit into a working day working hours. Instants, repetitions, expressions, parts of
/// an hour, hours beyond a working day, months with days, and durations of nothing become none of them.
[[nodiscard]] BpmnWait wait_of(const BpmnNode& timer);

/// Boundary timers of the task `node`.
[[nodiscard]] std::vector<std::size_t> timers_on(const BpmnProcess& process, const BpmnNode& node);

/// The one of `timers` that comes first, among those that can be waited for.
[[nodiscard]] std::optional<std::size_t> first_to_come(const BpmnProcess& process,
                                                       const std::vector<std::size_t>& timers);

}  // namespace motcua::workflows

/// What callers see of cases, their history and their deadlines. The one place where personal values are
/// masked.
#pragma once

#include "engine/deadline/derivation.hpp"
#include "engine/runtime/case_loader.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace motcua::api {

/// One event. Personal values only if the entry holds them opened.
[[nodiscard]] nlohmann::json event_json(const engine::HistoryEntry& entry);

/// `{promises, legal_due, due_at, remaining, clock, ledger[], derivation[],
/// sentences{vi[], en[]}, provisional}`.
[[nodiscard]] nlohmann::json deadline_json(const engine::LoadedCase& current);

/// Intervals of a derivation.
[[nodiscard]] nlohmann::json intervals_json(const std::vector<engine::DerivationInterval>& intervals);

/// `{fields[{pointer, label, state, source, class, data_time}], totals}`: who gave each leaf of the form.
/// Never a value. No fields and null totals where the definition is gone.
[[nodiscard]] nlohmann::json once_only_json(const engine::LoadedCase& current);

/// One line of a worklist. `name` of the procedure and `time_left` (working seconds) are null where unknown.
[[nodiscard]] nlohmann::json worklist_item_json(const engine::WorklistItem& item, const nlohmann::json& name,
                                                const nlohmann::json& time_left);

/// A line of the search answer.
[[nodiscard]] nlohmann::json case_line_json(const engine::LoadedCase& current);

/// Masks: all but the last three characters of a number; initials of a name; everything else `***`.
[[nodiscard]] nlohmann::json masked_applicant(const nlohmann::json& applicant);
[[nodiscard]] nlohmann::json masked_values(const nlohmann::json& data);

}  // namespace motcua::api

/// Rows (bảng hiển thị) of a case: a pure function of its state, so that views are never behind and a rebuild
/// gives the same bytes. Rows hold codes and instants, never a personal value.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/ports/event_store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// First byte of a row's key. The numbers are stored (storage/FORMAT.md).
enum class RowTable : std::uint8_t { worklist = 1, timer = 2, case_code = 3, counter = 4, effect = 5 };

/// Queues of the office (hàng việc).
enum class Queue : std::uint8_t { reception = 1, processing = 2, signing = 3, return_ = 4 };
/// Where the time limit of a waiting case stands.
enum class Bucket : std::uint8_t { running = 1, paused = 2, no_limit = 3 };

[[nodiscard]] std::string_view name_of(Queue queue);
[[nodiscard]] std::string_view name_of(Bucket bucket);
[[nodiscard]] std::optional<Queue> queue_from(std::string_view name);
[[nodiscard]] std::optional<Bucket> bucket_from(std::string_view name);

/// A row, and the counter that it is counted in (empty: none).
struct CaseRow {
  Row row{};
  std::string counter_key{};
  friend auto operator<=>(const CaseRow&, const CaseRow&) = default;
};

/// Rows of a case, ascending by key. Steps whose role is signatory wait in `signing`, all others in
/// `processing`.
[[nodiscard]] std::vector<CaseRow> rows(const Case& current);

/// Difference that takes the view from `before` to `after` (both ascending); counter changes are added to
/// `counters`.
[[nodiscard]] std::vector<RowChange> difference(const std::vector<CaseRow>& before,
                                                const std::vector<CaseRow>& after,
                                                std::map<std::string, std::int64_t>& counters);

/// Key prefix of an agency's queue, or of one bucket of it.
[[nodiscard]] std::string worklist_prefix(const AgencyId& agency, Queue queue);
[[nodiscard]] std::string worklist_prefix(const AgencyId& agency, Queue queue, Bucket bucket);
/// Key prefix of an agency's counters; the rest of the key is queue byte and stage name.
[[nodiscard]] std::string counter_prefix(const AgencyId& agency);
[[nodiscard]] std::string encode_counter(std::int64_t count);
[[nodiscard]] std::int64_t decode_counter(std::string_view value);

/// What a worklist row says.
struct WorklistItem {
  Queue queue{};
  Bucket bucket{};
  CaseId id{};
  std::string code{};
  ProcedureCode procedure{};
  std::int64_t procedure_version = 0;
  std::uint64_t version = 0;
  std::string stage{};
  std::string step{};      ///< empty outside steps
  std::string assignee{};  ///< empty if nobody holds the step
  Instant filed_at{};
  std::optional<Instant> due_at{};
  std::optional<std::int64_t> remaining{};  ///< working seconds, while paused
  std::vector<std::string> flags{};
};
/// Reads a worklist row; nullopt if it is none.
[[nodiscard]] std::optional<WorklistItem> read_worklist_row(const Row& row);

/// A timer of a case, as its row says.
struct TimerItem {
  Instant due_at{};
  CaseId id{};
  std::string kind{};
};
/// Key prefix of all timers; ascending by due instant.
[[nodiscard]] std::string timer_prefix();
/// Reads a timer row; nullopt if it is none.
[[nodiscard]] std::optional<TimerItem> read_timer_row(const Row& row);

/// An open effect of a case, as its row says.
struct EffectItem {
  CaseId id{};
  EffectRef ref{};
  friend auto operator<=>(const EffectItem&, const EffectItem&) = default;
};
/// Key prefix of all open effects; ascending by the case's due instant, before reception by the request's.
[[nodiscard]] std::string effect_prefix();
[[nodiscard]] std::optional<EffectItem> read_effect_row(const Row& row);

/// Case codes (mã hồ sơ): `<prefix>-YYMMDD-NNNN`, the number at least four digits and unbounded.
/// @law one-stop/case-code
[[nodiscard]] std::string case_code(const std::string& prefix, LocalDay day, std::uint64_t number);
/// Key of the code row; nullopt if `code` does not have the pattern.
[[nodiscard]] std::optional<std::string> case_code_key(std::string_view code);
/// Prefix of the code rows of one agency prefix and day, and the number in such a key.
[[nodiscard]] std::string case_code_prefix(const std::string& prefix, LocalDay day);
[[nodiscard]] std::uint64_t case_code_number(std::string_view key);

}  // namespace motcua::engine

/// Rows (bảng hiển thị) of a case: a pure function of its state, so that views are never behind and a rebuild
/// gives the same bytes. Rows hold codes and instants, never a personal value.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/cases/worklist_rows.hpp"
#include "engine/ports/event_store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// First byte of a row's key. The numbers are stored (storage/FORMAT.md).
enum class RowTable : std::uint8_t {
  generation = 0,
  worklist = 1,
  timer = 2,
  case_code = 3,
  counter = 4,
  effect = 5,
  officer_lane = 6,
  step_lane = 7,
  search = 8,
  inside_effect = 9,
};

/// Rows of a case, ascending by key.
[[nodiscard]] std::vector<Row> rows(const Case& current);

/// Difference that takes the view from `before` to `after` (both ascending); counter changes are added to
/// `counters`.
[[nodiscard]] std::vector<RowChange> difference(const std::vector<Row>& before, const std::vector<Row>& after,
                                                std::map<std::string, std::int64_t>& counters);

/// Number of the meaning of rows: raised when a case gives other rows than before, so that a store that an
/// earlier release wrote gets new ones when it is opened. Its row lies before all others.
inline constexpr std::uint64_t kRowsGeneration = 2;
[[nodiscard]] Row generation_row();

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
/// Key prefix of the open effects that ask the population register; ascending by the case's due instant,
/// before reception by the request's.
[[nodiscard]] std::string effect_prefix();
/// Key prefix of those that are carried out inside, among cases: so many look-ups may be open that nobody
/// would find these among them. In the same order.
[[nodiscard]] std::string inside_effect_prefix();
/// Reads a row of either kind; nullopt if it is none.
[[nodiscard]] std::optional<EffectItem> read_effect_row(const Row& row);

/// A search row: the case has a word or number with this token, and belongs to this agency.
struct SearchItem {
  AgencyId agency{};
  CaseId id{};
};
/// Bytes of a search token, and its text in events (hexadecimal).
inline constexpr std::size_t kSearchTokenBytes = 8;
/// Key prefix of a token's rows; ascending by agency and case. `token` is its text.
[[nodiscard]] std::string search_prefix(std::string_view token);
[[nodiscard]] std::string search_key(std::string_view token, const SearchItem& item);
[[nodiscard]] std::optional<SearchItem> read_search_key(std::string_view key);

/// System of a case's own code; codes of other systems are shown and not looked up.
inline constexpr const char* kOneStopSystem = "one-stop";
/// Case codes (mã hồ sơ): `<prefix>-YYMMDD-NNNN`, the number at least four digits and unbounded.
/// @law one-stop/case-code
[[nodiscard]] std::string case_code(const std::string& prefix, LocalDay day, std::uint64_t number);
/// Key of the code row; nullopt if `code` does not have the pattern.
[[nodiscard]] std::optional<std::string> case_code_key(std::string_view code);
/// Prefix of the code rows of one agency prefix and day, and the number in such a key.
[[nodiscard]] std::string case_code_prefix(const std::string& prefix, LocalDay day);
[[nodiscard]] std::uint64_t case_code_number(std::string_view key);

}  // namespace motcua::engine

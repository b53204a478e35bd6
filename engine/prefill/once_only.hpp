/// The once-only principle (không yêu cầu cung cấp lại thông tin đã có) made countable: for each leaf of the
/// form, whether the citizen had to give it or the office knew it. Pure.
#pragma once

#include "engine/core/time.hpp"
#include "engine/procedure/definition.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// Where the value of a leaf came from, as its case recorded it.
struct FieldOrigin {
  std::string source{};        ///< citizen | population | papers | earlier_case | derived | officer
  std::string answer_class{};  ///< of a look-up: MATCH, NO_MATCH, UNAVAILABLE, REFUSED, MALFORMED, PENDING
  Instant data_time{};
  bool overridden = false;  ///< somebody gave another value than the register's, with a reason
};

/// asked: a person gave it. prefilled: a register or an earlier case. derived: it followed from other values.
/// overridden: a person's value stands against the register's. pending, unavailable: the register's answer is
/// awaited, or did not come. absent: nobody gave it.
enum class FieldState { asked, prefilled, derived, overridden, pending, unavailable, absent };
[[nodiscard]] std::string_view name_of(FieldState state);

/// One leaf of the report; never its value.
struct OnceOnlyField {
  std::string pointer{};
  Label label{};
  FieldState state = FieldState::absent;
  std::string source{};  ///< of the value; if absent, the leaf's x-source: where it would come from
  std::string answer_class{};
  Instant data_time{};
};

/// How many leaves stand in each state; the rest of `leaves` is absent.
struct OnceOnlyTotals {
  std::size_t leaves = 0;
  std::size_t asked = 0;
  std::size_t prefilled = 0;
  std::size_t derived = 0;
  std::size_t overridden = 0;
  std::size_t pending = 0;
  std::size_t unavailable = 0;

  /// One more leaf.
  void count(FieldState state);
};

struct OnceOnlyReport : OnceOnlyTotals {
  std::vector<OnceOnlyField> fields{};  ///< every leaf of the form, in document order
};

/// State of one leaf: the rule behind the report and every other count.
[[nodiscard]] FieldState field_state(bool given, std::string_view source, std::string_view answer_class,
                                     bool overridden);

/// `origins` by pointer into `data`. A given leaf without an origin counts as asked: what nobody can account
/// for is not credited to the office.
/// @law population/once-only
[[nodiscard]] OnceOnlyReport once_only(const Definition& definition, const nlohmann::json& data,
                                       const std::map<std::string, FieldOrigin>& origins);

}  // namespace motcua::engine

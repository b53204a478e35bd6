/// How JsonLogic compares, counts and joins JSON values. Pure functions; nothing here reads facts.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace motcua::engine::guard {

/// A number that stays an integer as long as it can be one.
struct Number {
  bool whole = true;
  std::int64_t integer = 0;
  double real = 0.0;

  [[nodiscard]] double as_real() const { return whole ? static_cast<double>(integer) : real; }
};

/// The number that `value` is or spells. A number or a numeric text; with `lenient` also null, booleans and
/// blank texts, as JavaScript's Number() has it.
[[nodiscard]] std::optional<Number> number_of(const nlohmann::json& value, bool lenient);

/// `+`, `-`, `*`, `/`, `%` of two numbers; nullopt if the outcome is no finite number. Overflow turns into a
/// fraction.
[[nodiscard]] std::optional<Number> calculate(char operation, const Number& left, const Number& right);
/// -1, 0, 1.
[[nodiscard]] int compare(const Number& left, const Number& right);
/// Integers stay integers, and so do fractions that are whole and below 2^53.
[[nodiscard]] nlohmann::json to_json(const Number& number);

/// `===`: same type (all numbers are one type), same value.
[[nodiscard]] bool strictly_equal(const nlohmann::json& left, const nlohmann::json& right);
/// `==`: as JavaScript compares texts, numbers and booleans; arrays and objects equal only their likes.
[[nodiscard]] bool loosely_equal(const nlohmann::json& left, const nlohmann::json& right);

/// Text of a scalar for `cat` and for `var` paths; null is empty; nullopt for arrays and objects.
[[nodiscard]] std::optional<std::string> scalar_text(const nlohmann::json& value);

/// `substr`, counted in code points; negative numbers count from the end.
[[nodiscard]] std::string substring(const std::string& text, std::int64_t start,
                                    std::optional<std::int64_t> length);

/// Cost of copying `value`, in operations; more than `limit` as soon as it is known to be more, or if `value`
/// is nested deeper than copying should go.
[[nodiscard]] std::int64_t copy_cost(const nlohmann::json& value, std::int64_t limit, int depth = 0);

/// Takes the first segment off a dotted path (`a.b.c` -> `a`, leaving `b.c`).
[[nodiscard]] std::string_view take_segment(std::string_view& path);
/// JSON pointer of the dotted path below `origin`.
[[nodiscard]] std::string pointer_below(std::string origin, std::string_view path);
/// The value at the dotted path; null if there is none. An empty path is the value itself.
[[nodiscard]] const nlohmann::json* value_at_path(const nlohmann::json& data, std::string_view path);

}  // namespace motcua::engine::guard

/// Conditions of definitions: JsonLogic over public facts and form data, with a third answer beside value and
/// error. Pure; integers and doubles follow JsonLogic. Never throws, whatever the rule.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace motcua::engine {

/// The condition has a value.
struct Decided {
  nlohmann::json value{};
};
/// The condition read a pointer that is absent or provisional, outside `missing`, `missing_some` or a `var`
/// default.
struct Undecided {
  std::vector<std::string> pointers{};  ///< what it lacked, as JSON pointers, in order of reading
};
/// The condition itself is wrong: unknown operator, budget spent, arithmetic on what is no number.
struct GuardError {
  std::string reason{};
};
using GuardAnswer = std::variant<Decided, Undecided, GuardError>;

/// Operations one condition may cost.
inline constexpr std::int64_t kGuardBudget = 10'000;

/// Rules may be nested this deep.
inline constexpr int kGuardDepthMax = 32;

/// Evaluates `rule` over `facts`. `provisional` lists JSON pointers whose values wait for a register's
/// answer: reading one (or below one) is undecided.
[[nodiscard]] GuardAnswer evaluate(const nlohmann::json& rule, const nlohmann::json& facts,
                                   const std::vector<std::string>& provisional = {});

/// Plain JsonLogic as the public compatibility suite defines it: an absent `var` is null. For that suite.
[[nodiscard]] GuardAnswer evaluate_lenient(const nlohmann::json& rule, const nlohmann::json& data);

/// JsonLogic truth: false, null, 0, "" and [] are false.
[[nodiscard]] bool truthy(const nlohmann::json& value);

/// Static check: names of operators in `rule` that are not JsonLogic; empty when all are known.
[[nodiscard]] std::vector<std::string> unknown_operators(const nlohmann::json& rule);
/// Pointers that `rule` reads with `var`, `missing` or `missing_some` (`/data/child/full_name`), for the
/// linter. Paths that are computed, and what is read of the elements of a list, are left out.
[[nodiscard]] std::vector<std::string> pointers_read(const nlohmann::json& rule);
/// How deep `rule` is nested, as the evaluator counts; kGuardDepthMax + 1 if it is deeper than that.
[[nodiscard]] int depth_of(const nlohmann::json& rule);

}  // namespace motcua::engine

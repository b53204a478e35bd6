/// The walk over one JsonLogic rule: spends a budget, borrows values instead of copying them, and keeps
/// `undecided` apart from values and errors. One evaluator serves one evaluation.
#pragma once

#include "engine/procedure/guard.hpp"
#include "engine/procedure/guard_values.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace motcua::engine::guard {

/// A value that is borrowed (from the facts, the rule, an enclosing list) or owned. Borrowed ones live as
/// long as the evaluation of the operator that looks at them.
class Term {
 public:
  Term() = default;
  explicit Term(nlohmann::json value) : owned_(std::move(value)) {}
  static Term borrow(const nlohmann::json& value, std::optional<std::string> origin = std::nullopt) {
    Term term;
    term.borrowed_ = &value;
    term.origin_ = std::move(origin);
    return term;
  }
  [[nodiscard]] const nlohmann::json& get() const { return borrowed_ != nullptr ? *borrowed_ : owned_; }
  [[nodiscard]] bool is_borrowed() const { return borrowed_ != nullptr; }
  /// Where in the facts the value stands, if it stands there.
  [[nodiscard]] const std::optional<std::string>& origin() const { return origin_; }
  [[nodiscard]] nlohmann::json take() { return borrowed_ != nullptr ? *borrowed_ : std::move(owned_); }

 private:
  const nlohmann::json* borrowed_ = nullptr;
  nlohmann::json owned_{};
  std::optional<std::string> origin_{};
};

/// Value, or undecided (`lacking` not empty), or wrong (`error` not empty).
struct Outcome {
  Term term{};
  std::vector<std::string> lacking{};
  std::string error{};

  [[nodiscard]] bool decided() const { return lacking.empty() && error.empty(); }
};

/// What `var` sees: the facts, an element of a list, or the pair that `reduce` hands on.
struct Scope {
  const nlohmann::json* data = nullptr;
  std::optional<std::string> origin{};          ///< JSON pointer of `data` in the facts
  const nlohmann::json* accumulator = nullptr;  ///< not null inside `reduce`
  bool element = false;                         ///< `var ""` exists even if it is null
};

class Evaluator {
 public:
  Evaluator(const std::vector<std::string>& provisional, bool lenient)
      : provisional_(provisional), lenient_(lenient) {}

  Outcome evaluate(const nlohmann::json& rule, const Scope& scope, int depth);
  /// The value, copied out; an error if that costs more than is left.
  Outcome own(Outcome outcome);

 private:
  /// Where an operator stands and what it was given: a list of arguments, or one that is no list.
  struct Call {
    const std::string& name;
    const nlohmann::json& given;
    const Scope& scope;
    int depth;

    [[nodiscard]] std::size_t count() const { return given.is_array() ? given.size() : 1; }
    [[nodiscard]] const nlohmann::json& at(std::size_t index) const {
      return given.is_array() ? given[index] : given;
    }
  };

  static Outcome value(nlohmann::json result) { return {Term(std::move(result)), {}, {}}; }
  static Outcome wrong(std::string reason) { return {{}, {}, std::move(reason)}; }
  static Outcome undecided(std::vector<std::string> pointers) { return {{}, std::move(pointers), {}}; }
  bool spend(std::int64_t operations) { return (budget_ -= operations) >= 0; }

  Outcome argument(const Call& call, std::size_t index) {
    return evaluate(call.at(index), call.scope, call.depth + 1);
  }
  Outcome apply(const Call& call);
  Outcome literal(const nlohmann::json& array, const Scope& scope, int depth);
  Outcome variable(const Call& call);
  Outcome look_up(const Call& call, std::string_view path);
  /// `found` is what stands at `path`; the rest of the call says what happens if nothing does.
  Outcome found_or_absent(const Call& call, const nlohmann::json* found,
                          const std::optional<std::string>& origin, std::string_view path);
  Outcome branch(const Call& call);
  Outcome connect(const Call& call, bool stop_at);
  Outcome iterate(const Call& call);
  Outcome quantify(const Call& call, const Term& list);
  Outcome reduce(const Call& call, const Term& list);
  /// Operators that need all their operands' values.
  Outcome combine(const Call& call, const std::vector<Term>& operands);
  Outcome order(const std::string& name, const std::vector<Term>& operands);
  Outcome count(const std::string& name, const std::vector<Term>& operands);
  Outcome join(const std::vector<Term>& operands);
  Outcome cut(const std::vector<Term>& operands);
  Outcome contains(const std::vector<Term>& operands);
  Outcome merge(const std::vector<Term>& operands);
  Outcome missing(const Scope& scope, const std::vector<Term>& operands);
  Outcome missing_some(const Scope& scope, const std::vector<Term>& operands);
  [[nodiscard]] bool is_provisional(const std::string& pointer) const;

  const std::vector<std::string>& provisional_;
  bool lenient_;
  std::int64_t budget_ = kGuardBudget;
};

/// Every operator of JsonLogic that the engine knows.
[[nodiscard]] bool is_operator(const std::string& name);

}  // namespace motcua::engine::guard

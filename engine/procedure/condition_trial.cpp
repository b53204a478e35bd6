#include "engine/procedure/condition_trial.hpp"

#include "engine/procedure/guard.hpp"

#include <variant>

namespace motcua::engine {
namespace {

using nlohmann::json;

enum class Answer { holds, fails, undecided, error };

Answer ask(const json& rule, const json& facts, std::string& reason) {
  if (rule.is_null()) return Answer::holds;
  const GuardAnswer answer = evaluate(rule, facts);
  if (const auto* decided = std::get_if<Decided>(&answer)) {
    return truthy(decided->value) ? Answer::holds : Answer::fails;
  }
  if (const auto* undecided = std::get_if<Undecided>(&answer)) {
    reason = undecided->pointers.empty() ? "" : undecided->pointers.front();
    return Answer::undecided;
  }
  reason = std::get<GuardError>(answer).reason;
  return Answer::error;
}

std::size_t parts_of(const json& rule) {
  std::size_t parts = 1;
  if (rule.is_structured()) {
    for (const json& each : rule) parts += parts_of(each);
  }
  return parts;
}

class Trying {
 public:
  Trying(const ConditionSpace& space, const std::vector<json>& rules) : space_(space), rules_(rules) {
    trial.conditions.resize(rules.size());
  }

  void try_on(const json& facts) {
    bool open = true;
    std::optional<std::size_t> first;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      auto& condition = trial.conditions[i];
      std::string reason;
      const Answer answer = ask(rules_[i], facts, reason);
      switch (answer) {
        case Answer::holds:
          note(condition.holds, facts);
          if (open) note(condition.chosen, facts);
          if (first && !condition.overlap && !rules_[i].is_null()) {
            condition.overlap.emplace(*first, spell_facts(space_, facts));
          }
          if (!first) first = i;
          break;
        case Answer::fails:
          note(condition.fails, facts);
          continue;
        case Answer::undecided:
          note(condition.undecided, facts);
          break;
        case Answer::error:
          if (!condition.error) condition.error = reason + " for " + spell_facts(space_, facts);
          break;
      }
      open = false;
    }
    if (open) note(trial.none, facts);
  }

  Trial trial{};

 private:
  void note(std::optional<std::string>& place, const json& facts) const {
    if (!place) place = spell_facts(space_, facts);
  }

  const ConditionSpace& space_;
  const std::vector<json>& rules_;
};

}  // namespace

Trial try_conditions(const OrderedJson& document, const std::vector<FormLeaf>& leaves,
                     const std::vector<json>& rules, TrialBudget& budget) {
  std::vector<const json*> reading;
  std::size_t cost = 0;
  for (const json& rule : rules) {
    reading.push_back(&rule);
    cost += parts_of(rule);
  }
  const ConditionSpace space = condition_space(document, leaves, reading);
  Trying trying(space, rules);
  trying.trial.obstacle = space.decidable ? "" : space.obstacle;
  trying.trial.too_large = space.size() > kFactsTriedMax;
  each_fact(space, [&](const json& facts) {
    if (budget.parts < cost) {
      trying.trial.too_large = true;
      return false;
    }
    budget.parts -= cost;
    trying.try_on(facts);
    return true;
  });
  return std::move(trying.trial);
}

}  // namespace motcua::engine

// Conditions of definitions over facts: two lines of JSON, the rule and the facts. A condition always has one
// of three answers, the same each time, and what is decided while a value is awaited stays decided.
#include "engine/procedure/guard.hpp"
#include "engine/procedure/guard_evaluator.hpp"
#include "tests/fuzz/target.hpp"

namespace motcua::fuzz {
namespace {

using nlohmann::json;

/// Deeper values reach no condition: files and bodies are limited when they are read.
constexpr int kDepthMax = 64;

json parsed(std::string_view text) {
  int depth = 0;
  return json::parse(
      text,
      [&depth](int level, json::parse_event_t, json&) {
        depth = std::max(depth, level);
        return level < kDepthMax;
      },
      false);
}

bool same(const engine::GuardAnswer& left, const engine::GuardAnswer& right) {
  if (left.index() != right.index()) return false;
  if (const auto* decided = std::get_if<engine::Decided>(&left)) {
    return decided->value == std::get<engine::Decided>(right).value;
  }
  if (const auto* undecided = std::get_if<engine::Undecided>(&left)) {
    return undecided->pointers == std::get<engine::Undecided>(right).pointers;
  }
  return std::get<engine::GuardError>(left).reason == std::get<engine::GuardError>(right).reason;
}

/// Asking what is missing, or giving a default, is meant to answer otherwise once the value is there.
bool asks_for_absence(std::string_view rule) {
  return rule.find("missing") != std::string_view::npos || rule.find("var") != rule.rfind("var") ||
         rule.find("[") != std::string_view::npos;
}

void check_answer(const json& rule, const engine::GuardAnswer& answer) {
  if (const auto* decided = std::get_if<engine::Decided>(&answer)) {
    promise(engine::depth_of(rule) <= engine::kGuardDepthMax || !rule.is_structured(),
            "a rule too deep decides nothing");
    (void)engine::truthy(decided->value);
  } else if (const auto* undecided = std::get_if<engine::Undecided>(&answer)) {
    promise(!undecided->pointers.empty(), "undecided names what it lacked");
    for (const auto& pointer : undecided->pointers) {
      promise(pointer.empty() || pointer.front() == '/', "what it lacked is a JSON pointer");
    }
  } else {
    promise(!std::get<engine::GuardError>(answer).reason.empty(), "an error says why");
  }
}

}  // namespace

void try_input(std::string_view input) {
  const auto line = std::min(input.find('\n'), input.size());
  const auto rule_text = input.substr(0, line);
  const json rule = parsed(rule_text);
  const json facts = line < input.size() ? parsed(input.substr(line + 1)) : json::object();
  if (rule.is_discarded() || facts.is_discarded()) return;

  const auto answer = engine::evaluate(rule, facts);
  check_answer(rule, answer);
  promise(same(answer, engine::evaluate(rule, facts)), "the same question has the same answer");
  promise(!std::holds_alternative<engine::Undecided>(engine::evaluate_lenient(rule, facts)),
          "plain JsonLogic is never undecided");
  for (const auto& name : engine::unknown_operators(rule)) {
    promise(!engine::guard::is_operator(name), "a known operator is not called unknown");
  }
  for (const auto& pointer : engine::pointers_read(rule)) {
    const auto awaited = engine::evaluate(rule, facts, {pointer});
    check_answer(rule, awaited);
    if (std::holds_alternative<engine::Decided>(awaited) && !asks_for_absence(rule_text)) {
      promise(same(awaited, answer), "what is decided while a value is awaited stays decided");
    }
  }
}

}  // namespace motcua::fuzz

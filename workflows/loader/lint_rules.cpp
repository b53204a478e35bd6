#include "workflows/loader/lint_rules.hpp"

#include "workflows/loader/embedded_schemas.hpp"
#include "workflows/loader/located_json.hpp"

namespace motcua::workflows {
namespace {

std::vector<LintRule> read_rules() {
  std::vector<LintRule> rules;
  const Json text = Json::parse(kLintRules);
  for (const auto& [id, rule] : text.items()) {
    const auto level = text_of(rule, "level");
    const auto severity = level == "error"     ? Severity::error
                          : level == "warning" ? Severity::warning
                                               : Severity::note;
    rules.push_back({id, severity, text_of(rule, "what"), text_of(rule, "why"), text_of(rule, "law")});
  }
  return rules;
}

}  // namespace

const std::vector<LintRule>& lint_rules() {
  static const std::vector<LintRule> rules = read_rules();
  return rules;
}

std::string page_of(const std::string& rule) { return "docs/lint/" + rule + ".md"; }

}  // namespace motcua::workflows

#include "workflows/loader/sarif.hpp"

#include "workflows/loader/lint_rules.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace motcua::workflows {
namespace {

using nlohmann::json;

/// A path as a URI reference: what is not unreserved is written in percent.
std::string uri_of(std::string_view path) {
  static constexpr std::string_view kPlain = "-._~/";
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      uri += '%';
      uri += kDigits[byte >> 4U];
      uri += kDigits[byte & 15U];
    }
  }
  return uri;
}

json described(const LintRule& rule) {
  json text{{"id", rule.id},
            {"shortDescription", {{"text", rule.what}}},
            {"fullDescription", {{"text", rule.what + " " + rule.why}}},
            {"helpUri", page_of(rule.id)},
            {"defaultConfiguration", {{"level", name_of(rule.severity)}}}};
  if (!rule.law.empty()) text["properties"] = {{"law", rule.law}};
  return text;
}

json place_of(const Finding& finding) {
  json physical{{"artifactLocation", {{"uri", uri_of(finding.file)}}}};
  if (finding.line > 0) physical["region"] = {{"startLine", finding.line}};
  json place{{"physicalLocation", std::move(physical)}};
  if (!finding.pointer.empty()) {
    place["logicalLocations"] = json::array({{{"fullyQualifiedName", finding.pointer}, {"kind", "member"}}});
  }
  return place;
}

}  // namespace

json to_sarif(const Findings& findings) {
  json rules = json::array();
  std::map<std::string, std::size_t> index;
  for (const LintRule& rule : lint_rules()) {
    index.emplace(rule.id, rules.size());
    rules.push_back(described(rule));
  }
  json results = json::array();
  for (const Finding& finding : findings) {
    json result{{"ruleId", finding.rule},
                {"level", name_of(finding.severity)},
                {"message", {{"text", finding.message}}},
                {"locations", json::array({place_of(finding)})}};
    if (const auto known = index.find(finding.rule); known != index.end()) {
      result["ruleIndex"] = known->second;
    }
    results.push_back(std::move(result));
  }
  return {
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs", json::array({{{"tool", {{"driver", {{"name", "motcua lint"}, {"rules", std::move(rules)}}}}},
                             {"columnKind", "unicodeCodePoints"},
                             {"results", std::move(results)}}})}};
}

}  // namespace motcua::workflows

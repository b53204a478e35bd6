#include "api/trial/trial_rules.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace motcua::api {
namespace {

using workflows::FileKind;
using workflows::Findings;

constexpr auto kEarliest = std::chrono::year{2026} / std::chrono::March / 2;

/// A draft as if it were published, and in force: when it will be is part of what is not settled yet.
/// Anything else as it is.
std::string published(const std::string& bytes) {
  auto document = nlohmann::ordered_json::parse(bytes, nullptr, false);
  if (!document.is_object() || document.value("status", std::string()) != "draft") return bytes;
  document["status"] = "published";
  document["effective"] = {{"from", engine::to_iso(engine::LocalDay{kEarliest})}, {"open_cases", "keep"}};
  return document.dump(2);
}

void append(Findings& findings, Findings more) { findings.insert(findings.end(), more.begin(), more.end()); }

/// The candidate itself, or what is wrong with it.
struct Candidate {
  std::string bytes{};
  std::string file{};
};

Candidate candidate_of(const std::string& target, const workflows::LoadedCatalogue& folder,
                       Findings& findings) {
  if (std::filesystem::exists(target)) {
    return {workflows::read_bytes(target, findings).value_or(std::string()), target};
  }
  for (const auto& definition : folder.definitions()) {
    if (definition->code.value == target) return {definition->document->bytes(), target};
  }
  findings.push_back({target, "", 0, "unreadable-file", workflows::Severity::error,
                      "there is no such file, and no published definition of that code"});
  return {};
}

}  // namespace

TrialRules trial_rules(const std::string& target, const std::filesystem::path& workflows_folder) {
  TrialRules rules;
  workflows::LoadedCatalogue folder;
  // What is wrong with its neighbours is not the candidate's fault, unless it needs them.
  static_cast<void>(folder.load_folder(workflows_folder));
  const auto candidate = candidate_of(target, folder, rules.findings);
  if (workflows::has_errors(rules.findings)) return rules;

  const auto code = nlohmann::json::parse(candidate.bytes, nullptr, false);
  const auto named = code.is_object() ? code.value("code", nlohmann::json()) : nlohmann::json();
  rules.catalogue = std::make_unique<workflows::LoadedCatalogue>();
  for (const auto& artifact : folder.artifacts()) {
    if (artifact.kind == FileKind::procedure && named == artifact.code) continue;
    append(rules.findings, rules.catalogue->add_published(artifact.kind, artifact.bytes));
  }
  append(rules.findings, rules.catalogue->add_procedure(published(candidate.bytes), candidate.file));
  if (workflows::has_errors(rules.findings)) return rules;
  const auto known = rules.catalogue->definitions();
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const auto& definition) { return named == definition->code.value; });
  if (found != known.end()) rules.definition = *found;
  return rules;
}

engine::Instant first_morning(const engine::Definition& definition) {
  using namespace std::chrono;
  auto day = std::max(engine::LocalDay{kEarliest}, definition.effective_from);
  while (weekday{day} != Monday) day += days{1};
  return engine::instant_at(day, hours{7} + minutes{30});
}

}  // namespace motcua::api

#include "workflows/loader/published_check.hpp"

#include "workflows/loader/check_file.hpp"

#include <utility>

namespace motcua::workflows {
namespace {

/// What is published counts as it was read then: nothing new is said about it.
void add_others(CrossCheck& cross, const LoadedCatalogue& catalogue, const std::string& code) {
  for (const auto& other : catalogue.definitions()) {
    if (other->code.value == code) continue;
    cross.add(Checked<engine::Definition>{
        parse_located(other->document->bytes(), "published " + other->code.value), other});
  }
  for (const auto& organisation : catalogue.newest_organisations()) {
    cross.add(Checked<engine::Organisation>{
        parse_located(organisation->document, "published " + organisation->code), organisation});
  }
}

void check_version_is_free(LocatedJson& located, const LoadedCatalogue& catalogue,
                           const engine::Definition& definition) {
  const auto known = catalogue.definition(definition.code, definition.version);
  if (known && known->hash != definition.hash) {
    located.error("/version", "version-taken",
                  "this version is published with another text; raise the version");
  }
}

}  // namespace

CheckedDefinition check_beside(const LoadedCatalogue& catalogue, const std::string& bytes,
                               const std::string& file) {
  auto checked = check_procedure(bytes, file, Checks::all);
  auto& located = checked.located;
  if (located.readable) {
    CrossCheck cross;
    cross.add(checked);
    add_others(cross, catalogue, text_of(located.document, "code"));
    for (auto& finding : cross.places()) {
      if (finding.file != file) continue;
      finding.line = located.line_of(finding.pointer);
      located.findings.push_back(std::move(finding));
    }
  }
  if (checked.value) check_version_is_free(located, catalogue, *checked.value);
  sort_findings(located.findings);
  if (has_errors(located.findings)) checked.value = nullptr;
  return {std::move(located.findings), std::move(checked.value)};
}

}  // namespace motcua::workflows

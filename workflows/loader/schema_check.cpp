// The only file that includes valijson: it compiles slowly, and without exceptions it ends the process.
#define VALIJSON_USE_EXCEPTIONS 1

#include "workflows/loader/schema_check.hpp"

#include "workflows/loader/embedded_schemas.hpp"
#include "workflows/loader/schema_shape.hpp"

#include <exception>
#include <memory>
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

namespace motcua::workflows {
namespace {

/// Unknown members of one object that are named; a file with more is far from a definition.
constexpr int kRoundsMax = 20;
/// Places that are named; of a file with more departures the number of the others is said.
constexpr std::size_t kDeparturesNamedMax = 100;

using Adapter = valijson::adapters::NlohmannJsonAdapter;

std::unique_ptr<const valijson::Schema> compile(const nlohmann::json& text) {
  auto schema = std::make_unique<valijson::Schema>();
  valijson::SchemaParser parser;
  parser.populateSchema(Adapter(text), *schema);
  return schema;
}

const valijson::Schema& schema_of(FileKind kind) {
  static const auto procedure = compile(nlohmann::json::parse(kProcedureSchema));
  static const auto calendar = compile(nlohmann::json::parse(kCalendarSchema));
  static const auto organisation = compile(nlohmann::json::parse(kOrganisationSchema));
  switch (kind) {
    case FileKind::procedure:
      return *procedure;
    case FileKind::calendar:
      return *calendar;
    case FileKind::organisation:
      break;
  }
  return *organisation;
}

const SchemaShape& shape_of(FileKind kind) {
  static const SchemaShape procedure(Json::parse(kProcedureSchema));
  static const SchemaShape calendar(Json::parse(kCalendarSchema));
  static const SchemaShape organisation(Json::parse(kOrganisationSchema));
  switch (kind) {
    case FileKind::procedure:
      return procedure;
    case FileKind::calendar:
      return calendar;
    case FileKind::organisation:
      break;
  }
  return organisation;
}

/// valijson names a place as `<root>`, `[states]`, `[0]`.
std::string pointer_of(const std::vector<std::string>& context) {
  std::string pointer;
  for (const std::string& part : context) {
    if (part.size() >= 2 && part.front() == '[' && part.back() == ']') {
      pointer = below(pointer, part.substr(1, part.size() - 2));
    }
  }
  return pointer;
}

std::vector<SchemaViolation> violations_of(const valijson::Schema& schema, const nlohmann::json& value) {
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  std::vector<SchemaViolation> violations;
  if (validator.validate(schema, Adapter(value), &results)) {
    return violations;
  }
  for (const auto& problem : results) {
    violations.push_back({pointer_of(problem.context), problem.description});
  }
  return violations;
}

/// An object or array that fails is reported once more for each place around it; only the innermost says why.
bool only_says_that_something_inside_fails(const std::string& message) {
  return message.rfind("Failed to validate item", 0) == 0 ||
         message.rfind("Failed to validate against additional properties schema", 0) == 0 ||
         message.rfind("Failed to validate against schema associated with property name", 0) == 0;
}

/// Name of a member that the schema does not have, if that is what the message says; the library names only
/// one of each object.
std::string unknown_member(const std::string& message) {
  const auto begin = message.rfind("constraints: '");
  if (message.rfind("Object contains a property", 0) != 0 || begin == std::string::npos) {
    return "";
  }
  const auto name = begin + 14;
  return message.size() > name + 2 ? message.substr(name, message.size() - 2 - name) : "";
}

/// One round of checking. Unknown members are taken out of `document`, so that the next round finds the
/// others. Returns true if it took some out.
bool check_once(const valijson::Schema& schema, nlohmann::json& document, LocatedJson& located, bool first) {
  bool removed = false;
  for (const auto& violation : violations_of(schema, document)) {
    const std::string unknown = unknown_member(violation.message);
    if (!unknown.empty()) {
      located.error(below(violation.pointer, std::string_view(unknown)), "schema",
                    "`" + unknown + "` is not a member that this place has");
      auto& place = document.at(nlohmann::json::json_pointer(violation.pointer));
      removed = place.erase(unknown) > 0 || removed;
    } else if (first && !only_says_that_something_inside_fails(violation.message)) {
      located.error(violation.pointer, "schema", violation.message);
    }
  }
  return removed;
}

}  // namespace

std::string_view schema_text(FileKind kind) {
  switch (kind) {
    case FileKind::procedure:
      return kProcedureSchema;
    case FileKind::calendar:
      return kCalendarSchema;
    case FileKind::organisation:
      break;
  }
  return kOrganisationSchema;
}

std::vector<SchemaViolation> violations_of(const nlohmann::json& schema, const nlohmann::json& value) {
  return violations_of(*compile(schema), value);
}

void check_schema(FileKind kind, LocatedJson& located) {
  try {
    if (shape_of(kind).fits(located.document)) return;
    nlohmann::json document(located.document);
    const auto before = located.findings.size();
    for (int round = 0; round < kRoundsMax; ++round) {
      if (!check_once(schema_of(kind), document, located, round == 0)) {
        break;
      }
    }
    if (located.findings.size() == before && !violations_of(schema_of(kind), document).empty()) {
      located.error("", "schema", "the document departs from the schema");
    }
    if (const auto named = located.findings.size() - before; named > kDeparturesNamedMax) {
      located.findings.resize(before + kDeparturesNamedMax);
      located.error("", "schema",
                    std::to_string(named - kDeparturesNamedMax) + " more places depart from the schema");
    }
  } catch (const std::exception& problem) {
    located.error("", "schema", std::string("cannot be checked: ") + problem.what());
  }
}

}  // namespace motcua::workflows

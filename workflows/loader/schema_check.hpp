/// Checks documents against the JSON Schemas of `workflows/schema/` (draft 7), which the binary carries in
/// itself.
#pragma once

#include "workflows/loader/lint.hpp"
#include "workflows/loader/located_json.hpp"

#include <string_view>
#include <vector>

namespace motcua::workflows {

/// The schema's text, byte-equal to `workflows/schema/<kind>.schema.json` at build time.
[[nodiscard]] std::string_view schema_text(FileKind kind);

/// Where a document departs from a schema.
struct SchemaViolation {
  std::string pointer{};
  std::string message{};
};

/// Adds a finding `schema` for each place that departs from the schema of `kind`. Never throws.
void check_schema(FileKind kind, LocatedJson& located);

/// Checks `value` against any draft 7 schema. For tests that compare other checks with JSON Schema. Throws
/// what the library throws for a schema it cannot compile; a cyclic `$ref` must not be passed.
[[nodiscard]] std::vector<SchemaViolation> violations_of(const nlohmann::json& schema,
                                                         const nlohmann::json& value);

}  // namespace motcua::workflows

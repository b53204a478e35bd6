/// The form of a procedure (mẫu tờ khai điện tử): a small part of JSON Schema, compiled into leaves and a
/// shape check.
#pragma once

#include "engine/procedure/definition.hpp"
#include "workflows/loader/located_json.hpp"

#include <memory>
#include <vector>

namespace motcua::workflows {

struct CompiledForm {
  std::vector<engine::FormLeaf> leaves{};       ///< in document order; an array is one leaf
  std::vector<engine::SubjectName> subjects{};  ///< pointers of objects marked x-subject, in document order
  std::shared_ptr<const engine::FormShape> shape{};
};

/// Objects may be nested this deep below `data`.
inline constexpr int kFormDepthMax = 8;
/// Leaves of one form.
inline constexpr std::size_t kFormLeavesMax = 1000;

/// Compiles the member `form` of the document and adds what is wrong with it to `located`. Keywords: type,
/// properties, required, additionalProperties false, enum, minLength, maxLength, minimum, maximum, items,
/// minItems, maxItems, title, description, x-*. There is no `$ref`, hence no cycle; no `pattern` and no
/// `format`: std::regex is unsafe on citizens' input. Rules: form-keyword, form-pattern, form-type, form-key,
/// form-depth, form-too-large, form-required, form-limit, form-enum, form-source, form-kind, form-empty,
/// missing-translation. What is wrong is left out of the result.
[[nodiscard]] CompiledForm compile_form(LocatedJson& located);

}  // namespace motcua::workflows

/// Shape of form data (tờ khai): types, lengths, closed lists, no unknown members. Runs for every request
/// that carries `data`, so it is a plain walk over a compiled tree: no JSON Schema library, no regular
/// expression, no allocation for data that fits. A test holds it against JSON Schema.
#pragma once

#include "engine/procedure/definition.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace motcua::workflows {

enum class ShapeType { object, string, integer, boolean, array };
/// Kinds whose text the engine checks itself.
enum class TextKind { plain, date, year_or_date };

/// Bytes of one string, whatever the form says (the HTTP contract's limit).
inline constexpr std::size_t kStringBytesMax = 65'536;
/// Elements of one array, whatever the form says.
inline constexpr std::size_t kArrayItemsMax = 1'000;
/// Violations one answer names.
inline constexpr std::size_t kViolationsMax = 100;

/// One place of the compiled form.
struct ShapeNode {
  ShapeType type = ShapeType::object;
  std::vector<std::pair<std::string, ShapeNode>> members{};  ///< object: ascending by name
  std::vector<ShapeNode> items{};         ///< array: exactly one, the shape of each element
  std::vector<nlohmann::json> allowed{};  ///< `enum`; empty = anything
  std::size_t length_min = 0;             ///< string: code points; array: elements
  std::size_t length_max = kStringBytesMax;
  std::optional<std::int64_t> minimum{};
  std::optional<std::int64_t> maximum{};
  TextKind kind = TextKind::plain;
};

class FormTree final : public engine::FormShape {
 public:
  explicit FormTree(ShapeNode root) : root_(std::move(root)) {}
  [[nodiscard]] std::vector<engine::ShapeViolation> check(const nlohmann::json& data) const override;

 private:
  ShapeNode root_;
};

}  // namespace motcua::workflows

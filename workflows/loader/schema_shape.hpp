/// A JSON Schema of `workflows/schema/` as a compiled tree: says in one walk and without copies whether a
/// document fits. Why it does not is for the library to say (schema_check.hpp). Knows the keywords that these
/// schemas use.
#pragma once

#include "workflows/loader/located_json.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace motcua::workflows {

class SchemaShape {
 public:
  /// Compiles `schema`. One that has other keywords fits nothing.
  explicit SchemaShape(const Json& schema);
  /// True only if `document` keeps the schema.
  [[nodiscard]] bool fits(const Json& document) const;

 private:
  using Index = std::size_t;
  /// What one place may be. References are resolved.
  struct Node {
    std::vector<std::string> types{};  ///< empty: any
    std::vector<Json> allowed{};       ///< `enum`; empty: any
    std::vector<std::string> required{};
    std::map<std::string, Index, std::less<>> properties{};
    std::map<std::string, std::vector<std::string>> dependencies{};
    std::optional<Index> additional{};
    bool additional_refused = false;
    bool notes_allowed = false;  ///< members that begin with `x-`
    std::optional<Index> items{};
    std::optional<std::size_t> length_min{}, length_max{}, items_min{}, items_max{}, members_min{},
        members_max{};
    std::optional<std::int64_t> minimum{}, maximum{};
  };

  Index compile(const Json& schema);
  void keyword(const std::string& name, const Json& value, Node& node);
  void patterns(const Json& value, Node& node);
  [[nodiscard]] bool fits(Index index, const Json& value) const;
  [[nodiscard]] bool object_fits(const Node& node, const Json& object) const;

  const Json* root_;
  std::vector<Node> nodes_{};
  std::map<std::string, Index> definitions_{};
  bool known_ = true;
  Index start_ = 0;
};

}  // namespace motcua::workflows

/// What pugixml leaves to its users: local names, and the line of an element. Includes pugixml: for this
/// folder's .cpp files only.
#pragma once

#include "workflows/import/imported.hpp"

#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::workflows {

/// Lines of a text by byte offset.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);
  [[nodiscard]] int line_at(std::ptrdiff_t offset) const;

 private:
  std::vector<std::size_t> starts_{};
};

/// `userTask` of `bpmn:userTask`.
[[nodiscard]] std::string_view local_name(const pugi::xml_node& element);
/// The namespace of the element; empty if none was declared.
[[nodiscard]] std::string_view namespace_of(const pugi::xml_node& element);
/// First child element of that local name, whatever its prefix.
[[nodiscard]] pugi::xml_node child_named(const pugi::xml_node& parent, std::string_view name);
/// Character data directly inside, white space runs as one space, none at the ends.
[[nodiscard]] std::string words_of(const pugi::xml_node& element);
/// `text` with white space runs as one space, none at the ends.
[[nodiscard]] std::string words_of(std::string_view text);
/// Attribute by local name, whatever its prefix; empty if absent.
[[nodiscard]] std::string attribute_named(const pugi::xml_node& element, std::string_view name);

}  // namespace motcua::workflows

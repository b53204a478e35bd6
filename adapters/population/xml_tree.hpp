/// What pugixml leaves to its users: namespaces, and text that is whole. Includes pugixml: for this folder's
/// .cpp files only.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace motcua::adapters {

/// `Ten` of `ns1:Ten`.
[[nodiscard]] std::string_view local_name(const pugi::xml_node& element);
/// The namespace that the element's prefix stands for at its place; empty if none was declared.
[[nodiscard]] std::string_view namespace_of(const pugi::xml_node& element);
/// The first child element of that local name, whatever its prefix; an empty node if there is none.
[[nodiscard]] pugi::xml_node child_named(const pugi::xml_node& parent, std::string_view name);
/// All character data directly inside `element`, byte by byte.
[[nodiscard]] std::string text_of(const pugi::xml_node& element);
/// The same without white space at its ends: for codes, numbers and dates.
[[nodiscard]] std::string trimmed_text_of(const pugi::xml_node& element);

}  // namespace motcua::adapters

#include "workflows/loader/form_shape.hpp"

#include "engine/core/time.hpp"
#include "workflows/loader/located_json.hpp"

#include <algorithm>
#include <string_view>

namespace motcua::workflows {
namespace {

constexpr std::int64_t kIntegerMax = std::int64_t{1} << 53;

/// Where the walk stands: a chain of names on the stack, spelled out only when something is wrong.
struct Place {
  const Place* parent = nullptr;
  std::string_view name{};
  std::size_t index = 0;
  bool element = false;
};

std::string spell(const Place* place) {
  if (place == nullptr) {
    return "";
  }
  const std::string parent = spell(place->parent);
  return place->element ? below(parent, place->index) : below(parent, place->name);
}

class Walk {
 public:
  std::vector<engine::ShapeViolation> violations{};

  void visit(const ShapeNode& node, const nlohmann::json& value, const Place* place);

 private:
  void object(const ShapeNode& node, const nlohmann::json& value, const Place* place);
  void array(const ShapeNode& node, const nlohmann::json& value, const Place* place);
  void string(const ShapeNode& node, const std::string& value, const Place* place);
  void integer(const ShapeNode& node, const nlohmann::json& value, const Place* place);
  void wrong(const Place* place, std::string reason) {
    if (violations.size() < kViolationsMax) {
      violations.push_back({spell(place), std::move(reason)});
    }
  }
};

std::size_t code_points(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_year(std::string_view text) {
  return text.size() == 4 && text >= "1800" && text <= "2999" &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A name that a client made up may be anything, even personal: only plain ones are repeated.
bool is_plain_name(std::string_view name) {
  return name.size() <= 64 &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

void Walk::object(const ShapeNode& node, const nlohmann::json& value, const Place* place) {
  if (!value.is_object()) {
    return wrong(place, "must be an object");
  }
  for (auto entry = value.begin(); entry != value.end(); ++entry) {
    const std::string& name = entry.key();
    const auto found =
        std::lower_bound(node.members.begin(), node.members.end(), name,
                         [](const auto& known, const std::string& key) { return known.first < key; });
    const Place here{place, name, 0, false};
    if (found != node.members.end() && found->first == name) {
      visit(found->second, *entry, &here);
    } else if (is_plain_name(name)) {
      wrong(&here, "is not a member of the form");
    } else {
      wrong(place, "has a member that the form does not have");
    }
  }
}

void Walk::array(const ShapeNode& node, const nlohmann::json& value, const Place* place) {
  if (!value.is_array()) {
    return wrong(place, "must be an array");
  }
  if (value.size() < node.length_min || value.size() > node.length_max) {
    return wrong(place, "must have " + std::to_string(node.length_min) + " to " +
                            std::to_string(node.length_max) + " elements");
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Place here{place, {}, i, true};
    visit(node.items.front(), value[i], &here);
  }
}

void Walk::string(const ShapeNode& node, const std::string& value, const Place* place) {
  if (value.size() > kStringBytesMax) {
    return wrong(place, "must not be longer than " + std::to_string(kStringBytesMax) + " bytes");
  }
  if (value.find('\0') != std::string::npos) {
    return wrong(place, "must not contain U+0000");
  }
  const auto length = code_points(value);
  if (length > node.length_max) {
    wrong(place, "must not be longer than " + std::to_string(node.length_max) + " characters");
  }
  if (length < node.length_min) {
    wrong(place, "must not be shorter than " + std::to_string(node.length_min) + " characters");
  }
  if (node.kind == TextKind::date && !engine::parse_iso_day(value)) {
    wrong(place, "must be a calendar date YYYY-MM-DD");
  }
  if (node.kind == TextKind::year_or_date && !is_year(value) && !engine::parse_iso_day(value)) {
    wrong(place, "must be a year YYYY or a calendar date YYYY-MM-DD");
  }
}

void Walk::integer(const ShapeNode& node, const nlohmann::json& value, const Place* place) {
  const bool whole = value.is_number_integer();
  const bool above =
      value.is_number_unsigned() && value.get<std::uint64_t>() >= static_cast<std::uint64_t>(kIntegerMax);
  if (!whole || above || value.get<std::int64_t>() <= -kIntegerMax) {
    return wrong(place, "must be an integer");
  }
  const auto number = value.get<std::int64_t>();
  if (node.minimum && number < *node.minimum) {
    wrong(place, "must not be less than " + std::to_string(*node.minimum));
  }
  if (node.maximum && number > *node.maximum) {
    wrong(place, "must not be more than " + std::to_string(*node.maximum));
  }
}

void Walk::visit(const ShapeNode& node, const nlohmann::json& value, const Place* place) {
  switch (node.type) {
    case ShapeType::object:
      return object(node, value, place);
    case ShapeType::array:
      return array(node, value, place);
    case ShapeType::boolean:
      if (!value.is_boolean()) {
        wrong(place, "must be true or false");
      }
      return;
    case ShapeType::integer:
      integer(node, value, place);
      break;
    case ShapeType::string:
      if (!value.is_string()) {
        return wrong(place, "must be a string");
      }
      string(node, value.get_ref<const std::string&>(), place);
      break;
  }
  if (!node.allowed.empty() &&
      std::find(node.allowed.begin(), node.allowed.end(), value) == node.allowed.end()) {
    wrong(place, "must be one of the listed values");
  }
}

}  // namespace

std::vector<engine::ShapeViolation> FormTree::check(const nlohmann::json& data) const {
  if (data.is_object() && data.empty()) {
    return {};
  }
  Walk walk;
  walk.visit(root_, data, nullptr);
  return std::move(walk.violations);
}

}  // namespace motcua::workflows

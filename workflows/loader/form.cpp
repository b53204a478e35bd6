#include "workflows/loader/form.hpp"

#include "workflows/loader/form_shape.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace motcua::workflows {
namespace {

constexpr std::array<std::string_view, 5> kSources{"population", "papers", "earlier_case", "derived",
                                                   "citizen"};
constexpr std::array<std::string_view, 10> kKinds{"personal_id", "phone",   "name", "date", "year_or_date",
                                                  "address",     "boolean", "code", "text", "number"};
constexpr std::array<std::string_view, 14> kKeywords{
    "type",    "properties", "required",  "additionalProperties",
    "enum",    "minLength",  "maxLength", "minimum",
    "maximum", "items",      "minItems",  "maxItems",
    "title",   "description"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

constexpr const char* kKeyRule = "members of a form have snake_case ASCII names of at most 64 letters";

/// snake_case ASCII: pointers into data stand in URLs, logs and conditions, where `.` and `~` have a meaning.
bool is_snake_case(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

/// What a place inherits from the objects around it.
struct Surroundings {
  std::string data_pointer{};  ///< into `data`
  engine::SubjectName subject{"data"};
  std::string optional_object{};  ///< nearest enclosing object that may be absent; empty if there is none
  int depth = 0;
};

class FormCompiler {
 public:
  explicit FormCompiler(LocatedJson& located) : located_(located) {}

  CompiledForm compile(const Json& form) {
    Surroundings root;
    ShapeNode tree = object(form, "/form", root);
    if (result_.leaves.empty()) {
      located_.error("/form", "form-empty", "the form asks nothing");
    }
    if (result_.leaves.size() > kFormLeavesMax) {
      located_.error("/form", "form-too-large",
                     "the form asks more than " + std::to_string(kFormLeavesMax) + " things");
    }
    result_.shape = std::make_shared<const FormTree>(std::move(tree));
    return std::move(result_);
  }

 private:
  ShapeNode object(const Json& schema, const std::string& at, const Surroundings& around);
  ShapeNode leaf(const Json& schema, const std::string& at, const Surroundings& around, bool required);
  ShapeNode value_shape(const Json& schema, const std::string& at, int depth);
  std::vector<std::string> required_names(const Json& schema, const std::string& at);
  void keywords(const Json& schema, const std::string& at);
  void limits(const Json& schema, const std::string& at, ShapeNode& node);
  void enumeration(const Json& schema, const std::string& at, ShapeNode& node);
  void annotate(const Json& schema, const std::string& at, engine::FormLeaf& leaf);
  std::optional<std::int64_t> bound(const Json& schema, const char* name, const std::string& at);

  LocatedJson& located_;
  CompiledForm result_{};
};

void FormCompiler::keywords(const Json& schema, const std::string& at) {
  for (const auto& entry : schema.items()) {
    const std::string& name = entry.key();
    if (name == "pattern" || name == "format" || name == "patternProperties") {
      located_.error(below(at, name), "form-pattern", "forms have no patterns and formats; use x-kind");
    } else if (name.rfind("x-", 0) != 0 && !is_one_of(kKeywords, name)) {
      located_.error(below(at, name), "form-keyword", "forms do not know the keyword `" + name + "`");
    }
  }
  const Json& more = member(schema, "additionalProperties");
  if (schema.contains("additionalProperties") && !(more.is_boolean() && !more.get<bool>())) {
    located_.error(below(at, "additionalProperties"), "form-keyword",
                   "additionalProperties can only be false");
  }
}

std::vector<std::string> FormCompiler::required_names(const Json& schema, const std::string& at) {
  std::vector<std::string> names;
  const Json& list = member(schema, "required");
  if (!list.is_null() && !list.is_array()) {
    located_.error(below(at, "required"), "form-required", "required is a list of member names");
    return names;
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const bool known =
        list[i].is_string() && member(schema, "properties").contains(list[i].get<std::string>());
    if (known) {
      names.push_back(list[i].get<std::string>());
    } else {
      located_.error(below(below(at, "required"), i), "form-required",
                     "required names a member that is not there");
    }
  }
  return names;
}

ShapeNode FormCompiler::object(const Json& schema, const std::string& at, const Surroundings& around) {
  ShapeNode node;
  keywords(schema, at);
  const Json& properties = member(schema, "properties");
  if (text_of(schema, "type") != "object" || !properties.is_object()) {
    located_.error(at, "form-type", "an object has type \"object\" and properties");
    return node;
  }
  if (around.depth >= kFormDepthMax) {
    located_.error(at, "form-depth", "objects are nested deeper than " + std::to_string(kFormDepthMax));
    return node;
  }
  Surroundings inside = around;
  inside.depth += 1;
  const Json& marked = member(schema, "x-subject");
  if (marked.is_boolean() && marked.get<bool>() && !around.data_pointer.empty()) {
    inside.subject = engine::SubjectName(around.data_pointer);
    result_.subjects.push_back(inside.subject);
  }
  const auto required = required_names(schema, at);
  for (const auto& entry : properties.items()) {
    const std::string place = below(below(at, "properties"), entry.key());
    if (!is_snake_case(entry.key())) {
      located_.error(place, "form-key", kKeyRule);
      continue;
    }
    if (!entry.value().is_object()) {
      located_.error(place, "form-type", "a member of a form is described by an object");
      continue;
    }
    if (result_.leaves.size() > kFormLeavesMax) {
      return node;  // said by compile()
    }
    Surroundings here = inside;
    here.data_pointer = below(around.data_pointer, entry.key());
    const bool must = std::find(required.begin(), required.end(), entry.key()) != required.end();
    if (text_of(entry.value(), "type") == "object") {
      here.optional_object = must ? inside.optional_object : here.data_pointer;
      node.members.emplace_back(entry.key(), object(entry.value(), place, here));
    } else {
      node.members.emplace_back(entry.key(), leaf(entry.value(), place, here, must));
    }
  }
  std::sort(node.members.begin(), node.members.end(),
            [](const auto& left, const auto& right) { return left.first < right.first; });
  node.members.shrink_to_fit();
  return node;
}

ShapeNode FormCompiler::leaf(const Json& schema, const std::string& at, const Surroundings& around,
                             bool required) {
  engine::FormLeaf leaf;
  leaf.pointer = around.data_pointer;
  leaf.required = required;
  leaf.list = text_of(schema, "type") == "array";
  leaf.required_within = required ? around.optional_object : "";
  leaf.subject = around.subject;
  annotate(schema, at, leaf);
  ShapeNode node = value_shape(schema, at, around.depth);
  node.kind = leaf.kind == "date"           ? TextKind::date
              : leaf.kind == "year_or_date" ? TextKind::year_or_date
                                            : node.kind;
  result_.leaves.push_back(std::move(leaf));
  return node;
}

void FormCompiler::annotate(const Json& schema, const std::string& at, engine::FormLeaf& leaf) {
  leaf.source = text_of(schema, "x-source");
  if (!is_one_of(kSources, leaf.source)) {
    located_.error(schema.contains("x-source") ? below(at, "x-source") : at, "form-source",
                   "x-source is population, papers, earlier_case, derived or citizen");
  }
  leaf.kind = text_of(schema, "x-kind");
  if (schema.contains("x-kind") && !is_one_of(kKinds, leaf.kind)) {
    located_.error(below(at, "x-kind"), "form-kind", "x-kind is not one the engine knows");
  }
  if ((leaf.kind == "date" || leaf.kind == "year_or_date") && text_of(schema, "type") != "string") {
    located_.error(below(at, "x-kind"), "form-kind", "dates are strings");
  }
  const Json& label = member(schema, "x-label");
  leaf.title = {text_of(label, "vi"), text_of(label, "en")};
  if (leaf.title.vi.empty() || leaf.title.en.empty()) {
    located_.error(schema.contains("x-label") ? below(at, "x-label") : at, "missing-translation",
                   "x-label has a text in vi and in en");
  }
}

ShapeNode FormCompiler::value_shape(const Json& schema, const std::string& at, int depth) {
  ShapeNode node;
  keywords(schema, at);
  const std::string type = text_of(schema, "type");
  if (type == "string") {
    node.type = ShapeType::string;
  } else if (type == "integer") {
    node.type = ShapeType::integer;
  } else if (type == "boolean") {
    node.type = ShapeType::boolean;
  } else if (type == "array" && member(schema, "items").is_object() && depth < kFormDepthMax) {
    node.type = ShapeType::array;
    node.length_max = kArrayItemsMax;
    const Json& items = member(schema, "items");
    node.items.push_back(value_shape(items, below(at, "items"), depth + 1));
  } else if (type == "object" && member(schema, "properties").is_object() && depth < kFormDepthMax) {
    // An object inside an array: its members have no pointers of their own, so they are shape only.
    required_names(schema, at);
    for (const auto& entry : member(schema, "properties").items()) {
      const std::string place = below(below(at, "properties"), entry.key());
      if (!is_snake_case(entry.key())) located_.error(place, "form-key", kKeyRule);
      node.members.emplace_back(entry.key(), value_shape(entry.value(), place, depth + 1));
    }
    std::sort(node.members.begin(), node.members.end(),
              [](const auto& left, const auto& right) { return left.first < right.first; });
  } else {
    located_.error(schema.contains("type") ? below(at, "type") : at, "form-type",
                   "type is string, integer, boolean, array (of one kind of items) or object");
  }
  limits(schema, at, node);
  enumeration(schema, at, node);
  return node;
}

std::optional<std::int64_t> FormCompiler::bound(const Json& schema, const char* name, const std::string& at) {
  const Json& value = member(schema, name);
  if (!schema.is_object() || !schema.contains(name)) {
    return std::nullopt;
  }
  if (!value.is_number_integer()) {
    located_.error(below(at, name), "form-limit", "a limit is an integer");
    return std::nullopt;
  }
  return value.get<std::int64_t>();
}

void FormCompiler::limits(const Json& schema, const std::string& at, ShapeNode& node) {
  const bool string = node.type == ShapeType::string;
  const bool array = node.type == ShapeType::array;
  node.minimum = bound(schema, "minimum", at);
  node.maximum = bound(schema, "maximum", at);
  if ((node.minimum || node.maximum) && node.type != ShapeType::integer) {
    located_.error(at, "form-limit", "minimum and maximum belong to integers");
  }
  for (const char* name : {"minLength", "maxLength", "minItems", "maxItems"}) {
    const auto limit = bound(schema, name, at);
    const bool length = std::string_view(name).find("Length") != std::string_view::npos;
    if (!limit) {
      continue;
    }
    const auto most = length ? kStringBytesMax : kArrayItemsMax;
    if (*limit < 0 || static_cast<std::uint64_t>(*limit) > most || (length ? !string : !array)) {
      located_.error(below(at, name), "form-limit", "the limit does not belong here or is out of range");
      continue;
    }
    (std::string_view(name).rfind("min", 0) == 0 ? node.length_min : node.length_max) =
        static_cast<std::size_t>(*limit);
  }
  const bool bounds = node.minimum && node.maximum && *node.minimum > *node.maximum;
  if (bounds || ((string || array) && node.length_min > node.length_max)) {
    const char* upper = bounds ? "maximum" : string ? "maxLength" : "maxItems";
    located_.error(schema.contains(upper) ? below(at, upper) : at, "form-limit",
                   "the lower limit is above the upper one");
  }
}

/// True if lengths and bounds of the place let `value` through.
bool within_limits(const ShapeNode& node, const Json& value) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    const auto length = static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
    return length >= node.length_min && length <= node.length_max;
  }
  const auto number = value.get<std::int64_t>();
  return (!node.minimum || number >= *node.minimum) && (!node.maximum || number <= *node.maximum);
}

void FormCompiler::enumeration(const Json& schema, const std::string& at, ShapeNode& node) {
  const Json& list = member(schema, "enum");
  if (!schema.is_object() || !schema.contains("enum")) {
    return;
  }
  const bool listable = node.type == ShapeType::string || node.type == ShapeType::integer;
  if (!list.is_array() || list.empty() || !listable) {
    located_.error(below(at, "enum"), "form-enum", "enum is a list of strings or of integers");
    return;
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string place = below(below(at, "enum"), i);
    if (node.type == ShapeType::string ? !list[i].is_string() : !list[i].is_number_integer()) {
      located_.error(place, "form-enum", "the value has another type than the member");
    } else if (!within_limits(node, list[i])) {
      located_.error(place, "form-enum", "nobody could choose the value: it is outside the limits beside it");
    } else if (std::find(node.allowed.begin(), node.allowed.end(), nlohmann::json(list[i])) !=
               node.allowed.end()) {
      located_.error(place, "form-enum", "the value is given twice");
    } else {
      node.allowed.emplace_back(list[i]);
    }
  }
}

}  // namespace

CompiledForm compile_form(LocatedJson& located) {
  static const Json nothing = Json::object();
  const Json& form = member(located.document, "form");
  return FormCompiler(located).compile(form.is_object() ? form : nothing);
}

}  // namespace motcua::workflows

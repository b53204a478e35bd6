#include "api/trial/invented_form.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace motcua::api {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 8> kFamilyNames{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Y", "H'", "Niê"};
constexpr std::array<const char*, 8> kGivenNames{"Văn An",  "Thị Bình", "Đức Cường",  "Thu Dung",
                                                 "Minh Em", "Hạnh",     "Blang Êban", "Quốc Giang"};
constexpr int kOptionalPercent = 60;
constexpr int kAskedAboutPercent = 50;
constexpr std::size_t kLongestText = 60;

std::string name(Draw& draw) {
  return std::string(kFamilyNames[draw.below(kFamilyNames.size())]) + ' ' +
         kGivenNames[draw.below(kGivenNames.size())];
}

std::string date(Draw& draw) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", static_cast<int>(draw.between(1950, 2025)),
                static_cast<int>(draw.between(1, 12)), static_cast<int>(draw.between(1, 28)));
  return text.data();
}

/// Twelve digits, of the province 066 and nobody's: the last block is small.
std::string personal_id(Draw& draw) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "066%d%02d%06d", static_cast<int>(draw.between(0, 3)),
                static_cast<int>(draw.between(0, 99)), static_cast<int>(draw.between(0, 9999)));
  return text.data();
}

std::string text_of_kind(std::string_view kind, Draw& draw) {
  if (kind == "name") return name(draw);
  if (kind == "date" || kind == "year_or_date") return date(draw);
  if (kind == "personal_id") return personal_id(draw);
  if (kind == "phone") return "09" + std::to_string(draw.between(10'000'000, 99'999'999));
  if (kind == "address") return "Số " + std::to_string(draw.between(1, 200)) + ", đường Lê Duẩn, xã Suối Mẫu";
  if (kind == "code") return "01";
  return "Nội dung " + std::to_string(draw.between(1, 999));
}

/// Cut at the end of a character.
std::string cut(std::string text, std::size_t characters) {
  std::size_t end = 0;
  for (; end < text.size() && characters > 0; --characters) {
    ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  }
  text.resize(end);
  return text;
}

std::size_t characters_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

json text_answer(const json& schema, Draw& draw) {
  const auto least = schema.value("minLength", std::size_t{0});
  const auto most = schema.value("maxLength", kLongestText);
  auto text = text_of_kind(schema.value("x-kind", std::string("text")), draw);
  const auto long_enough = characters_of(text);
  if (long_enough < least) text.append(least - long_enough, '.');
  return cut(std::move(text), most);
}

json number_answer(const json& schema, Draw& draw) {
  const auto least = schema.value("minimum", std::int64_t{0});
  const auto most = schema.value("maximum", std::max<std::int64_t>(least, 10));
  return draw.between(least, std::max(least, most));
}

/// `data.child.sex` as a pointer into the form; empty for anything else that a condition reads.
std::string pointer_of(const json& variable) {
  const auto named = variable.find("var");
  if (named == variable.end()) return {};
  const auto& path = named->is_array() && !named->empty() ? named->front() : *named;
  if (!path.is_string()) return {};
  const auto text = path.get<std::string>();
  if (!text.starts_with("data.")) return {};
  std::string pointer = "/" + text.substr(5);
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  return pointer;
}

}  // namespace

InventedForm::InventedForm(const engine::Definition& definition) {
  const auto document = json::parse(definition.document->bytes(), nullptr, false);
  if (!document.is_object()) return;
  form_ = document.value("form", json::object());
  collect_constants(document);
}

void InventedForm::collect_constants(const json& part) {
  if (part.is_array() && part.size() == 2) {
    collect_pair(part[0], part[1]);
    collect_pair(part[1], part[0]);
  }
  if (!part.is_structured()) return;
  for (const auto& each : part) collect_constants(each);
}

void InventedForm::collect_pair(const json& variable, const json& constant) {
  if (!variable.is_object()) return;
  const auto pointer = pointer_of(variable);
  if (pointer.empty()) return;
  auto& known = constants_[pointer];
  if (constant.is_number_integer()) {
    for (const int beside : {-1, 0, 1}) known.push_back(constant.get<std::int64_t>() + beside);
  } else if (constant.is_array()) {
    std::copy_if(constant.begin(), constant.end(), std::back_inserter(known),
                 [](const json& each) { return each.is_primitive(); });
  } else if (constant.is_primitive() && !constant.is_null()) {
    known.push_back(constant);
  }
}

json InventedForm::applicant(Draw& draw) {
  return {{"personal_id", personal_id(draw)}, {"full_name", name(draw)}, {"birth_date", date(draw)}};
}

json InventedForm::data(Draw& draw) const { return object(form_, "", draw); }

json InventedForm::value(const std::string& pointer, Draw& draw) const {
  const auto* schema = &form_;
  std::size_t from = 1;
  while (from <= pointer.size()) {
    const auto slash = std::min(pointer.find('/', from), pointer.size());
    const auto properties = schema->find("properties");
    if (properties == schema->end()) return nullptr;
    const auto member = properties->find(pointer.substr(from, slash - from));
    if (member == properties->end()) return nullptr;
    schema = &*member;
    from = slash + 1;
  }
  return answer(*schema, pointer, draw);
}

json InventedForm::object(const json& schema, const std::string& pointer, Draw& draw) const {
  json made = json::object();
  const auto properties = schema.find("properties");
  if (properties == schema.end()) return made;
  const auto required = schema.value("required", json::array());
  for (const auto& [member, part] : properties->items()) {
    const bool must = std::find(required.begin(), required.end(), member) != required.end();
    if (!must && !draw.chance(kOptionalPercent)) continue;
    made[member] = answer(part, pointer + '/' + member, draw);
  }
  return made;
}

json InventedForm::answer(const json& schema, const std::string& pointer, Draw& draw) const {
  const auto type = schema.value("type", std::string("string"));
  const auto choices = schema.value("enum", json::array());
  const auto asked = constants_.find(pointer);
  if (choices.empty() && asked != constants_.end() && !asked->second.empty() &&
      draw.chance(kAskedAboutPercent)) {
    const auto& constant = draw.pick(asked->second);
    const bool fits = type == "boolean" ? constant.is_boolean()
                      : type == "string"
                          ? constant.is_string() && !constant.get_ref<const std::string&>().empty()
                      : type == "integer" ? constant.is_number_integer()
                                          : constant.is_number();
    if (fits) return constant;
  }
  if (!choices.empty()) return choices[draw.below(choices.size())];
  if (type == "object") return object(schema, pointer, draw);
  if (type == "boolean") return draw.chance(30);
  if (type == "integer" || type == "number") return number_answer(schema, draw);
  if (type == "array") {
    json list = json::array();
    const auto count = std::max<std::size_t>(schema.value("minItems", std::size_t{0}), 1);
    const auto items = schema.value("items", json::object());
    while (list.size() < count) list.push_back(answer(items, pointer + "/0", draw));
    return list;
  }
  return text_answer(schema, draw);
}

}  // namespace motcua::api

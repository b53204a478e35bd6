#include "adapters/population/person_reader.hpp"

#include "adapters/population/code_lists.hpp"
#include "adapters/population/xml_tree.hpp"
#include "engine/core/time.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace motcua::adapters {
namespace {

using nlohmann::json;

/// Sets `member` unless `text` is blank.
void put(json& object, const char* member, std::string text) {
  if (text.find_first_not_of(" \t\r\n") != std::string::npos) object[member] = std::move(text);
}

void put_object(json& object, const char* member, json value) {
  if (!value.empty()) object[member] = std::move(value);
}

/// Parts in one line, blank ones left out.
std::string joined(std::initializer_list<std::string> parts, std::string_view separator) {
  std::string line;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    if (!line.empty()) line += separator;
    line += part;
  }
  return line;
}

/// A name as text, or as {Ho, ChuDem, Ten}, of which samples fill the last only.
std::string read_name(const pugi::xml_node& element) {
  const auto family = child_named(element, "Ho");
  const auto middle = child_named(element, "ChuDem");
  const auto given = child_named(element, "Ten");
  if (!family && !middle && !given) return text_of(element);
  return joined({text_of(family), text_of(middle), text_of(given)}, " ");
}

bool is_digits(std::string_view text, std::size_t length) {
  return text.size() == length &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// `YYYY-MM-DD`, `YYYY`, empty where the register says nothing; nullopt for what is no date.
std::optional<std::string> read_birth_date(const pugi::xml_node& element) {
  const auto day_element = child_named(element, "NgayThangNam");
  const auto year_element = child_named(element, "Nam");
  std::string text = trimmed_text_of(day_element);
  if (text.empty()) text = trimmed_text_of(year_element);
  if (text.empty() && !day_element && !year_element) text = trimmed_text_of(element);
  if (text.empty() || is_digits(text, 4)) return text;
  if (!is_digits(text, 8)) return std::nullopt;
  const std::string year = text.substr(0, 4);
  if (text.ends_with("0000")) return year;
  std::string date = year + '-' + text.substr(4, 2) + '-' + text.substr(6, 2);
  if (!engine::parse_iso_day(date)) return std::nullopt;
  return date;
}

/// A code as text, or in an element `inner` of its own.
json read_code(const pugi::xml_node& element, const char* inner,
               std::string_view (*wording)(std::string_view)) {
  std::string code = trimmed_text_of(child_named(element, inner));
  if (code.empty()) code = trimmed_text_of(element);
  json coded = json::object();
  if (code.empty()) return coded;
  put(coded, "text", std::string(wording(code)));
  coded["code"] = std::move(code);
  return coded;
}

std::string_view no_wording(std::string_view /*code*/) { return {}; }

json read_place(const pugi::xml_node& element) {
  const auto text = [&](const char* name) { return trimmed_text_of(child_named(element, name)); };
  const std::string country = text("QuocGia");
  const std::string country_name(country_wording(country));
  json place = json::object();
  put(place, "detail", text("ChiTiet"));
  put(place, "commune", text("MaPhuongXa"));
  put(place, "commune_name", text("TenPhuongXa"));
  put(place, "district", text("MaQuanHuyen"));
  put(place, "district_name", text("TenQuanHuyen"));
  put(place, "province", text("MaTinhThanh"));
  put(place, "province_name", text("TenTinhThanh"));
  put(place, "country", country);
  const bool is_abroad = !country.empty() && country != kVietnam;
  put(place, "text",
      joined({text("ChiTiet"), text("TenPhuongXa"), text("TenQuanHuyen"), text("TenTinhThanh"),
              is_abroad ? (country_name.empty() ? country : country_name) : std::string{}},
             ", "));
  // The same code may name different units before and after the merger of 2025-07-01.
  if (place.contains("district")) {
    place["code_date"] = "2025-06-30";
  } else if (place.contains("commune") || place.contains("province")) {
    place["code_date"] = "2025-07-01";
  }
  return place;
}

json read_relative(const pugi::xml_node& element) {
  json relative = json::object();
  put(relative, "full_name", read_name(child_named(element, "HoVaTen")));
  put(relative, "personal_id", trimmed_text_of(child_named(element, "SoDinhDanh")));
  put(relative, "old_id_number", trimmed_text_of(child_named(element, "SoCMND")));
  put_object(relative, "nationality",
             read_code(child_named(element, "QuocTich"), "MaQuocTich", country_wording));
  put_object(relative, "relation", read_code(child_named(element, "QuanHe"), "MaQuanHe", no_wording));
  return relative;
}

/// A second element of the same name leaves open which one is meant.
bool has_each_element_once(const pugi::xml_node& record) {
  std::set<std::string_view> seen;
  for (const auto& child : record.children()) {
    if (child.type() == pugi::node_element && !seen.insert(local_name(child)).second) return false;
  }
  return true;
}

struct Field {
  const char* element = "";
  const char* attribute = "";
};
constexpr std::array<Field, 4> kPlaces{{{"NoiDangKyKhaiSinh", "birth_registration_place"},
                                        {"QueQuan", "hometown"},
                                        {"ThuongTru", "permanent_residence"},
                                        {"NoiOHienTai", "current_residence"}}};
constexpr std::array<Field, 5> kRelatives{{{"Cha", "father"},
                                           {"Me", "mother"},
                                           {"VoChong", "spouse"},
                                           {"NguoiDaiDien", "representative"},
                                           {"ChuHo", "household_head"}}};

}  // namespace

std::optional<json> read_person(const pugi::xml_node& record) {
  if (!has_each_element_once(record)) return std::nullopt;
  const auto element = [&](const char* name) { return child_named(record, name); };
  const auto birth_date = read_birth_date(element("NgayThangNamSinh"));
  if (!birth_date) return std::nullopt;
  json person = json::object();
  put(person, "personal_id", trimmed_text_of(element("SoDinhDanh")));
  put(person, "old_id_number", trimmed_text_of(element("SoCMND")));
  put(person, "full_name", read_name(element("HoVaTen")));
  put(person, "birth_date", *birth_date);
  put(person, "sex", std::string(sex_of(trimmed_text_of(element("GioiTinh")))));
  put(person, "household_book", trimmed_text_of(element("SoSoHoKhau")));
  put_object(person, "ethnicity", read_code(element("DanToc"), "MaDanToc", ethnicity_wording));
  put_object(person, "religion", read_code(element("TonGiao"), "MaTonGiao", no_wording));
  put_object(person, "nationality", read_code(element("QuocTich"), "MaQuocTich", country_wording));
  put_object(person, "marital_status",
             read_code(element("TinhTrangHonNhan"), "MaTinhTrangHonNhan", no_wording));
  for (const auto& [name, attribute] : kPlaces) put_object(person, attribute, read_place(element(name)));
  for (const auto& [name, attribute] : kRelatives)
    put_object(person, attribute, read_relative(element(name)));
  return person;
}

}  // namespace motcua::adapters

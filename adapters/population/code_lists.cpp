#include "adapters/population/code_lists.hpp"

#include <array>
#include <cstddef>

namespace motcua::adapters {
namespace {

/// Danh mục các dân tộc Việt Nam (Quyết định 121-TCTK/PPCĐ, 1979): the place in the list is the code.
constexpr std::array<std::string_view, 54> kEthnicGroups{
    "Kinh",    "Tày",    "Thái",    "Hoa",    "Khơ-me",       "Mường",    "Nùng",     "Hmông",  "Dao",
    "Gia-rai", "Ngái",   "Ê-đê",    "Ba-na",  "Xơ-đăng",      "Sán Chay", "Cơ-ho",    "Chăm",   "Sán Dìu",
    "Hrê",     "Mnông",  "Ra-glai", "Xtiêng", "Bru-Vân Kiều", "Thổ",      "Giáy",     "Cơ-tu",  "Gié-Triêng",
    "Mạ",      "Khơ-mú", "Co",      "Ta-ôi",  "Chơ-ro",       "Kháng",    "Xinh-mun", "Hà Nhì", "Chu-ru",
    "Lào",     "La Chí", "La Ha",   "Phù Lá", "La Hủ",        "Lự",       "Lô Lô",    "Chứt",   "Mảng",
    "Pà Thẻn", "Cơ Lao", "Cống",    "Bố Y",   "Si La",        "Pu Péo",   "Brâu",     "Ơ Đu",   "Rơ-măm"};

}  // namespace

std::string_view sex_of(std::string_view code) {
  if (code == "1") return "male";
  if (code == "2") return "female";
  return {};
}

std::string_view ethnicity_wording(std::string_view code) {
  std::size_t number = 0;
  for (const char c : code) {
    if (c < '0' || c > '9') return {};
    number = number * 10 + static_cast<std::size_t>(c - '0');
    if (number > kEthnicGroups.size()) return {};
  }
  if (code.size() > 2 || number == 0) return {};
  return kEthnicGroups[number - 1];
}

std::string_view country_wording(std::string_view code) {
  return code == kVietnam ? std::string_view("Việt Nam") : std::string_view{};
}

}  // namespace motcua::adapters

/// Wordings of the register's codes, where the code list is known. An unknown code has no wording: better no
/// word in a form than a wrong one.
#pragma once

#include <string_view>

namespace motcua::adapters {

/// Code of Việt Nam in QuocTich and QuocGia.
inline constexpr std::string_view kVietnam = "VN";

/// GioiTinh (giới tính): `male` for 1, `female` for 2, empty for anything else.
[[nodiscard]] std::string_view sex_of(std::string_view code);
/// DanToc (dân tộc): 01 to 54 in the order of the national list of ethnic groups; empty for anything else.
[[nodiscard]] std::string_view ethnicity_wording(std::string_view code);
/// QuocTich, QuocGia (quốc tịch, quốc gia): Việt Nam only; empty for anything else.
[[nodiscard]] std::string_view country_wording(std::string_view code);

}  // namespace motcua::adapters

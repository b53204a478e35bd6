/// Names (họ và tên) as the register compares and expects them. Keys for comparison only: what was typed or
/// answered is kept byte-equal elsewhere.
#pragma once

#include <string>
#include <string_view>

namespace motcua::adapters {

/// Comparison key of a name: upper case, tone and vowel marks stripped, Đ as D, format characters dropped,
/// runs of white space as one space, none at the ends. The same for composed and decomposed text (NFC, NFD)
/// and wherever the tone mark was put. `name` is UTF-8.
[[nodiscard]] std::string folded_name(std::string_view name);

/// The name as sent to the register: composed (NFC), upper case, marks kept, spaces and
/// format characters as above: nobody sees them, and a register that does would know no such person.
[[nodiscard]] std::string register_name(std::string_view name);

/// Whether `text` is well-formed UTF-8 without U+0000.
[[nodiscard]] bool is_utf8_text(std::string_view text);

}  // namespace motcua::adapters

/// Folded text (chuỗi so sánh không dấu): the key under which two spellings of one Vietnamese name are equal.
/// A comparison key only: what a person typed is stored byte for byte.
#pragma once

#include <string>
#include <string_view>

namespace motcua::engine {

/// `text` in capitals, without tone and vowel marks, đ as D, each run of white space as one space, none at
/// the ends. Composed (NFC) and decomposed (NFD) spellings give the same key. Letters outside the Latin
/// alphabets of Việt Nam are copied. Bytes that are no UTF-8 are copied, so that two broken texts stay
/// different.
[[nodiscard]] std::string folded(std::string_view text);

}  // namespace motcua::engine

#include "engine/core/fold.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace motcua::engine {
namespace {

/// Code points from `first` to `last` whose base letter is `base`.
struct Letters {
  char32_t first = 0;
  char32_t last = 0;
  char base = 0;
};

/// Ascending. Vietnamese, the letters of the Ê Đê, Gia Rai and Ba Na alphabets, and the rest of Latin-1,
/// which foreign parents bring.
constexpr std::array<Letters, 36> kLetters{{
    {0x00C0, 0x00C5, 'A'}, {0x00C7, 0x00C7, 'C'}, {0x00C8, 0x00CB, 'E'}, {0x00CC, 0x00CF, 'I'},
    {0x00D0, 0x00D0, 'D'}, {0x00D1, 0x00D1, 'N'}, {0x00D2, 0x00D6, 'O'}, {0x00D9, 0x00DC, 'U'},
    {0x00DD, 0x00DD, 'Y'}, {0x00E0, 0x00E5, 'A'}, {0x00E7, 0x00E7, 'C'}, {0x00E8, 0x00EB, 'E'},
    {0x00EC, 0x00EF, 'I'}, {0x00F0, 0x00F0, 'D'}, {0x00F1, 0x00F1, 'N'}, {0x00F2, 0x00F6, 'O'},
    {0x00F9, 0x00FC, 'U'}, {0x00FD, 0x00FF, 'Y'}, {0x0102, 0x0103, 'A'}, {0x010C, 0x010D, 'C'},
    {0x0110, 0x0111, 'D'}, {0x0114, 0x0115, 'E'}, {0x0128, 0x012D, 'I'}, {0x014E, 0x014F, 'O'},
    {0x0168, 0x016D, 'U'}, {0x0180, 0x0180, 'B'}, {0x0189, 0x0189, 'D'}, {0x01A0, 0x01A1, 'O'},
    {0x01AF, 0x01B0, 'U'}, {0x0243, 0x0243, 'B'}, {0x1EA0, 0x1EB7, 'A'}, {0x1EB8, 0x1EC7, 'E'},
    {0x1EC8, 0x1ECB, 'I'}, {0x1ECC, 0x1EE3, 'O'}, {0x1EE4, 0x1EF1, 'U'}, {0x1EF2, 0x1EF9, 'Y'},
}};

bool is_mark(char32_t point) { return point >= 0x0300 && point <= 0x036F; }

bool is_space(char32_t point) {
  return point == ' ' || (point >= '\t' && point <= '\r') || point == 0x00A0 ||
         (point >= 0x2000 && point <= 0x200A) || point == 0x202F || point == 0x3000;
}

/// Base letter of `point`; 0 if it is none of ours.
char base_of(char32_t point) {
  if (point >= 'a' && point <= 'z') return static_cast<char>(point - 'a' + 'A');
  const auto found = std::find_if(kLetters.begin(), kLetters.end(),
                                  [&](const Letters& letters) { return point <= letters.last; });
  return found != kLetters.end() && point >= found->first ? found->base : '\0';
}

/// Length of the well-formed sequence at `text[at]` and its code point; length 0 if there is none.
struct Decoded {
  std::size_t length = 0;
  char32_t point = 0;
};

Decoded decode(std::string_view text, std::size_t at) {
  const auto lead = static_cast<std::uint8_t>(text[at]);
  if (lead < 0x80) return {1, lead};
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0 || at + length > text.size()) return {};
  char32_t point = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<std::uint8_t>(text[at + i]);
    if ((next & 0xC0U) != 0x80) return {};
    point = (point << 6U) | (next & 0x3FU);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  const bool outside = point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF);
  return overlong || outside ? Decoded{} : Decoded{length, point};
}

}  // namespace

std::string folded(std::string_view text) {
  std::string key;
  key.reserve(text.size());
  bool space = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto [length, point] = decode(text, at);
    const std::size_t taken = length == 0 ? 1 : length;
    const auto bytes = text.substr(at, taken);
    at += taken;
    if (length != 0 && is_mark(point)) continue;
    if (length != 0 && is_space(point)) {
      space = !key.empty();
      continue;
    }
    if (space) key += ' ';
    space = false;
    const char base = length == 0 ? '\0' : base_of(point);
    if (base != '\0') {
      key += base;
    } else {
      key += bytes;
    }
  }
  return key;
}

}  // namespace motcua::engine

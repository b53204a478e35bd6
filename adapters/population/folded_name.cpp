#include "adapters/population/folded_name.hpp"

#include "engine/core/ensure.hpp"

#include <limits>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/ustring.h>

namespace motcua::adapters {
namespace {

icu::UnicodeString normalised(const icu::Normalizer2* form, const icu::UnicodeString& text) {
  UErrorCode error = U_ZERO_ERROR;
  auto result = form->normalize(text, error);
  ENSURE(U_SUCCESS(error));
  return result;
}

const icu::Normalizer2* composed_form() {
  UErrorCode error = U_ZERO_ERROR;
  const auto* form = icu::Normalizer2::getNFCInstance(error);
  ENSURE(U_SUCCESS(error));
  return form;
}

const icu::Normalizer2* decomposed_form() {
  UErrorCode error = U_ZERO_ERROR;
  const auto* form = icu::Normalizer2::getNFDInstance(error);
  ENSURE(U_SUCCESS(error));
  return form;
}

icu::UnicodeString read(std::string_view name) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
}

/// Letters that Unicode does not decompose. U+00D0 stands for Đ in texts converted from old code pages.
UChar32 base_letter(UChar32 letter) {
  constexpr UChar32 kStrokedD = 0x0110;
  constexpr UChar32 kEth = 0x00D0;
  return letter == kStrokedD || letter == kEth ? UChar32{'D'} : letter;
}

/// `letter` of each code point (0 drops it), with white space collapsed.
template <class Letter>
std::string each_letter(const icu::UnicodeString& text, Letter letter) {
  icu::UnicodeString kept;
  bool gap = false;
  for (int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    const UChar32 point = text.char32At(at);
    if (u_isUWhiteSpace(point)) {
      gap = true;
      continue;
    }
    const UChar32 chosen = letter(point);
    if (chosen == 0) continue;
    if (gap && !kept.isEmpty()) kept.append(UChar32{' '});
    gap = false;
    kept.append(chosen);
  }
  std::string utf8;
  return kept.toUTF8String(utf8);
}

}  // namespace

std::string folded_name(std::string_view name) {
  auto text = normalised(decomposed_form(), read(name).toUpper(icu::Locale::getRoot()));
  return each_letter(text, [](UChar32 point) -> UChar32 {
    const auto category = u_charType(point);
    const bool dropped = category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK ||
                         category == U_COMBINING_SPACING_MARK || category == U_FORMAT_CHAR;
    return dropped ? UChar32{0} : base_letter(point);
  });
}

std::string register_name(std::string_view name) {
  const auto text = normalised(composed_form(), read(name).toUpper(icu::Locale::getRoot()));
  return each_letter(text,
                     [](UChar32 point) { return u_charType(point) == U_FORMAT_CHAR ? UChar32{0} : point; });
}

bool is_utf8_text(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return false;
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int32_t>::max())) return false;
  UErrorCode error = U_ZERO_ERROR;
  int32_t length = 0;
  u_strFromUTF8(nullptr, 0, &length, text.data(), static_cast<int32_t>(text.size()), &error);
  return error == U_BUFFER_OVERFLOW_ERROR || U_SUCCESS(error);
}

}  // namespace motcua::adapters

#include "api/web/html_text.hpp"

#include "engine/core/ensure.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace motcua::api {
namespace {

/// Characters that a page must not hold as they are, in UTF-8, beside control characters of one byte.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kHazards{{
    {"\u061C", "061C"},
    {"\u200E", "200E"},
    {"\u200F", "200F"},
    {"\u2028", "2028"},
    {"\u2029", "2029"},
    {"\u202A", "202A"},
    {"\u202B", "202B"},
    {"\u202C", "202C"},
    {"\u202D", "202D"},
    {"\u202E", "202E"},
    {"\u2066", "2066"},
    {"\u2067", "2067"},
    {"\u2068", "2068"},
    {"\u2069", "2069"},
}};

void append_shown(std::string& out, std::string_view code_point) {
  out += "[U+";
  out += code_point;
  out += ']';
}

/// Bytes consumed of the hazard at the start of `rest`; 0 if there is none.
std::size_t append_hazard(std::string& out, std::string_view rest) {
  for (const auto& [bytes, code_point] : kHazards) {
    if (rest.starts_with(bytes)) {
      append_shown(out, code_point);
      return bytes.size();
    }
  }
  // C1 controls: U+0080 to U+009F.
  const auto second = rest.size() > 1 ? static_cast<std::uint8_t>(rest[1]) : 0U;
  if (rest.front() != '\xC2' || second < 0x80 || second > 0x9F) return 0;
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  append_shown(out, std::string{'0', '0', kDigits[second >> 4U], kDigits[second & 0xFU]});
  return 2;
}

void append_control(std::string& out, char control) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto value = static_cast<std::uint8_t>(control);
  append_shown(out, std::string{'0', '0', kDigits[value >> 4U], kDigits[value & 0xFU]});
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char unit = text[at];
    if (unit == '&') {
      out += "&amp;";
    } else if (unit == '<') {
      out += "&lt;";
    } else if (unit == '>') {
      out += "&gt;";
    } else if (unit == '"') {
      out += "&quot;";
    } else if (unit == '\'') {
      out += "&#39;";
    } else if (unit == '\n' || unit == '\r' || unit == '\t') {
      out += ' ';
    } else if (static_cast<std::uint8_t>(unit) < 0x20 || unit == 0x7F) {
      append_control(out, unit);
    } else if (const auto used = append_hazard(out, text.substr(at)); used > 0) {
      at += used - 1;
    } else {
      out += unit;
    }
  }
  return out;
}

std::string fill_page(std::string_view page, const std::map<std::string_view, std::string>& insertions) {
  constexpr std::string_view kOpen = "@{";
  std::string out;
  out.reserve(page.size() * 2);
  while (true) {
    const auto open = std::min(page.find(kOpen), page.size());
    out += page.substr(0, open);
    if (open == page.size()) return out;
    const auto close = page.find('}', open);
    ENSURE(close != std::string_view::npos);
    const auto insertion = insertions.find(page.substr(open + kOpen.size(), close - open - kOpen.size()));
    ENSURE(insertion != insertions.end());
    out += insertion->second;
    page.remove_prefix(close + 1);
  }
}

}  // namespace motcua::api

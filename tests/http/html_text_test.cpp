#include "api/web/html_text.hpp"

#include "api/web/qr_code.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <string>

namespace motcua::tests {
namespace {

TEST(HtmlText, EscapesMarkupAndShowsWhatCannotBeSeen) {
  EXPECT_EQ(api::html_text("<b a=\"x\" b='y'>&amp;"), "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
  EXPECT_EQ(api::html_text("a\nb\tc\x1B\x7F"), "a b c[U+001B][U+007F]");
  EXPECT_EQ(api::html_text("An \xE2\x80\xAEnư\xC2\x85\xD8\x9C"), "An [U+202E]nư[U+0085][U+061C]");
  EXPECT_EQ(api::html_text("Nguyễn Thị Bé Đào – ©"), "Nguyễn Thị Bé Đào – ©");
}

TEST(HtmlText, LeavesNothingOfAnyNaughtyStringThatCouldBeMarkup) {
  std::ifstream file(std::string(SOURCE_DIR) + "/tests/http/data/naughty-strings/blns.json");
  for (const auto& item : nlohmann::json::parse(file)) {
    const auto text = api::html_text(item.get<std::string>());
    EXPECT_EQ(text.find_first_of("<>\"'"), std::string::npos) << text;
    EXPECT_TRUE(std::none_of(text.begin(), text.end(), [](char unit) {
      return (unit >= 0 && unit < 0x20) || unit == 0x7F;
    })) << text;
    EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos) << text;
  }
}

TEST(HtmlText, FillsAPageOnceAndNeverWhatWasFilledIn) {
  EXPECT_EQ(api::fill_page("<p>@{a}</p>@{b}@{a}", {{"a", "@{b}"}, {"b", "2"}}), "<p>@{b}</p>2@{b}");
}

TEST(QrCode, IsADrawingOfDarkModulesOnly) {
  const auto svg = api::qr_svg("H15.50.05-260302-0001");
  EXPECT_TRUE(svg.starts_with("<svg class=\"qr\" viewBox=\"0 0 33 33\"")) << svg.substr(0, 60);
  EXPECT_NE(svg.find("M4 4h1v1h-1z"), std::string::npos);  // a corner of the first finder pattern
  EXPECT_EQ(api::qr_svg(""), "");
  EXPECT_EQ(api::qr_svg(std::string(5000, 'x')), "");
}

}  // namespace
}  // namespace motcua::tests

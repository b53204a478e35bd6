/// Text of people inside a page: nothing in it can become markup or turn a line around.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace motcua::api {

/// `text` (UTF-8) for the content of an element or a quoted attribute. Markup is escaped; line breaks and
/// tabs become spaces; other control characters, bidi controls and line separators are shown as `[U+202E]`.
[[nodiscard]] std::string html_text(std::string_view text);

/// `page` with each `@{name}` replaced by what `insertions` says, as it stands. A name that is not there is a
/// bug.
[[nodiscard]] std::string fill_page(std::string_view page,
                                    const std::map<std::string_view, std::string>& insertions);

}  // namespace motcua::api

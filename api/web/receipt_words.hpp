/// Fixed words of the receipt in both languages.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/deadline/limit.hpp"
#include "engine/deadline/wording.hpp"
#include "engine/procedure/definition.hpp"

#include <map>
#include <string>
#include <string_view>

namespace motcua::api {

/// The labels of the page by their names, as text of a page.
[[nodiscard]] std::map<std::string_view, std::string> receipt_labels(engine::Language language);

/// `03 ngày làm việc`, `3 working days`: the time limit as the procedure states it.
[[nodiscard]] std::string limit_words(const engine::Limit& limit, engine::Language language);
/// `08 giờ 00 phút, ngày 02 tháng 03 năm 2026`, `08:00 on Monday 2 March 2026`.
[[nodiscard]] std::string form_moment(engine::Instant at, engine::Language language);
/// `ngày 02 tháng 03 năm 2026`.
[[nodiscard]] std::string form_day(engine::Instant at, engine::Language language);
/// `Bản chính`, `Original`.
[[nodiscard]] std::string_view form_words(engine::PaperForm form, engine::Language language);
/// Where the result is handed over, by the channel of filing.
[[nodiscard]] std::string_view return_place_words(std::string_view channel, engine::Language language);
/// On what a promise rests.
[[nodiscard]] std::string_view basis_words(std::string_view basis, engine::Language language);

/// One of two texts.
template <class Text>
[[nodiscard]] Text in(engine::Language language, Text vietnamese, Text english) {
  return language == engine::Language::vietnamese ? vietnamese : english;
}

}  // namespace motcua::api

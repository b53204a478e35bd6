/// What a case is found by (tra cứu hồ sơ): whole words of the names in it, folded, and personal numbers.
/// Personal values: they leave this process as tokens only.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/procedure/definition.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// Most words that one case is found by, and that one question may have.
inline constexpr std::size_t kSearchWordsMax = 64;
inline constexpr std::size_t kSearchedWordsMax = 8;

/// Words of the applicant and of every leaf of kind name or personal_id; ascending, each once.
[[nodiscard]] std::vector<std::string> search_words(const Definition& definition, const CaseContent& content);
/// Words of what somebody looks for, as above; none if it holds no letter or digit.
[[nodiscard]] std::vector<std::string> search_words(std::string_view text);

}  // namespace motcua::engine

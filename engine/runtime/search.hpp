/// Search (tra cứu) by words that nobody but the holder of the master key can read out of the store.
#pragma once

#include "engine/cases/rows.hpp"
#include "engine/ports/key_store.hpp"

#include <functional>
#include <string>
#include <vector>

namespace motcua::engine {

/// Tokens of words, ascending, each once: the first bytes of their HMAC, in hexadecimal.
[[nodiscard]] std::vector<std::string> search_tokens(const KeyStore& keys,
                                                     const std::vector<std::string>& words);

/// A page of the cases that have every one of `tokens` (at least one), ascending by agency and case.
struct FoundCases {
  std::vector<SearchItem> items{};
  std::string last{};  ///< key of the last row examined
  bool more = false;   ///< rows behind it may match
};
/// At most `most` cases of agencies that `wanted` takes, behind the row `after` if it is not empty; examines
/// at most kSearchRowsMax rows.
inline constexpr std::size_t kSearchRowsMax = 2000;
[[nodiscard]] FaultOr<FoundCases> find_cases(const EventStore& store, const std::vector<std::string>& tokens,
                                             const std::string& after, std::size_t most,
                                             const std::function<bool(const AgencyId&)>& wanted);

}  // namespace motcua::engine

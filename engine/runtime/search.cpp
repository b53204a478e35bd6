#include "engine/runtime/search.hpp"

#include <algorithm>

namespace motcua::engine {

std::vector<std::string> search_tokens(const KeyStore& keys, const std::vector<std::string>& words) {
  std::vector<std::string> tokens;
  tokens.reserve(words.size());
  for (const auto& word : words) {
    const auto code = keys.mac("search", word);
    tokens.push_back(to_hex(std::string_view(reinterpret_cast<const char*>(code.data()), kSearchTokenBytes)));
  }
  std::sort(tokens.begin(), tokens.end());
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  return tokens;
}

namespace {

/// Whether the case also has the other tokens.
FaultOr<bool> has_all(const EventStore& store, const std::vector<std::string>& others,
                      const SearchItem& item) {
  for (const auto& token : others) {
    const auto row = store.read_row(search_key(token, item));
    if (!row) return row.error();
    if (!*row) return false;
  }
  return true;
}

/// The token with the fewest rows, as far as a page can tell: the others are looked up one by one.
FaultOr<std::size_t> rarest(const EventStore& store, const std::vector<std::string>& tokens) {
  constexpr std::size_t kLook = 256;
  std::size_t best = 0;
  std::size_t fewest = kLook + 1;
  for (std::size_t i = 0; i < tokens.size() && tokens.size() > 1; ++i) {
    const auto rows = store.read_rows(search_prefix(tokens[i]), {}, kLook);
    if (!rows) return rows.error();
    if (rows->size() >= fewest) continue;
    fewest = rows->size();
    best = i;
  }
  return best;
}

}  // namespace

FaultOr<FoundCases> find_cases(const EventStore& store, const std::vector<std::string>& tokens,
                               const std::string& after, std::size_t most,
                               const std::function<bool(const AgencyId&)>& wanted) {
  // A page goes on in the table of the token that its cursor is of.
  auto first = std::find_if(tokens.begin(), tokens.end(), [&](const std::string& token) {
    return !after.empty() && after.starts_with(search_prefix(token));
  });
  if (first == tokens.end()) {
    const auto chosen = rarest(store, tokens);
    if (!chosen) return chosen.error();
    first = tokens.begin() + static_cast<std::ptrdiff_t>(*chosen);
  }
  std::vector<std::string> others = tokens;
  std::erase(others, *first);
  FoundCases found;
  found.last = after;
  const auto rows = store.read_rows(search_prefix(*first), after, kSearchRowsMax);
  if (!rows) return rows.error();
  for (const auto& row : *rows) {
    const auto item = read_search_key(row.key);
    if (item && wanted(item->agency)) {
      const auto matches = has_all(store, others, *item);
      if (!matches) return matches.error();
      if (*matches && found.items.size() == most) {
        found.more = true;
        return found;
      }
      if (*matches) found.items.push_back(*item);
    }
    found.last = row.key;
  }
  found.more = rows->size() == kSearchRowsMax;
  return found;
}

}  // namespace motcua::engine

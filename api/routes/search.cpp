/// POST /search (tra cứu hồ sơ): by code, or by whole words of a name and personal numbers. What is looked
/// for is personal, so it stands in the body, and no cursor repeats it.
#include "engine/runtime/search.hpp"

#include "api/json/problem.hpp"
#include "api/json/view_json.hpp"
#include "api/routes/services.hpp"
#include "engine/cases/rights.hpp"
#include "engine/cases/search_words.hpp"

#include <algorithm>
#include <utility>

namespace motcua::api {
namespace {

using engine::CaseHandle;
using engine::Identity;
using engine::Rejection;
using engine::RejectionCode;
using engine::Result;
using nlohmann::json;

constexpr std::size_t kPageDefault = 50;
constexpr std::size_t kPageMost = 200;

/// The case, if it exists for this asker; else null.
Result<CaseHandle> seen_case(const Services& services, const Identity& asker, const engine::CaseId& id) {
  const engine::CaseLoader loader(services.store, &services.keys, services.catalogue);
  auto loaded = loader.load(id);
  if (!loaded) return unreadable(loaded.error());
  if (!*loaded || !engine::may_see(asker, (*loaded)->state)) return CaseHandle{};
  return *std::move(loaded);
}

Result<CaseHandle> case_by_code(const Services& services, const Identity& asker, const std::string& code) {
  const auto key = engine::case_code_key(code);
  if (!key) return CaseHandle{};
  const auto row = services.store.read_row(*key);
  if (!row) return unreadable(row.error());
  if (!*row || (*row)->size() != engine::CaseId{}.bytes.size()) return CaseHandle{};
  engine::CaseId id;
  std::copy((*row)->begin(), (*row)->end(), id.bytes.begin());
  return seen_case(services, asker, id);
}

Rejection invalid_member(const char* pointer, const char* reason) {
  Rejection rejection{RejectionCode::invalid_data, "the request's body is not valid"};
  rejection.members["pointers"] = json::array({{{"pointer", pointer}, {"reason", reason}}});
  return rejection;
}

/// Names are for those who work on cases and for their superiors; auditors see them masked, portals only
/// their own cases. Rejection: role_forbidden.
Result<void> check_may_search_names(const Identity& asker) {
  for (const auto* role : {"desk_officer", "case_officer", "signatory", "supervisor", "leader"}) {
    if (asker.has_role(role)) return {};
  }
  return Rejection{RejectionCode::role_forbidden, "the token's roles do not search by name or number"};
}

/// Agencies whose cases this asker can see at all.
bool may_hold_hits(const Identity& asker, const engine::AgencyId& agency) {
  const bool above = asker.has_role("supervisor") || asker.has_role("leader");
  return agency == asker.agency || (above && agency.value.starts_with(asker.agency.value + '.'));
}

/// Where a page ended: which of the tokens was followed, and the rest of its row's key. The token itself
/// stays here.
std::string place_of(const std::vector<std::string>& tokens, const std::string& row) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto prefix = engine::search_prefix(tokens[i]);
    if (row.starts_with(prefix)) return static_cast<char>(i) + row.substr(prefix.size());
  }
  return {};
}

/// A mark of the words and the asker, so that a cursor fits no other question.
std::string mark_of(const Services& services, const Identity& asker, const std::vector<std::string>& tokens,
                    const std::string& place) {
  std::string question = asker.agency.value + '\n' + asker.sub.value;
  for (const auto& token : tokens) question += '\n' + token;
  const auto code = services.keys.mac("cursor", question + '\n' + place);
  return {reinterpret_cast<const char*>(code.data()), 16};
}

std::optional<std::string> read_cursor(const Services& services, const Identity& asker,
                                       const std::vector<std::string>& tokens, const std::string& cursor) {
  const auto bytes = engine::from_hex(cursor);
  if (!bytes || bytes->size() <= 16) return std::nullopt;
  const auto place = bytes->substr(0, bytes->size() - 16);
  if (mark_of(services, asker, tokens, place) != bytes->substr(place.size())) return std::nullopt;
  return engine::search_prefix(tokens[static_cast<unsigned char>(place.front())]) + place.substr(1);
}

Result<std::size_t> page_size(const json& body) {
  const auto limit = body.find("limit");
  if (limit == body.end()) return kPageDefault;
  if (!limit->is_number_unsigned() || *limit < 1 || *limit > kPageMost)
    return invalid_member("/limit", "must be a whole number from 1 to 200");
  return limit->get<std::size_t>();
}

Result<Response> search_words(const Services& services, const Identity& asker, const json& body) {
  if (const auto right = check_may_search_names(asker); !right) return right.error();
  if (!body["text"].is_string()) return invalid_member("/text", "must be a string");
  const auto words = engine::search_words(body["text"].get_ref<const std::string&>());
  if (words.empty() || words.size() > engine::kSearchedWordsMax)
    return invalid_member("/text", "must have 1 to 8 words");
  const auto most = page_size(body);
  if (!most) return most.error();
  const auto tokens = engine::search_tokens(services.keys, words);
  std::string after;
  if (const auto cursor = body.find("cursor"); cursor != body.end()) {
    auto row =
        cursor->is_string() ? read_cursor(services, asker, tokens, cursor->get<std::string>()) : std::nullopt;
    if (!row) return bad_request("cursor is not one that this call gave");
    after = *std::move(row);
  }
  const auto found =
      engine::find_cases(services.store, tokens, after, *most,
                         [&](const engine::AgencyId& agency) { return may_hold_hits(asker, agency); });
  if (!found) return unreadable(found.error());
  json answer{{"items", json::array()}, {"next_cursor", nullptr}};
  for (const auto& item : found->items) {
    const auto hit = seen_case(services, asker, item.id);
    if (!hit) return hit.error();
    if (*hit) answer["items"].push_back(case_line_json(**hit));
  }
  if (found->more) {
    const auto place = place_of(tokens, found->last);
    answer["next_cursor"] = engine::to_hex(place + mark_of(services, asker, tokens, place));
  }
  return json_response(answer);
}

Result<Response> search(const Services& services, const Identity& asker, const Request& request) {
  if (const auto query = check_query(request, {}); !query) return query.error();
  const auto& body = request.json;
  const bool by_text = body.contains("text");
  for (const auto& [name, value] : body.items()) {
    const bool known = name == "code" || name == "text" || (by_text && (name == "limit" || name == "cursor"));
    if (!known) return invalid_member("", "has members other than code, or text, limit and cursor");
  }
  if (by_text && body.contains("code")) return invalid_member("/code", "excludes text");
  if (by_text) return search_words(services, asker, body);
  const auto code = body.find("code");
  if (code == body.end()) return invalid_member("/code", "is required");
  if (!code->is_string()) return invalid_member("/code", "must be a string");
  const auto found = case_by_code(services, asker, code->get<std::string>());
  if (!found) return found.error();
  json answer{{"items", json::array()}, {"next_cursor", nullptr}};
  if (*found) answer["items"].push_back(case_line_json(**found));
  return json_response(answer);
}

}  // namespace

void add_search_routes(Router& router, const Services& services) {
  router.post("/api/v1/search", answering(services, &search));
}

}  // namespace motcua::api

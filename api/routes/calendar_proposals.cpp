/// What a newer version of a calendar would move: the proposals that the asker may see, for a supervisor to
/// decide.
#include "api/json/problem.hpp"
#include "api/json/proposal_json.hpp"
#include "api/routes/services.hpp"
#include "engine/cases/rights.hpp"
#include "engine/runtime/proposal_book.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace motcua::api {
namespace {

using engine::Identity;
using engine::ProposalEntry;
using engine::ProposalState;
using engine::Rejection;
using engine::RejectionCode;
using engine::Result;

/// Most proposals that one page examines before it returns with a cursor.
constexpr std::size_t kExaminedMax = 2000;
constexpr std::array kReaders{"case_officer", "desk_officer", "signatory", "supervisor", "leader", "auditor"};

Result<void> check_reader(const Identity& asker) {
  const bool reads =
      std::any_of(kReaders.begin(), kReaders.end(), [&](const char* role) { return asker.has_role(role); });
  if (reads) return {};
  return Rejection{RejectionCode::role_forbidden, "the token's roles have no proposals"};
}

/// Whether the asker may see the case, by the agencies that the proposal names.
bool is_visible(const Identity& asker, const ProposalEntry& entry) {
  engine::Case current;
  current.received_by = entry.proposal.received_by;
  current.competent = entry.proposal.competent;
  return engine::may_see(asker, current);
}

struct Asked {
  engine::CalendarLine line{};
  std::optional<ProposalState> state{};
  std::optional<engine::CaseId> after{};
  std::size_t limit = 0;
};

Result<Asked> asked_of(const Services& services, const Request& request) {
  Asked asked;
  const auto line = services.proposals->find(request.param("id"));
  if (!line) return Rejection{RejectionCode::not_found, "there is no such version of a calendar"};
  asked.line = *line;
  if (const auto name = request.query_value("state")) {
    asked.state = engine::proposal_state_from(*name);
    if (!asked.state) return bad_request("state must be open, accepted, declined or stale");
  }
  if (const auto cursor = request.query_value("cursor")) {
    asked.after = engine::parse_case_id(*cursor);
    if (!asked.after) return bad_request("cursor is not one that this call gave");
  }
  const auto limit = list_limit(request);
  if (!limit) return limit.error();
  asked.limit = *limit;
  return asked;
}

/// The state as the case tells it now: the book may be a moment behind.
ProposalState state_now(const ProposalEntry& entry, const engine::CalendarLine& line,
                        const engine::Case& current) {
  if (entry.state != ProposalState::open) return entry.state;
  const auto& hash = line.publication.published.hash;
  if (current.pins.calendar_hash == hash) return ProposalState::accepted;
  const auto& declined = current.calendars_declined;
  const bool kept = std::find(declined.begin(), declined.end(), hash) != declined.end();
  return kept ? ProposalState::declined : ProposalState::open;
}

/// One page of the book, examined under its lock; cases are read afterwards.
struct Page {
  std::vector<ProposalEntry> entries{};
  std::optional<engine::CaseId> last{};  ///< examined
  bool more = false;
};

Page page_of(const Services& services, const Identity& asker, const Asked& asked) {
  Page page;
  std::size_t examined = 0;
  services.proposals->visit(asked.line.publication.published.hash, asked.after,
                            [&](const ProposalEntry& entry) {
                              page.more = page.entries.size() == asked.limit || examined++ == kExaminedMax;
                              if (page.more) return false;
                              page.last = entry.proposal.id;
                              if ((!asked.state || entry.state == *asked.state) && is_visible(asker, entry)) {
                                page.entries.push_back(entry);
                              }
                              return true;
                            });
  return page;
}

Result<Response> list_proposals(const Services& services, const Identity& asker, const Request& request) {
  if (const auto query = check_query(request, {"state", "limit", "cursor"}); !query) return query.error();
  if (const auto reader = check_reader(asker); !reader) return reader.error();
  const auto asked = asked_of(services, request);
  if (!asked) return asked.error();
  const auto page = page_of(services, asker, *asked);
  const auto newer = services.catalogue.calendar_by_hash(asked->line.publication.published.hash);
  const engine::CaseLoader loader(services.store, nullptr, services.catalogue);
  nlohmann::json body{{"items", nlohmann::json::array()}, {"next_cursor", nullptr}};
  for (const auto& entry : page.entries) {
    const auto current = loader.load(entry.proposal.id);
    if (!current) return unreadable(current.error());
    if (!*current) continue;
    const auto state = state_now(entry, asked->line, (*current)->state);
    if (asked->state && state != *asked->state) continue;
    body["items"].push_back(proposal_json(entry, state, **current, newer));
  }
  if (page.more) body["next_cursor"] = engine::to_text(*page.last);
  return json_response(body);
}

}  // namespace

void add_proposal_routes(Router& router, const Services& services) {
  router.get("/api/v1/calendars/{id}/proposals", answering(services, &list_proposals));
}

}  // namespace motcua::api

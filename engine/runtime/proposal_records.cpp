#include "engine/runtime/proposal_records.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <stdexcept>

namespace motcua::engine {
namespace {

using nlohmann::json;

constexpr std::array kStates{ProposalState::open, ProposalState::accepted, ProposalState::declined,
                             ProposalState::stale};

template <class Value>
Value known(std::optional<Value> value) {
  if (!value) throw std::invalid_argument("a value is not one that is known");
  return *std::move(value);
}

Instant instant_of(const json& value) { return from_micros(value.get<std::int64_t>()); }

json json_of(const Proposal& proposal) {
  const auto& [move, before, after] = proposal.recalculation;
  json item{{"case", to_text(proposal.id)}, {"competent", proposal.competent.value}, {"move", name_of(move)}};
  if (before) item["due_before"] = to_micros(*before);
  if (after) item["due_after"] = to_micros(*after);
  if (proposal.received_by != proposal.competent) item["received_by"] = proposal.received_by.value;
  return item;
}

Proposal proposal_of(const json& item) {
  Proposal proposal;
  proposal.id = known(parse_case_id(item.at("case").get<std::string>()));
  proposal.competent = AgencyId(item.at("competent").get<std::string>());
  proposal.received_by = AgencyId(item.value("received_by", proposal.competent.value));
  auto& [move, before, after] = proposal.recalculation;
  move = known(due_move_from(item.at("move").get<std::string>()));
  if (item.contains("due_before")) before = instant_of(item.at("due_before"));
  if (item.contains("due_after")) after = instant_of(item.at("due_after"));
  return proposal;
}

json settled_json(const std::vector<SettledProposal>& settled) {
  auto lists = json::object();
  for (const auto& [id, state] : settled) lists[std::string(name_of(state))].push_back(to_text(id));
  return lists;
}

std::vector<SettledProposal> settled_of(const json& lists) {
  std::vector<SettledProposal> settled;
  for (const auto& [name, ids] : lists.items()) {
    const auto state = known(proposal_state_from(name));
    for (const auto& id : ids) settled.push_back({known(parse_case_id(id.get<std::string>())), state});
  }
  return settled;
}

/// What `read` makes of a payload; a Fault if it is not what this release writes.
template <class Value, class Read>
FaultOr<Value> decoded(std::string_view public_bytes, const char* what, Read read) {
  try {
    return read(json::parse(public_bytes));
  } catch (const std::exception&) {
    return Fault{std::string(what) + " of a calendar is malformed"};
  }
}

}  // namespace

StreamId calendar_stream(const std::string& code) { return {StreamKind::calendar, code}; }

bool is_about_proposals(std::string_view type) {
  return type == kProposedType || type == kProposalsCompleteType || type == kDecisionsAskedType;
}

std::string_view name_of(ProposalState state) {
  switch (state) {
    case ProposalState::open:
      return "open";
    case ProposalState::accepted:
      return "accepted";
    case ProposalState::declined:
      return "declined";
    case ProposalState::stale:
      return "stale";
  }
  return {};
}

std::optional<ProposalState> proposal_state_from(std::string_view name) {
  const auto found =
      std::find_if(kStates.begin(), kStates.end(), [&](ProposalState each) { return name_of(each) == name; });
  return found == kStates.end() ? std::nullopt : std::optional(*found);
}

std::string encode(const ProposalPage& page) {
  json payload{{"calendar", to_hex(page.calendar)}, {"proposals", json::array()}, {"through", page.through}};
  for (const auto& proposal : page.proposals) payload["proposals"].push_back(json_of(proposal));
  if (!page.settled.empty()) payload["settled"] = settled_json(page.settled);
  if (page.scanned) payload["scanned"] = to_text(*page.scanned);
  return payload.dump();
}

FaultOr<ProposalPage> decode_proposal_page(std::string_view public_bytes) {
  return decoded<ProposalPage>(public_bytes, "a page of proposals", [](const json& payload) {
    ProposalPage page;
    page.calendar = known(digest_from_hex(payload.at("calendar").get<std::string>()));
    page.through = payload.at("through").get<std::uint64_t>();
    for (const auto& item : payload.at("proposals")) page.proposals.push_back(proposal_of(item));
    if (payload.contains("settled")) page.settled = settled_of(payload.at("settled"));
    if (payload.contains("scanned")) {
      page.scanned = known(parse_case_id(payload.at("scanned").get<std::string>()));
    }
    return page;
  });
}

std::string encode(const ProposalsComplete& complete) {
  return json{
      {"calendar", to_hex(complete.calendar)}, {"cases", complete.cases}, {"through", complete.through}}
      .dump();
}

FaultOr<ProposalsComplete> decode_proposals_complete(std::string_view public_bytes) {
  return decoded<ProposalsComplete>(public_bytes, "the end of a pass", [](const json& payload) {
    return ProposalsComplete{known(digest_from_hex(payload.at("calendar").get<std::string>())),
                             payload.at("cases").get<std::uint64_t>(),
                             payload.at("through").get<std::uint64_t>()};
  });
}

}  // namespace motcua::engine

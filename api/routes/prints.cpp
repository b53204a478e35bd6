/// GET /cases/{id}/prints/receipt: what the applicant takes home.
#include "api/json/problem.hpp"
#include "api/routes/services.hpp"
#include "api/web/receipt.hpp"
#include "engine/cases/event.hpp"
#include "engine/cases/rights.hpp"

#include <algorithm>
#include <utility>

namespace motcua::api {
namespace {

using engine::Identity;
using engine::Rejection;
using engine::RejectionCode;
using engine::Result;

Result<engine::Language> language_of(const Request& request) {
  const auto lang = request.query_value("lang").value_or("vi");
  if (lang == "vi") return engine::Language::vietnamese;
  if (lang == "en") return engine::Language::english;
  return bad_request("lang must be vi or en");
}

/// The case as its reception left it, and who received it.
Result<void> find_reception(const Services& services, ReceiptFacts& facts) {
  const auto id = facts.current->state.id;
  const auto records = services.store.read_stream(engine::stream_of(id));
  if (!records) return unreadable(records.error());
  const auto reception = std::find_if(records->begin(), records->end(), [](const engine::Record& record) {
    return record.type == engine::CaseReceived::kType;
  });
  if (reception == records->end()) {
    return Rejection{RejectionCode::not_allowed, "there is no receipt before the case is received"};
  }
  engine::ReadUntil until;
  until.version = reception->version;
  auto received = loader(services).load(id, until);
  if (!received) return unreadable(received.error());
  facts.received = *std::move(received);
  facts.receiver = reception->actor;
  return {};
}

Result<Response> get_receipt(const Services& services, const Identity& asker, const Request& request) {
  if (const auto query = check_query(request, {"lang"}); !query) return query.error();
  const auto language = language_of(request);
  if (!language) return language.error();
  auto current = visible_case(services, asker, request);
  if (!current) return current.error();
  ReceiptFacts facts;
  facts.is_masked = engine::sees_masked(asker, (*current)->state);
  facts.current = *std::move(current);
  if (const auto found = find_reception(services, facts); !found) return found.error();
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = receipt_html(facts, *language);
  response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  response.headers.emplace_back("Content-Language", *language == engine::Language::vietnamese ? "vi" : "en");
  return response;
}

}  // namespace

void add_print_routes(Router& router, const Services& services) {
  router.get("/api/v1/cases/{id}/prints/receipt", answering(services, &get_receipt));
}

}  // namespace motcua::api

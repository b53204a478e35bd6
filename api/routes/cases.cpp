/// Reading of cases: now, as they stood, their events, their deadline, and search. Durable state only.
#include "api/json/case_text.hpp"
#include "api/json/problem.hpp"
#include "api/json/view_json.hpp"
#include "api/routes/services.hpp"
#include "engine/cases/rights.hpp"

#include <algorithm>
#include <utility>

namespace motcua::api {
namespace {

using engine::CaseHandle;
using engine::Identity;
using engine::Rejection;
using engine::RejectionCode;
using engine::Result;

/// `at_version` or `at_time`, not both.
Result<engine::ReadUntil> read_until(const Request& request) {
  engine::ReadUntil until;
  const auto version = request.query_value("at_version");
  const auto time = request.query_value("at_time");
  if (version && time) return bad_request("at_version and at_time exclude each other");
  if (version) {
    const auto number = whole_number(*version);
    if (!number || *number == 0) return bad_request("at_version must be a whole number from 1");
    until.version = *number;
  }
  if (time) {
    until.recorded_at = engine::parse_rfc3339(*time);
    if (!until.recorded_at) return bad_request("at_time must be an RFC 3339 instant");
  }
  return until;
}

Result<Response> get_case(const Services& services, const Identity& asker, const Request& request) {
  if (const auto query = check_query(request, {"at_version", "at_time"}); !query) return query.error();
  const auto until = read_until(request);
  if (!until) return until.error();
  auto shown = visible_case(services, asker, request);
  if (!shown) return shown.error();
  const auto newest = (*shown)->state.version;
  if (until->version != UINT64_MAX || until->recorded_at) {
    if (until->version != UINT64_MAX && until->version > newest) {
      return Rejection{RejectionCode::not_found, "the case has no such version"};
    }
    auto earlier = loader(services).load((*shown)->state.id, *until);
    if (!earlier) return unreadable(earlier.error());
    if (!*earlier) return Rejection{RejectionCode::not_found, "the case did not exist then"};
    shown = *std::move(earlier);
  }
  const auto absences = substitutions_now(services);
  if (!absences) return absences.error();
  const auto moment = (*shown)->state.version == newest ? CaseMoment::now : CaseMoment::earlier;
  Response response;
  response.body = case_text(**shown, asker, moment, {services.clock.now(), absences->get()});
  response.headers.emplace_back("ETag", '"' + std::to_string((*shown)->state.version) + '"');
  return response;
}

Result<Response> get_events(const Services& services, const Identity& asker, const Request& request) {
  if (const auto query = check_query(request, {"limit", "cursor"}); !query) return query.error();
  const auto limit = list_limit(request);
  if (!limit) return limit.error();
  std::uint64_t after = 0;
  if (const auto cursor = request.query_value("cursor")) {
    const auto version = whole_number(*cursor);
    if (!version) return bad_request("cursor is not one that this call gave");
    after = *version;
  }
  const auto current = visible_case(services, asker, request);
  if (!current) return current.error();
  const bool reveal = !engine::sees_masked(asker, (*current)->state);
  const auto history = loader(services).history((*current)->state.id, reveal);
  if (!history) return unreadable(history.error());
  nlohmann::json body{{"items", nlohmann::json::array()}, {"next_cursor", nullptr}};
  for (const auto& entry : *history) {
    if (entry.record.version <= after) continue;
    if (body["items"].size() == *limit) {
      body["next_cursor"] = std::to_string(entry.record.version - 1);
      break;
    }
    body["items"].push_back(event_json(entry));
  }
  return json_response(body);
}

/// The version that the case is counted by, and the newest.
nlohmann::json calendar_json(const Services& services,
                             const std::shared_ptr<const engine::WorkingCalendar>& calendar) {
  if (!calendar) return nullptr;
  const auto newest = services.catalogue.calendar(calendar->code);
  return {{"code", calendar->code},
          {"version", calendar->version},
          {"newest", newest ? newest->version : calendar->version}};
}

Result<Response> get_deadline(const Services& services, const Identity& asker, const Request& request) {
  if (const auto query = check_query(request, {}); !query) return query.error();
  const auto current = visible_case(services, asker, request);
  if (!current) return current.error();
  auto body = deadline_json(**current);
  body["calendar"] = calendar_json(services, (*current)->rules.calendar);
  return json_response(body);
}

Result<Response> get_once_only(const Services& services, const Identity& asker, const Request& request) {
  if (const auto query = check_query(request, {}); !query) return query.error();
  const auto current = visible_case(services, asker, request);
  if (!current) return current.error();
  return json_response(once_only_json(**current));
}

}  // namespace

void add_case_routes(Router& router, const Services& services) {
  router.get("/api/v1/cases/{id}", answering(services, &get_case));
  router.get("/api/v1/cases/{id}/events", answering(services, &get_events));
  router.get("/api/v1/cases/{id}/deadline", answering(services, &get_deadline));
  router.get("/api/v1/cases/{id}/once-only", answering(services, &get_once_only));
}

}  // namespace motcua::api

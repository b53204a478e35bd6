/// GET /reports/{name}: figures of an agency and those below it, as of any moment.
#include "api/json/problem.hpp"
#include "api/json/report_json.hpp"
#include "api/routes/services.hpp"
#include "api/routes/worklist_query.hpp"

#include <utility>

namespace motcua::api {
namespace {

using engine::Identity;
using engine::Rejection;
using engine::RejectionCode;
using engine::Result;

/// Supervisors and leaders of the agency or above it, and auditors. Rejection: role_forbidden.
Result<void> check_report_reader(const Identity& asker) {
  if (asker.has_role("supervisor") || asker.has_role("leader") || asker.has_role("auditor")) return {};
  return Rejection{RejectionCode::role_forbidden, "reports are for supervisors, leaders and auditors"};
}

/// `at_time`, `from`, and whose. Rejections: bad_request, not_found.
Result<engine::ReportScope> report_scope(const Services& services, const Identity& asker,
                                         const Request& request) {
  const auto agency = worklist_agency(asker, request);
  if (!agency) return agency.error();
  engine::ReportScope scope{*agency, services.clock.now(), {}};
  for (auto [name, into] : {std::pair{"at_time", &scope.at}, std::pair{"from", &scope.from}}) {
    const auto text = request.query_value(name);
    if (!text) continue;
    const auto at = engine::parse_rfc3339(*text);
    if (!at) return bad_request(std::string(name) + " must be an RFC 3339 instant");
    *into = *at;
  }
  if (scope.at > services.clock.now()) return bad_request("at_time lies in the future");
  return scope;
}

Response make_report(const Services& services, const std::string& name, const engine::ReportScope& scope,
                     const std::string& request_id) {
  if (name == "load") {
    const auto report = engine::load_report(services.store, scope);
    return report ? json_response(report_json(*report, scope))
                  : problem_response(unreadable(report.error()), request_id);
  }
  const auto report = engine::lateness_report(services.store, services.catalogue, scope);
  return report ? json_response(report_json(*report, scope))
                : problem_response(unreadable(report.error()), request_id);
}

/// What cannot be answered at once; a report then runs beside the requests.
Result<engine::ReportScope> open_report(const Services& services, const Request& request) {
  const auto asker = authenticate(services, request);
  if (!asker) return asker.error();
  if (const auto query = check_query(request, {"agency", "at_time", "from"}); !query) return query.error();
  const auto name = request.param("name");
  if (name != "load" && name != "lateness")
    return Rejection{RejectionCode::not_found, "there is no such report"};
  if (const auto reader = check_report_reader(*asker); !reader) return reader.error();
  return report_scope(services, *asker, request);
}

void get_report(const Services& services, const std::shared_ptr<Request>& request, Respond respond) {
  const auto scope = open_report(services, *request);
  if (!scope) return respond(problem_response(scope.error(), request->request_id));
  answer_beside(services, *services.background, request, std::move(respond), "other reports are being made",
                [&services, request, scope = *scope] {
                  return make_report(services, std::string(request->param("name")), scope,
                                     request->request_id);
                });
}

}  // namespace

void add_report_routes(Router& router, const Services& services) {
  router.get("/api/v1/reports/{name}", [&services](const std::shared_ptr<Request>& request, Respond respond) {
    get_report(services, request, std::move(respond));
  });
}

}  // namespace motcua::api

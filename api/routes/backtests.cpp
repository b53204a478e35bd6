/// POST /procedures/{code}/backtest: what a candidate would have made of the cases in the running store.
#include "api/json/backtest_json.hpp"
#include "api/json/problem.hpp"
#include "api/routes/definition_findings.hpp"
#include "api/routes/services.hpp"
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/rights.hpp"
#include "workflows/loader/check_file.hpp"

#include <utility>

namespace motcua::api {
namespace {

using engine::Result;

/// Lines of one answer, if the request names no number; and at most.
constexpr std::size_t kLinesDefault = 200;
constexpr std::size_t kLinesMax = 1000;

/// What the query asks for.
struct Asked {
  engine::BacktestScope scope{};
  BacktestAllowance allowance{};
  std::size_t lines = kLinesDefault;
};

Result<void> read_lines(const Request& request, Asked& asked) {
  if (const auto text = request.query_value("limit")) {
    const auto limit = whole_number(*text);
    if (!limit || *limit < 1 || *limit > kLinesMax)
      return bad_request("limit must be a whole number from 1 to 1000");
    asked.lines = *limit;
  }
  const auto wanted = request.query_value("lines").value_or("true");
  if (wanted != "true" && wanted != "false") return bad_request("lines must be true or false");
  if (wanted == "false") asked.lines = 0;
  return {};
}

Result<Asked> read_query(const Request& request) {
  const auto query = check_query(request, {"since", "allow_stranded", "allow_late", "limit", "lines"});
  if (!query) return query.error();
  Asked asked;
  if (const auto text = request.query_value("since")) {
    asked.scope.since = engine::parse_rfc3339(*text);
    if (!asked.scope.since) return bad_request("since must be an RFC 3339 instant");
  }
  for (auto [name, into] : {std::pair{"allow_stranded", &asked.allowance.stranded},
                            std::pair{"allow_late", &asked.allowance.late}}) {
    const auto text = request.query_value(name);
    if (!text) continue;
    const auto number = whole_number(*text);
    if (!number) return bad_request(std::string(name) + " must be a whole number");
    *into = *number;
  }
  if (const auto lines = read_lines(request, asked); !lines) return lines.error();
  return asked;
}

Response make_backtest(const Services& services, const Request& request, Asked asked) {
  const auto candidate = workflows::check_procedure(request.body, "procedure.json", workflows::Checks::all);
  if (!candidate.value) {
    return problem_response(unfit_definition(candidate.located.findings), request.request_id);
  }
  if (candidate.value->code.value != request.param("code")) {
    return problem_response(engine::invalid_data("/code", "is not the procedure that the path names"),
                            request.request_id);
  }
  // As on the command line: the instant up to which the log tells what happened.
  asked.scope.now = services.store.head().recorded_at;
  asked.scope.goes_on = [&services] { return !services.ending(); };
  const auto report =
      engine::backtest(services.store, &services.keys, services.catalogue, *candidate.value, asked.scope);
  if (!report) return problem_response(unreadable(report.error()), request.request_id);
  return json_response(
      backtest_json(*candidate.value, *report, summary_of(*report, asked.allowance), asked.lines));
}

void backtest_procedure(const Services& services, const std::shared_ptr<Request>& request, Respond respond) {
  const auto refuse = [&](const engine::Rejection& why) {
    respond(problem_response(why, request->request_id));
  };
  const auto asker = authenticate(services, *request);
  if (!asker) return refuse(asker.error());
  const auto asked = read_query(*request);
  if (!asked) return refuse(asked.error());
  if (const auto role = engine::check_may_publish(*asker); !role) return refuse(role.error());
  answer_beside(services, *services.trials, request, std::move(respond), "another back-test is running",
                [&services, request, asked = *asked] { return make_backtest(services, *request, asked); });
}

}  // namespace

void add_backtest_routes(Router& router, const Services& services) {
  router.post("/api/v1/procedures/{code}/backtest",
              [&services](const std::shared_ptr<Request>& request, Respond respond) {
                backtest_procedure(services, request, std::move(respond));
              });
}

}  // namespace motcua::api

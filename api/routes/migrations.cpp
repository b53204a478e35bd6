/// POST /procedures/{code}/migrations: the dry run of `migrate` over the running cases of a procedure, beside
/// the requests. It reads alone; each case is then moved by a command of its own.
#include "api/json/command_json.hpp"
#include "api/json/problem.hpp"
#include "api/routes/services.hpp"
#include "engine/runtime/migration_preview.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace motcua::api {
namespace {

using engine::Rejection;
using engine::RejectionCode;
using engine::Result;
using nlohmann::json;

Rejection invalid_member(const char* pointer, const char* reason) {
  Rejection rejection{RejectionCode::invalid_data, "the request's body is not valid"};
  rejection.members["pointers"] = json::array({{{"pointer", pointer}, {"reason", reason}}});
  return rejection;
}

json time_or_null(const std::optional<engine::Instant>& at) {
  return at ? json(engine::to_rfc3339(*at)) : json(nullptr);
}

json names_json(const std::vector<engine::StepName>& steps) {
  auto list = json::array();
  for (const auto& step : steps) list.push_back(step.value);
  return list;
}

json problem_json(const Rejection& rejection) {
  return {{"code", engine::name_of(rejection.code)},
          {"obstacle", rejection.members.value("obstacle", json(nullptr))},
          {"detail", rejection.detail},
          {"pointers", rejection.members.value("pointers", json::array())}};
}

json line_json(const engine::MigrationLine& line) {
  return {{"id", engine::to_text(line.id)},
          {"code", line.code},
          {"version", line.version},
          {"from_version", line.from_version},
          {"steps", names_json(line.steps)},
          {"steps_after", names_json(line.steps_after)},
          {"due_before", time_or_null(line.due_before)},
          {"due_after", time_or_null(line.due_after)},
          {"problem", line.problem ? problem_json(*line.problem) : json(nullptr)}};
}

bool is_procedure(const Services& services, const engine::ProcedureCode& code) {
  const auto all = services.catalogue.definitions();
  return std::any_of(all.begin(), all.end(), [&](const auto& each) { return each->code == code; });
}

/// What is wrong with the request as a whole; cases are looked at one by one.
Result<engine::MigrationAsked> asked_of(const Services& services, const Request& request) {
  auto asker = authenticate(services, request);
  if (!asker) return asker.error();
  if (const auto query = check_query(request, {}); !query) return query.error();
  if (!asker->has_role("supervisor")) {
    return Rejection{RejectionCode::role_forbidden, "cases are moved by supervisors"};
  }
  const engine::ProcedureCode code{std::string(request.param("code"))};
  if (!is_procedure(services, code)) return Rejection{RejectionCode::not_found, "there is no such procedure"};
  auto body = parse_migrations(request.json);
  if (!body) return body.error();
  engine::MigrationAsked asked;
  asked.target = services.catalogue.definition(code, body->command.version);
  if (!asked.target || !asked.target->published) {
    return invalid_member("/version", "is no published version of the procedure");
  }
  const auto& laws = asked.target->law;
  if (std::none_of(laws.begin(), laws.end(), [&](const auto& law) { return law.id == body->command.law; })) {
    return invalid_member("/law", "is not a law that this version cites");
  }
  asked.from_version = body->from_version;
  asked.command = std::move(body->command);
  asked.after = body->after;
  asked.limit = body->limit;
  asked.asker = *std::move(asker);
  // Of a version that takes force later: as of its first day.
  asked.now = std::max(services.clock.now(),
                       engine::instant_at(asked.target->effective_from, std::chrono::microseconds{0}));
  return asked;
}

Response answer(const Services& services, const engine::MigrationAsked& asked,
                const std::string& request_id) {
  const auto page = engine::preview_migration(services.store, services.keys, services.catalogue, asked);
  if (!page) return problem_response(unreadable(page.error()), request_id);
  json body{{"items", json::array()}, {"next_cursor", nullptr}};
  for (const auto& line : page->lines) body["items"].push_back(line_json(line));
  if (page->next) body["next_cursor"] = engine::to_text(*page->next);
  return json_response(body);
}

void post_migrations(const Services& services, const std::shared_ptr<Request>& request, Respond respond) {
  auto asked = asked_of(services, *request);
  if (!asked) return respond(problem_response(asked.error(), request->request_id));
  answer_beside(services, *services.background, request, std::move(respond), "other long reads are going on",
                [&services, request, asked = *std::move(asked)] {
                  return answer(services, asked, request->request_id);
                });
}

}  // namespace

void add_migration_routes(Router& router, const Services& services) {
  router.post("/api/v1/procedures/{code}/migrations",
              [&services](const std::shared_ptr<Request>& request, Respond respond) {
                post_migrations(services, request, std::move(respond));
              });
}

}  // namespace motcua::api

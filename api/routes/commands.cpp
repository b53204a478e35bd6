/// POST /cases and POST /cases/{id}/commands: the way into the log.
#include "api/json/case_text.hpp"
#include "api/json/command_json.hpp"
#include "api/json/problem.hpp"
#include "api/routes/services.hpp"

#include <utility>

namespace motcua::api {
namespace {

std::string render(const engine::CommandAnswer& answer, const engine::Identity& asker) {
  return case_text(*answer.after, asker, CaseMoment::now, answer.attendance());
}

Response accepted_response(engine::CommandAnswer& answer) {
  const auto& state = answer.after->state;
  Response response;
  response.status = answer.status;
  response.body = std::move(answer.body);
  response.headers.emplace_back("ETag", '"' + std::to_string(state.version) + '"');
  if (answer.status == 201)
    response.headers.emplace_back("Location", "/api/v1/cases/" + engine::to_text(state.id));
  if (answer.repeated) response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

/// Hands the command over; its answer comes back on this thread when all that it read is on disk.
void submit(const Services& services, engine::CommandRequest command, const std::shared_ptr<Request>& request,
            Respond respond) {
  const auto waiting = std::make_shared<Respond>(std::move(respond));
  command.render = &render;
  services.sequencer.submit(
      std::move(command), [request, waiting](engine::Result<engine::CommandAnswer> answer) {
        if (answer && answer->after) {
          (*waiting)(accepted_response(*answer));
        } else if (answer) {
          // The key was used for another kind of request.
          (*waiting)(problem_response(Problem::idempotency_key_reused, "", request->request_id));
        } else {
          (*waiting)(problem_response(answer.error(), request->request_id));
        }
      });
}

using ReadCommand = engine::Result<void> (*)(const Request&, engine::CommandRequest&);

engine::Result<void> read_filing(const Request& request, engine::CommandRequest& command) {
  command.request = engine::FilingRequest{parse_filing(request.json)};
  return {};
}

engine::Result<void> read_case_command(const Request& request, engine::CommandRequest& command) {
  const auto id = engine::parse_case_id(request.param("id"));
  if (!id) return engine::Rejection{engine::RejectionCode::not_found, "there is no such case"};
  auto parsed = parse_command(request.json);
  command.request =
      engine::CaseRequest{*id, std::move(parsed.kind), std::move(parsed.command), parsed.expected_version};
  return {};
}

Handler writing(const Services& services, ReadCommand read) {
  return [&services, read](const std::shared_ptr<Request>& request, Respond respond) {
    auto command = open_write(services, *request);
    if (!command) {
      respond(problem_response(command.error(), request->request_id));
      return;
    }
    if (refuse_keyless(*request, respond)) return;
    if (const auto known = read(*request, *command); !known) {
      respond(problem_response(known.error(), request->request_id));
      return;
    }
    submit(services, *std::move(command), request, std::move(respond));
  };
}

}  // namespace

void add_command_routes(Router& router, const Services& services) {
  router.post("/api/v1/cases", writing(services, &read_filing));
  router.post("/api/v1/cases/{id}/commands", writing(services, &read_case_command));
}

}  // namespace motcua::api

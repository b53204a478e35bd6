/// POST /cases and POST /cases/{id}/commands: the way into the log.
#include "api/json/case_text.hpp"
#include "api/json/command_json.hpp"
#include "api/json/problem.hpp"
#include "api/routes/services.hpp"

#include <cstdint>
#include <utility>

namespace motcua::api {
namespace {

constexpr std::size_t kIdempotencyKeyBytesMax = 255;

void append_sized(std::string& bytes, std::string_view part) {
  const auto size = static_cast<std::uint32_t>(part.size());
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(size >> shift & 0xFFU));
  bytes.append(part);
}

/// The parts of a command that do not depend on what it says: who asks, and the marks of its Idempotency-Key.
engine::Result<engine::CommandRequest> open_request(const Services& services, const Request& request) {
  auto asker = authenticate(services, request);
  if (!asker) return asker.error();
  engine::CommandRequest command;
  command.asker = *std::move(asker);
  std::string scope;
  append_sized(scope, command.asker.agency.value);
  append_sized(scope, command.asker.sub.value);
  append_sized(scope, request.idempotency_key);
  command.scope = services.keys.mac("idempotency-scope", scope);
  std::string body;
  append_sized(body, request.path);
  append_sized(body, request.body);
  command.body_mac = services.keys.mac("idempotency-body", body);
  return command;
}

std::string render(const engine::LoadedCase& after, const engine::Identity& asker) {
  return case_text(after, asker, CaseMoment::now);
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
  services.sequencer.submit(std::move(command),
                            [request, waiting](engine::Result<engine::CommandAnswer> answer) {
                              if (answer) {
                                (*waiting)(accepted_response(*answer));
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
    auto command = open_request(services, *request);
    if (!command) {
      respond(problem_response(command.error(), request->request_id));
      return;
    }
    if (request->idempotency_key.empty()) {
      respond(problem_response(Problem::idempotency_key_missing, "a write needs an Idempotency-Key",
                               request->request_id));
      return;
    }
    if (request->idempotency_key.size() > kIdempotencyKeyBytesMax) {
      respond(problem_response(bad_request("an Idempotency-Key has at most 255 bytes"), request->request_id));
      return;
    }
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

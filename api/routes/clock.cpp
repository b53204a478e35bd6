/// POST /clock/confirm: an administrator takes the doubted clock for right, and writes go on.
#include "api/json/command_json.hpp"
#include "api/json/problem.hpp"
#include "api/routes/services.hpp"

#include <memory>
#include <utility>

namespace motcua::api {
namespace {

Response confirmed_response(const engine::CommandAnswer& answer) {
  const auto& confirmation = *answer.confirmation;
  const auto& reading = confirmation.reading;
  auto response = json_response({{"wall_time", engine::to_rfc3339(reading.now)},
                                 {"expected_time", engine::to_rfc3339(reading.doubt->expected)},
                                 {"deviation_s", engine::deviation_seconds(reading)},
                                 {"fault", engine::name_of(reading.doubt->fault)},
                                 {"confirmed_by", confirmation.confirmed_by.value},
                                 {"recorded_at", engine::to_rfc3339(confirmation.recorded_at)}});
  if (answer.repeated) response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

void confirm(const Services& services, const std::shared_ptr<Request>& request, Respond respond) {
  auto write = open_write(services, *request);
  if (!write) return respond(problem_response(write.error(), request->request_id));
  if (refuse_keyless(*request, respond)) return;
  write->request = engine::ClockRequest{parse_confirmation(request->json)};
  const auto waiting = std::make_shared<Respond>(std::move(respond));
  services.sequencer.submit(*std::move(write), [request, waiting](
                                                   const engine::Result<engine::CommandAnswer>& answer) {
    (*waiting)(answer ? confirmed_response(*answer) : problem_response(answer.error(), request->request_id));
  });
}

}  // namespace

void add_clock_routes(Router& router, const Services& services) {
  router.post("/api/v1/clock/confirm", [&services](const std::shared_ptr<Request>& request, Respond respond) {
    confirm(services, request, std::move(respond));
  });
}

}  // namespace motcua::api

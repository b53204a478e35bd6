/// Health, metrics, the contract's document, and the development clock: outside the prefix, without a token.
#include "api/json/problem.hpp"
#include "api/routes/services.hpp"

#include <memory>
#include <utility>

namespace motcua::api {
namespace {

Response text_response(std::string body, std::string_view content_type) {
  Response response;
  response.content_type = std::string(content_type);
  response.body = std::move(body);
  return response;
}

Response readiness(const Services& services, const Request& request) {
  if (services.ready && !services.ready()) {
    return problem_response(Problem::not_durable, "the store has failed; the process is ending",
                            request.request_id);
  }
  if (const auto reading = services.clock.read(); reading.doubt) {
    return problem_response(engine::clock_suspect(reading), request.request_id);
  }
  if (const auto shortage = services.disk == nullptr ? std::nullopt : services.disk->shortage()) {
    return problem_response(Problem::not_durable, *shortage, request.request_id);
  }
  return json_response({{"status", "ready"}, {"position", services.store.head().position}});
}

/// Where `{"advance_s": N}` or `{"set": INSTANT}` leads.
engine::Result<engine::Instant> clock_target(const nlohmann::json& body, engine::Instant now) {
  engine::Rejection invalid{engine::RejectionCode::invalid_data,
                            "give either advance_s (whole seconds) or set (RFC 3339)"};
  if (body.size() != 1) return invalid;
  if (const auto advance = body.find("advance_s"); advance != body.end()) {
    if (!advance->is_number_integer() || advance->get<std::int64_t>() > 4'000'000'000) return invalid;
    return now + std::chrono::seconds{advance->get<std::int64_t>()};
  }
  if (const auto set = body.find("set"); set != body.end() && set->is_string()) {
    if (const auto to = engine::parse_rfc3339(set->get_ref<const std::string&>())) return *to;
  }
  return invalid;
}

/// Moves the clock; answers when the timers on the way have fired and are on disk.
void move_clock(const Services& services, const std::shared_ptr<Request>& request, Respond respond) {
  const auto to = clock_target(request->json, services.virtual_clock->now());
  if (!to) return respond(problem_response(to.error(), request->request_id));
  if (*to < services.virtual_clock->now()) {
    return respond(
        problem_response(Problem::invalid_data, "the clock does not go back", request->request_id));
  }
  const auto waiting = std::make_shared<Respond>(std::move(respond));
  services.timers->hop(*to, [&services, request, waiting](bool moved) {
    services.post([&services, request, waiting, moved] {
      (*waiting)(moved ? json_response({{"now", engine::to_rfc3339(services.virtual_clock->now())}})
                       : problem_response(Problem::not_durable, "a timer could not be recorded",
                                          request->request_id));
    });
  });
}

}  // namespace

void add_health_routes(Router& router, const Services& services) {
  router.get("/health/live", [](const std::shared_ptr<Request>&, Respond respond) {
    respond(json_response({{"status", "live"}}));
  });
  router.get("/health/ready", [&services](const std::shared_ptr<Request>& request, Respond respond) {
    respond(readiness(services, *request));
  });
  router.get("/metrics", [&services](const std::shared_ptr<Request>&, Respond respond) {
    respond(text_response(services.metrics.render(), kMetricsContentType));
  });
  router.get("/openapi.json", [](const std::shared_ptr<Request>&, Respond respond) {
    respond(text_response(std::string(openapi_text()), "application/json"));
  });
  if (services.virtual_clock == nullptr) return;
  router.get("/dev/clock", [&services](const std::shared_ptr<Request>&, Respond respond) {
    respond(json_response({{"now", engine::to_rfc3339(services.virtual_clock->now())}}));
  });
  router.post("/dev/clock", [&services](const std::shared_ptr<Request>& request, Respond respond) {
    move_clock(services, request, std::move(respond));
  });
}

}  // namespace motcua::api

/// GET and POST /substitutions: who stands in for whom, until when.
#include "api/json/command_json.hpp"
#include "api/json/problem.hpp"
#include "api/routes/services.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace motcua::api {
namespace {

using engine::Identity;
using engine::Result;
using engine::Substitution;
using nlohmann::json;

const char* state_of(const Substitution& one, engine::Instant now) {
  if (one.holds_at(now)) return "holds";
  return now < one.over_at() ? "planned" : "over";
}

json substitution_json(const Substitution& one, engine::Instant now) {
  const auto last_day = engine::local_day(one.until - std::chrono::microseconds{1});
  json object{{"id", one.id},
              {"agency", one.agency.value},
              {"absent", one.absent.value},
              {"substitute", one.substitute.value},
              {"roles", one.roles},
              {"from", engine::to_iso(engine::local_day(one.from))},
              {"until", engine::to_iso(last_day)},
              {"state", state_of(one, now)},
              {"set_by", one.set_by.value},
              {"set_at", engine::to_rfc3339(one.set_at)},
              {"ended_by", nullptr},
              {"ended_at", nullptr}};
  if (one.ended_at) {
    object["ended_by"] = one.ended_by.value;
    object["ended_at"] = engine::to_rfc3339(*one.ended_at);
  }
  return object;
}

/// The newest first.
Result<Response> list_substitutions(const Services& services, const Identity& asker, const Request& request) {
  if (const auto query = check_query(request, {"limit", "cursor"}); !query) return query.error();
  const auto limit = list_limit(request);
  if (!limit) return limit.error();
  auto before = UINT64_MAX;
  if (const auto cursor = request.query_value("cursor")) {
    const auto id = whole_number(*cursor);
    if (!id) return bad_request("cursor is not one that this call gave");
    before = *id;
  }
  const auto table = substitutions_now(services);
  if (!table) return table.error();
  json body{{"items", json::array()}, {"next_cursor", nullptr}};
  if (*table == nullptr) return json_response(body);
  const auto now = services.clock.now();
  const auto& all = (*table)->all();
  for (auto it = std::make_reverse_iterator(all.lower_bound(before)); it != all.rend(); ++it) {
    if (!engine::may_see(asker, it->second)) continue;
    if (body["items"].size() == *limit) {
      body["next_cursor"] = std::to_string(body["items"].back()["id"].get<std::uint64_t>());
      break;
    }
    body["items"].push_back(substitution_json(it->second, now));
  }
  return json_response(body);
}

Response recorded_response(const engine::CommandAnswer& answer, engine::Instant now) {
  auto response = json_response(substitution_json(*answer.substitution, now));
  response.status = answer.status;
  if (answer.repeated) response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

void change(const Services& services, const std::shared_ptr<Request>& request, Respond respond) {
  auto write = open_write(services, *request);
  if (!write) return respond(problem_response(write.error(), request->request_id));
  if (refuse_keyless(*request, respond)) return;
  write->request = engine::SubstitutionRequest{parse_substitution(request->json)};
  const auto waiting = std::make_shared<Respond>(std::move(respond));
  services.sequencer.submit(
      *std::move(write), [&services, request, waiting](const Result<engine::CommandAnswer>& answer) {
        if (answer && answer->substitution) {
          (*waiting)(recorded_response(*answer, services.clock.now()));
        } else if (answer) {
          (*waiting)(problem_response(Problem::idempotency_key_reused, "", request->request_id));
        } else {
          (*waiting)(problem_response(answer.error(), request->request_id));
        }
      });
}

}  // namespace

void add_substitution_routes(Router& router, const Services& services) {
  router.get("/api/v1/substitutions", answering(services, &list_substitutions));
  router.post("/api/v1/substitutions", [&services](const std::shared_ptr<Request>& request, Respond respond) {
    change(services, request, std::move(respond));
  });
}

}  // namespace motcua::api

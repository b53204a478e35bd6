#include "api/routes/services.hpp"

#include "api/json/problem.hpp"
#include "engine/cases/rights.hpp"

#include <algorithm>
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

}  // namespace

engine::Result<engine::CommandRequest> open_write(const Services& services, const Request& request) {
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

engine::Result<engine::SubstitutionsHandle> substitutions_now(const Services& services) {
  if (services.substitutions == nullptr) return engine::SubstitutionsHandle{};
  auto table = services.substitutions->read();
  if (!table) return unreadable(table.error());
  return *std::move(table);
}

bool refuse_keyless(const Request& request, Respond& respond) {
  if (request.idempotency_key.empty()) {
    respond(problem_response(Problem::idempotency_key_missing, "a write needs an Idempotency-Key",
                             request.request_id));
    return true;
  }
  if (request.idempotency_key.size() > kIdempotencyKeyBytesMax) {
    respond(problem_response(bad_request("an Idempotency-Key has at most 255 bytes"), request.request_id));
    return true;
  }
  return false;
}

engine::Rejection bad_request(std::string detail) {
  return {engine::RejectionCode::bad_request, std::move(detail)};
}

engine::Rejection unreadable(const engine::Fault& fault) {
  return {engine::RejectionCode::not_durable, "the store cannot be read: " + fault.what};
}

engine::Result<engine::Identity> authenticate(const Services& services, const Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view field = request.authorization;
  const bool bearer =
      field.size() > kScheme.size() &&
      std::equal(kScheme.begin(), kScheme.end(), field.begin(), [](char expected, char given) {
        return expected == given || (given >= 'A' && given <= 'Z' && expected == given + 32) ||
               (given >= 'a' && given <= 'z' && expected == given - 32);
      });
  if (!bearer) {
    return engine::Rejection{engine::RejectionCode::unauthenticated,
                             "an Authorization: Bearer token is required"};
  }
  return services.tokens.verify(field.substr(kScheme.size()));
}

engine::Result<void> check_query(const Request& request, std::initializer_list<std::string_view> allowed) {
  for (auto it = request.query.begin(); it != request.query.end(); ++it) {
    if (std::find(allowed.begin(), allowed.end(), it->first) == allowed.end()) {
      return bad_request("a query parameter is not known to this call");
    }
    const bool twice =
        std::any_of(request.query.begin(), it, [&](const auto& other) { return other.first == it->first; });
    if (twice) return bad_request("a query parameter is given twice");
  }
  return {};
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

engine::Result<std::size_t> list_limit(const Request& request) {
  constexpr std::size_t kDefault = 50;
  constexpr std::size_t kMost = 200;
  const auto text = request.query_value("limit");
  if (!text) return kDefault;
  const auto limit = whole_number(*text);
  if (!limit || *limit < 1 || *limit > kMost)
    return bad_request("limit must be a whole number from 1 to 200");
  return static_cast<std::size_t>(*limit);
}

engine::CaseLoader loader(const Services& services) {
  return {services.store, &services.keys, services.catalogue};
}

engine::Result<engine::CaseHandle> visible_case(const Services& services, const engine::Identity& asker,
                                                const Request& request) {
  const engine::Rejection no_case{engine::RejectionCode::not_found, "there is no such case"};
  const auto id = engine::parse_case_id(request.param("id"));
  if (!id) return no_case;
  auto loaded = loader(services).load(*id);
  if (!loaded) return unreadable(loaded.error());
  if (!*loaded || !engine::may_see(asker, (*loaded)->state)) return no_case;
  return *std::move(loaded);
}

Handler answering(const Services& services, Query query) {
  return [&services, query = std::move(query)](const std::shared_ptr<Request>& request, Respond respond) {
    const auto asker = authenticate(services, *request);
    if (!asker) {
      respond(problem_response(asker.error(), request->request_id));
      return;
    }
    auto answer = query(services, *asker, *request);
    if (!answer) {
      respond(problem_response(answer.error(), request->request_id));
      return;
    }
    respond(*std::move(answer));
  };
}

void answer_beside(const Services& services, Background& background, const std::shared_ptr<Request>& request,
                   Respond respond, std::string_view busy, std::function<Response()> make) {
  const auto waiting = std::make_shared<Respond>(std::move(respond));
  const auto response = std::make_shared<Response>();
  const bool runs = background.run([response, make = std::move(make)] { *response = make(); },
                                   [&services, waiting, response] {
                                     services.post([waiting, response] { (*waiting)(std::move(*response)); });
                                   });
  if (!runs) (*waiting)(problem_response(Problem::too_many_requests, busy, request->request_id));
}

void add_routes(Router& router, const Services& services) {
  add_procedure_routes(router, services);
  add_publishing_routes(router, services);
  add_backtest_routes(router, services);
  add_migration_routes(router, services);
  add_case_routes(router, services);
  add_command_routes(router, services);
  add_lookup_routes(router, services);
  add_worklist_routes(router, services);
  add_bulk_routes(router, services);
  add_search_routes(router, services);
  add_report_routes(router, services);
  add_stream_routes(router, services);
  add_print_routes(router, services);
  add_clock_routes(router, services);
  add_calendar_routes(router, services);
  add_proposal_routes(router, services);
  add_decision_routes(router, services);
  add_substitution_routes(router, services);
  add_health_routes(router, services);
}

}  // namespace motcua::api

/// The catalogue: published procedures and their definitions, byte for byte as published.
#include "api/json/problem.hpp"
#include "api/routes/services.hpp"

#include <utility>

namespace motcua::api {
namespace {

using engine::Identity;
using engine::Rejection;
using engine::RejectionCode;
using engine::Result;

nlohmann::json line_json(const engine::Definition& definition) {
  return {{"code", definition.code.value},
          {"version", definition.version},
          {"name", {{"vi", definition.name.vi}, {"en", definition.name.en}}},
          {"level", definition.level},
          {"channels", definition.channels},
          {"effective_from", engine::to_iso(definition.effective_from)},
          {"effective_to", definition.effective_to ? nlohmann::json(engine::to_iso(*definition.effective_to))
                                                   : nlohmann::json(nullptr)},
          {"hash", engine::to_hex(definition.hash)}};
}

Result<Response> list_procedures(const Services& services, const Identity&, const Request& request) {
  if (const auto query = check_query(request, {"limit", "cursor"}); !query) return query.error();
  const auto limit = list_limit(request);
  if (!limit) return limit.error();
  const auto after = request.query_value("cursor").value_or("");
  nlohmann::json body{{"items", nlohmann::json::array()}, {"next_cursor", nullptr}};
  for (const auto& definition : services.catalogue.definitions()) {
    if (definition->code.value <= after) continue;
    if (body["items"].size() == *limit) {
      body["next_cursor"] = body["items"].back()["code"];
      break;
    }
    body["items"].push_back(line_json(*definition));
  }
  return json_response(body);
}

Result<Response> get_procedure(const Services& services, const Identity&, const Request& request) {
  if (const auto query = check_query(request, {"version"}); !query) return query.error();
  const engine::ProcedureCode code{std::string(request.param("code"))};
  std::shared_ptr<const engine::Definition> definition;
  if (const auto text = request.query_value("version")) {
    const auto version = whole_number(*text);
    if (!version) return bad_request("version must be a whole number");
    definition = services.catalogue.definition(code, static_cast<std::int64_t>(*version));
  } else {
    definition = services.catalogue.definition_on(code, engine::local_day(services.clock.now()));
  }
  if (!definition) return Rejection{RejectionCode::not_found, "there is no such procedure or version"};
  Response response;
  response.body = definition->document->bytes();
  response.headers.emplace_back("ETag", '"' + engine::to_hex(definition->hash) + '"');
  return response;
}

}  // namespace

void add_procedure_routes(Router& router, const Services& services) {
  router.get("/api/v1/procedures", answering(services, &list_procedures));
  router.get("/api/v1/procedures/{code}", answering(services, &get_procedure));
}

}  // namespace motcua::api

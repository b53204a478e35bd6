/// The catalogue: published procedures and their definitions, byte for byte as published.
#include "api/json/problem.hpp"
#include "api/routes/services.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace motcua::api {
namespace {

using engine::Identity;
using engine::Rejection;
using engine::RejectionCode;
using engine::Result;

using DefinitionHandle = std::shared_ptr<const engine::Definition>;

nlohmann::json effective_to(const engine::Definition& definition) {
  return definition.effective_to ? nlohmann::json(engine::to_iso(*definition.effective_to))
                                 : nlohmann::json(nullptr);
}

/// What a version is on a day: draft, upcoming, in_force, superseded (by a later version), ended.
const char* status_of(const engine::Definition& definition, const DefinitionHandle& in_force,
                      engine::LocalDay today) {
  if (!definition.published) return "draft";
  if (in_force && in_force->version == definition.version) return "in_force";
  if (definition.effective_from > today) return "upcoming";
  return definition.effective_to && *definition.effective_to <= today ? "ended" : "superseded";
}

/// A procedure as it stands on a day.
struct Standing {
  DefinitionHandle in_force{};
  DefinitionHandle next{};  ///< the version that comes into force first
};

Standing standing_on(const Services& services, const engine::ProcedureCode& code, engine::LocalDay today) {
  Standing standing{services.catalogue.definition_on(code, today), nullptr};
  for (const auto& each : services.catalogue.versions(code)) {
    if (!each->published || each->effective_from <= today) continue;
    if (!standing.next || each->effective_from < standing.next->effective_from) standing.next = each;
  }
  return standing;
}

/// The version in force; before the first one the first, after the last one the last.
nlohmann::json line_json(const Services& services, const engine::Definition& newest, engine::LocalDay today) {
  const auto [in_force, next] = standing_on(services, newest.code, today);
  const auto& definition = in_force ? *in_force : next ? *next : newest;
  nlohmann::json coming = nullptr;
  if (next) coming = {{"version", next->version}, {"effective_from", engine::to_iso(next->effective_from)}};
  return {{"code", definition.code.value},
          {"version", definition.version},
          {"status", status_of(definition, in_force, today)},
          {"name", {{"vi", definition.name.vi}, {"en", definition.name.en}}},
          {"level", definition.level},
          {"channels", definition.channels},
          {"effective_from", engine::to_iso(definition.effective_from)},
          {"effective_to", effective_to(definition)},
          {"hash", engine::to_hex(definition.hash)},
          {"next", std::move(coming)}};
}

Result<Response> list_procedures(const Services& services, const Identity&, const Request& request) {
  if (const auto query = check_query(request, {"limit", "cursor"}); !query) return query.error();
  const auto limit = list_limit(request);
  if (!limit) return limit.error();
  const auto after = request.query_value("cursor").value_or("");
  const auto today = engine::local_day(services.clock.now());
  nlohmann::json body{{"items", nlohmann::json::array()}, {"next_cursor", nullptr}};
  for (const auto& definition : services.catalogue.definitions()) {
    if (definition->code.value <= after) continue;
    if (body["items"].size() == *limit) {
      body["next_cursor"] = body["items"].back()["code"];
      break;
    }
    body["items"].push_back(line_json(services, *definition, today));
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

Result<Response> list_versions(const Services& services, const Identity&, const Request& request) {
  if (const auto query = check_query(request, {}); !query) return query.error();
  const engine::ProcedureCode code{std::string(request.param("code"))};
  const auto versions = services.catalogue.versions(code);
  if (versions.empty()) return Rejection{RejectionCode::not_found, "there is no such procedure"};
  const auto publications =
      engine::publications_of(services.store, {engine::StreamKind::procedure, code.value});
  if (!publications) return unreadable(publications.error());
  const auto today = engine::local_day(services.clock.now());
  const auto in_force = services.catalogue.definition_on(code, today);
  nlohmann::json items = nlohmann::json::array();
  for (const auto& version : versions) {
    const auto published =
        std::find_if(publications->begin(), publications->end(),
                     [&](const engine::Publication& each) { return each.published.hash == version->hash; });
    const bool found = published != publications->end();
    items.push_back(
        {{"version", version->version},
         {"status", status_of(*version, in_force, today)},
         {"hash", engine::to_hex(version->hash)},
         {"effective_from", engine::to_iso(version->effective_from)},
         {"effective_to", effective_to(*version)},
         {"published_at", found ? nlohmann::json(engine::to_rfc3339(published->recorded_at)) : nullptr}});
  }
  return json_response({{"code", code.value}, {"items", std::move(items)}});
}

}  // namespace

void add_procedure_routes(Router& router, const Services& services) {
  router.get("/api/v1/procedures", answering(services, &list_procedures));
  router.get("/api/v1/procedures/{code}", answering(services, &get_procedure));
  router.get("/api/v1/procedures/{code}/versions", answering(services, &list_versions));
}

}  // namespace motcua::api

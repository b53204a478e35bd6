/// Definitions (quy trình): the linter over HTTP, and publication on a running engine.
#include "api/json/problem.hpp"
#include "api/routes/definition_findings.hpp"
#include "api/routes/services.hpp"
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/rights.hpp"
#include "engine/runtime/switching.hpp"
#include "workflows/loader/loaded_catalogue.hpp"
#include "workflows/loader/published_check.hpp"
#include "workflows/loader/readers.hpp"

#include <memory>
#include <utility>

namespace motcua::api {
namespace {

using engine::PublishProcedure;
using engine::Result;
using nlohmann::json;
using DefinitionHandle = std::shared_ptr<const engine::Definition>;

constexpr auto kFile = "procedure.json";
constexpr std::string_view kBusy = "other definitions are being checked";

void lint_procedure(const Services& services, const std::shared_ptr<Request>& request, Respond respond) {
  const auto refuse = [&](const engine::Rejection& why) {
    respond(problem_response(why, request->request_id));
  };
  const auto asker = authenticate(services, *request);
  if (!asker) return refuse(asker.error());
  if (const auto query = check_query(*request, {}); !query) return refuse(query.error());
  if (const auto role = engine::check_may_lint(*asker); !role) return refuse(role.error());
  answer_beside(services, *services.checks, request, std::move(respond), kBusy, [&services, request] {
    const auto checked = workflows::check_beside(*services.published, request->body, kFile);
    return json_response(findings_json(checked.findings));
  });
}

/// The publication of exactly these bytes; null if there is none. Rejection: not_durable.
Result<engine::PublicationHandle> already_published(const Services& services, const Request& request) {
  const auto code = request.json.find("code");
  const auto version = request.json.find("version");
  const bool named = code != request.json.end() && code->is_string() && version != request.json.end() &&
                     version->is_number_integer();
  if (!named) return engine::PublicationHandle{};
  const engine::ProcedureCode procedure{code->get<std::string>()};
  const auto known = services.catalogue.definition(procedure, version->get<std::int64_t>());
  if (!known || !known->published || known->hash != workflows::sha256(request.body))
    return engine::PublicationHandle{};
  const auto publications =
      engine::publications_of(services.store, {engine::StreamKind::procedure, procedure.value});
  if (!publications) return unreadable(publications.error());
  for (const auto& publication : *publications) {
    if (publication.published.version == known->version)
      return std::make_shared<const engine::Publication>(publication);
  }
  return engine::PublicationHandle{};
}

/// The newest version of the procedure that the body names; null if there is none.
DefinitionHandle newest_of(const Services& services, const Request& request) {
  const auto code = request.json.find("code");
  if (code == request.json.end() || !code->is_string()) return nullptr;
  const auto known = services.catalogue.versions(engine::ProcedureCode{code->get<std::string>()});
  return known.empty() ? nullptr : known.back();
}

/// What can be said of the body without knowing when it is decided. `newest`: as the request came in.
Result<engine::CheckedProcedure> checked_procedure(const Services& services, const Request& request,
                                                   const DefinitionHandle& newest) {
  auto checked = workflows::check_beside(*services.published, request.body, kFile);
  if (const auto now = newest_of(services, request); now != newest) return engine::overtaken(*now);
  if (!checked.definition) return unfit_definition(checked.findings);
  const auto& definition = *checked.definition;
  if (!definition.published) {
    return engine::invalid_data("/status", "must be published: a draft is tried, not published");
  }
  if (newest && definition.version != newest->version + 1) {
    return engine::invalid_data("/version",
                                "must be " + std::to_string(newest->version + 1) + ", the next version");
  }
  return engine::CheckedProcedure{std::move(checked.definition),
                                  count_of(workflows::Severity::warning, checked.findings)};
}

/// Looked at anew after the check: somebody else may have published the same bytes meanwhile.
PublishProcedure checked_request(const Services& services, const Request& request,
                                 const DefinitionHandle& newest) {
  PublishProcedure publish;
  publish.checked = checked_procedure(services, request, newest);
  if (publish.checked) return publish;
  if (const auto same = already_published(services, request); same && *same) publish.unchanged = *same;
  return publish;
}

/// The body of the request is the definition, also where the answer is an earlier one's.
Response publication_response(const engine::Publication& publication, const Request& request,
                              unsigned status) {
  const auto effective = request.json.value("effective", json::object());
  return json_response({{"code", publication.published.code},
                        {"version", publication.published.version},
                        {"hash", engine::to_hex(publication.published.hash)},
                        {"effective_from", effective.value("from", json())},
                        {"effective_to", effective.value("to", json())},
                        {"open_cases", effective.value("open_cases", json("keep"))},
                        {"published_at", engine::to_rfc3339(publication.recorded_at)},
                        {"warnings", publication.warnings ? json(*publication.warnings) : json(nullptr)}},
                       status);
}

void submit(const Services& services, engine::CommandRequest write, PublishProcedure publish,
            const std::shared_ptr<Request>& request, const std::shared_ptr<Respond>& waiting) {
  const auto definition = publish.checked ? publish.checked->definition : nullptr;
  write.request = std::move(publish);
  services.sequencer.submit(std::move(write), [&services, request, waiting,
                                               definition](const Result<engine::CommandAnswer>& answer) {
    if (!answer) return (*waiting)(problem_response(answer.error(), request->request_id));
    if (!answer->publication) {
      return (*waiting)(problem_response(Problem::idempotency_key_reused, "", request->request_id));
    }
    // Durable by now: cases filed or received from here on follow it, if it is in force.
    if (answer->status == 201 && !answer->repeated) {
      services.published->add_definition(definition);
      services.switches->wake();
    }
    auto response = publication_response(*answer->publication, *request, answer->status);
    if (answer->repeated) response.headers.emplace_back("Idempotency-Replayed", "true");
    (*waiting)(std::move(response));
  });
}

void publish_procedure(const Services& services, const std::shared_ptr<Request>& request, Respond respond) {
  auto write = open_write(services, *request);
  if (!write) return respond(problem_response(write.error(), request->request_id));
  if (refuse_keyless(*request, respond)) return;
  if (const auto query = check_query(*request, {}); !query) {
    return respond(problem_response(query.error(), request->request_id));
  }
  const auto waiting = std::make_shared<Respond>(std::move(respond));
  // Whoever may not publish is not told what is wrong with a file.
  if (!engine::check_may_publish(write->asker)) {
    return submit(services, *std::move(write), {}, request, waiting);
  }
  const auto known = already_published(services, *request);
  if (!known) return (*waiting)(problem_response(known.error(), request->request_id));
  if (*known) return submit(services, *std::move(write), {{}, *known}, request, waiting);
  const auto newest = newest_of(services, *request);
  const auto publish = std::make_shared<PublishProcedure>();
  const bool runs = services.checks->run(
      [&services, request, newest, publish] { *publish = checked_request(services, *request, newest); },
      [&services, request, waiting, publish, write = *std::move(write)] {
        services.post([&services, request, waiting, publish, write] {
          submit(services, write, std::move(*publish), request, waiting);
        });
      });
  if (!runs) (*waiting)(problem_response(Problem::too_many_requests, kBusy, request->request_id));
}

}  // namespace

void add_publishing_routes(Router& router, const Services& services) {
  router.post("/api/v1/procedures/lint",
              [&services](const std::shared_ptr<Request>& request, Respond respond) {
                lint_procedure(services, request, std::move(respond));
              });
  router.post("/api/v1/procedures", [&services](const std::shared_ptr<Request>& request, Respond respond) {
    publish_procedure(services, request, std::move(respond));
  });
}

}  // namespace motcua::api

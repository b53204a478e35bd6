/// POST /people/lookups: one question to the population register, recorded whatever comes back.
#include "engine/runtime/lookups.hpp"

#include "api/json/command_json.hpp"
#include "api/json/problem.hpp"
#include "api/routes/services.hpp"
#include "engine/cases/rights.hpp"
#include "engine/runtime/case_loader.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace motcua::api {
namespace {

using engine::Identity;
using engine::Rejection;
using engine::RejectionCode;
using engine::Result;

Response lookup_response(const engine::LookupRecord& lookup, bool repeated) {
  auto response = json_response({{"lookup_id", engine::to_text(lookup.id)},
                                 {"class", name_of(lookup.answer.answer_class)},
                                 {"detail", lookup.answer.detail},
                                 {"values", lookup.answer.person}});
  if (repeated) response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

/// The answer to an earlier request with the same key; null if there is none. The register is not asked
/// twice.
Result<engine::LookupHandle> earlier(const Services& services, const engine::CommandRequest& write) {
  const auto stored = services.store.find_idempotency(write.scope);
  if (!stored) return unreadable(stored.error());
  if (!*stored) return engine::LookupHandle{};
  if ((*stored)->body_mac != write.body_mac) {
    return Rejection{RejectionCode::idempotency_key_reused,
                     "the Idempotency-Key was used for another request"};
  }
  engine::CaseId id;
  std::copy_n((*stored)->stream.id.begin(), id.bytes.size(), id.bytes.begin());
  auto lookup = engine::read_lookup(services.store, services.keys, id);
  if (!lookup) return unreadable(lookup.error());
  return *std::move(lookup);
}

/// Order of checks: visibility, role, shape.
Result<void> check_asker(const Services& services, const Identity& asker, const Result<LookupAsked>& asked) {
  if (asked && asked->case_id) {
    const engine::CaseLoader loader(services.store, nullptr, services.catalogue);
    const auto found = loader.load(*asked->case_id);
    if (!found) return unreadable(found.error());
    if (!*found || !engine::may_see(asker, (*found)->state)) {
      return Rejection{RejectionCode::not_found, "there is no such case"};
    }
  }
  if (!asker.has_role("desk_officer") && !asker.has_role("case_officer")) {
    Rejection rejection{RejectionCode::role_forbidden, "the token's roles do not allow this"};
    rejection.members["roles"] = asker.roles;
    return rejection;
  }
  if (!asked) return asked.error();
  // The register is not asked for an answer that could not be recorded.
  if (const auto shortage = services.disk == nullptr ? std::nullopt : services.disk->shortage()) {
    return Rejection{RejectionCode::not_durable, *shortage};
  }
  if (!services.catalogue.definition_on(asked->procedure, engine::local_day(services.clock.now()))) {
    Rejection rejection{RejectionCode::invalid_data, "the request's body is not valid"};
    rejection.members["pointers"] = nlohmann::json::array(
        {{{"pointer", "/procedure"}, {"reason", "is not a published procedure in force"}}});
    return rejection;
  }
  return {};
}

/// The officer's number comes from the organisation file; who is not in it has none, and is REFUSED.
std::string officer_number(const Services& services, const Identity& asker) {
  const auto organisation = services.catalogue.organisation_of(asker.agency);
  const auto* agency = organisation ? organisation->find(asker.agency) : nullptr;
  if (agency == nullptr) return {};
  const auto officer = std::find_if(agency->officers.begin(), agency->officers.end(),
                                    [&](const engine::Officer& one) { return one.sub == asker.sub; });
  return officer == agency->officers.end() ? std::string() : officer->personal_number;
}

std::shared_ptr<engine::LookupRecord> question_of(const Services& services, const Identity& asker,
                                                  const LookupAsked& asked) {
  auto lookup = std::make_shared<engine::LookupRecord>();
  lookup->id = services.ids.next_case_id(services.clock.now());
  lookup->officer = asker.sub;
  lookup->agency = asker.agency;
  lookup->procedure = asked.procedure;
  if (asked.case_id) lookup->case_id = engine::to_text(*asked.case_id);
  lookup->query = {engine::to_text(lookup->id),
                   officer_number(services, asker),
                   asker.agency,
                   asked.procedure,
                   asked.purpose,
                   asked.personal_id,
                   asked.full_name,
                   asked.birth_date};
  return lookup;
}

using Waiting = std::shared_ptr<Respond>;
/// Look-ups that are with the register or on their way to the disk, by the marks of their key, and who has
/// repeated the key meanwhile: they wait, so that the register is asked once. I/O thread.
using InFlight = std::map<engine::Digest, std::vector<std::function<void()>>>;

/// Records what came back; the answer leaves when it is on disk. I/O thread.
void record(const Services& services, engine::CommandRequest write,
            const std::shared_ptr<const engine::LookupRecord>& lookup,
            const std::shared_ptr<Request>& request, const Waiting& waiting,
            const std::shared_ptr<InFlight>& in_flight) {
  write.request = engine::LookupRequest{lookup};
  const auto scope = write.scope;
  services.sequencer.submit(
      std::move(write), [request, waiting, in_flight, scope](const Result<engine::CommandAnswer>& done) {
        const auto repeated = in_flight->extract(scope);
        if (done && done->lookup) {
          (*waiting)(lookup_response(*done->lookup, done->repeated));
        } else if (done) {
          (*waiting)(problem_response(Problem::idempotency_key_reused, "", request->request_id));
        } else {
          (*waiting)(problem_response(done.error(), request->request_id));
        }
        for (const auto& again : repeated.mapped()) again();
      });
}

void look_up(const Services& services, const std::shared_ptr<InFlight>& in_flight,
             const std::shared_ptr<Request>& request, Respond respond) {
  auto write = open_write(services, *request);
  if (!write) return respond(problem_response(write.error(), request->request_id));
  if (refuse_keyless(*request, respond)) return;
  const auto known = earlier(services, *write);
  if (!known) return respond(problem_response(known.error(), request->request_id));
  if (*known) return respond(lookup_response(**known, true));
  const auto waiting = std::make_shared<Respond>(std::move(respond));
  if (const auto first = in_flight->find(write->scope); first != in_flight->end()) {
    first->second.emplace_back([&services, in_flight, request, waiting] {
      look_up(services, in_flight, request, std::move(*waiting));
    });
    return;
  }
  const auto asked = parse_lookup(request->json);
  if (const auto allowed = check_asker(services, write->asker, asked); !allowed) {
    return (*waiting)(problem_response(allowed.error(), request->request_id));
  }
  // Its record would be refused: the register is not asked for nothing.
  if (const auto reading = services.clock.read(); reading.doubt) {
    return (*waiting)(problem_response(engine::clock_suspect(reading), request->request_id));
  }
  const auto lookup = question_of(services, write->asker, *asked);
  in_flight->emplace(write->scope, std::vector<std::function<void()>>{});
  services.registry.look_up(lookup->query, [&services, write = *std::move(write), lookup, request, waiting,
                                            in_flight](engine::RegisterAnswer answer) {
    services.post(
        [&services, write, lookup, request, waiting, in_flight, answer = std::move(answer)]() mutable {
          lookup->answer = std::move(answer);
          record(services, std::move(write), lookup, request, waiting, in_flight);
        });
  });
}

}  // namespace

void add_lookup_routes(Router& router, const Services& services) {
  const auto in_flight = std::make_shared<InFlight>();
  router.post("/api/v1/people/lookups",
              [&services, in_flight](const std::shared_ptr<Request>& request, Respond respond) {
                look_up(services, in_flight, request, std::move(respond));
              });
}

}  // namespace motcua::api

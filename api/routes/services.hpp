/// What the routes stand on, and the few things that every handler does.
#pragma once

#include "api/http/message.hpp"
#include "api/http/metrics.hpp"
#include "api/http/router.hpp"
#include "api/routes/background.hpp"
#include "engine/ports/catalogue.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/disk_space.hpp"
#include "engine/ports/event_store.hpp"
#include "engine/ports/key_store.hpp"
#include "engine/ports/population_registry.hpp"
#include "engine/ports/token_verifier.hpp"
#include "engine/runtime/access_stream.hpp"
#include "engine/runtime/clocks.hpp"
#include "engine/runtime/live_feed.hpp"
#include "engine/runtime/sequencer.hpp"
#include "engine/runtime/timers.hpp"

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace motcua::engine {
class ProposalBook;
class RecalculationWorker;
class SwitchWorker;
}  // namespace motcua::engine
namespace motcua::workflows {
class LoadedCatalogue;
}

namespace motcua::api {

/// All members outlive the server. I/O thread only, but for what their own headers allow.
struct Services {
  engine::Sequencer& sequencer;
  const engine::EventStore& store;
  engine::KeyStore& keys;
  const engine::Catalogue& catalogue;
  const engine::Clock& clock;
  engine::TokenVerifier& tokens;
  Metrics& metrics;
  engine::VirtualClock* virtual_clock = nullptr;  ///< only with `--dev --now`
  engine::TimerSweeper* timers = nullptr;         ///< moves the virtual clock
  engine::PopulationRegistry& registry;
  engine::IdSource& ids;                              ///< of the I/O thread
  std::function<void(std::function<void()>)> post{};  ///< runs a task on the I/O thread; any thread
  std::function<bool()> ready{};                      ///< false once the store has failed
  std::function<bool()> ending{};                     ///< true once the server stops; any thread
  Background* background = nullptr;                   ///< for reports
  Background* checks = nullptr;                       ///< for definitions that are linted or published
  Background* trials = nullptr;                       ///< for back-tests
  const engine::DiskSpace* disk = nullptr;            ///< null: room without end
  workflows::LoadedCatalogue* published = nullptr;    ///< the catalogue again: what is published joins it
  const engine::ProposalBook* proposals = nullptr;
  engine::RecalculationWorker* recalculation = nullptr;
  engine::SwitchWorker* switches = nullptr;
  engine::SubstitutionReader* substitutions = nullptr;  ///< null: nobody stands in for anybody
  engine::LiveFeed* feed = nullptr;                     ///< null: nobody can follow the log
};

/// Who stands in for whom now, as far as it is durable; null where nobody does. Rejection: not_durable.
[[nodiscard]] engine::Result<engine::SubstitutionsHandle> substitutions_now(const Services& services);

/// Verifies the Authorization field. Rejection: unauthenticated.
[[nodiscard]] engine::Result<engine::Identity> authenticate(const Services& services, const Request& request);

/// A write's request as the sequencer takes it, but for what it says: who asks, and the marks of its
/// Idempotency-Key. Rejections: unauthenticated, bad_request (key too long); a missing key is the caller's to
/// refuse.
[[nodiscard]] engine::Result<engine::CommandRequest> open_write(const Services& services,
                                                                const Request& request);
/// Answers with the problem if the write has no Idempotency-Key; true if it did.
bool refuse_keyless(const Request& request, Respond& respond);

/// Refuses query parameters outside `allowed` and those given twice. Rejection: bad_request.
[[nodiscard]] engine::Result<void> check_query(const Request& request,
                                               std::initializer_list<std::string_view> allowed);
/// `limit` of a list, 1-200, 50 if absent. Rejection: bad_request.
[[nodiscard]] engine::Result<std::size_t> list_limit(const Request& request);
/// A whole number of decimal digits; nullopt for anything else.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text);

[[nodiscard]] engine::Rejection bad_request(std::string detail);
/// 503: the store cannot be read.
[[nodiscard]] engine::Rejection unreadable(const engine::Fault& fault);

/// The case named in the path, if it exists for this asker. Rejections: not_found, not_durable.
[[nodiscard]] engine::Result<engine::CaseHandle> visible_case(const Services& services,
                                                              const engine::Identity& asker,
                                                              const Request& request);
/// Reads the store's cases, with what people typed.
[[nodiscard]] engine::CaseLoader loader(const Services& services);

/// A handler that answers at once: an identity and a request in, a response or a rejection out.
using Query =
    std::function<engine::Result<Response>(const Services&, const engine::Identity&, const Request&)>;
[[nodiscard]] Handler answering(const Services& services, Query query);

/// Answers with what `make` makes on a thread of `background`; 429 saying `busy` if enough runs there.
void answer_beside(const Services& services, Background& background, const std::shared_ptr<Request>& request,
                   Respond respond, std::string_view busy, std::function<Response()> make);

/// What readers of the live feed are sent: server-sent events, CloudEvents in their data.
void set_feed_texts(engine::FeedHooks& hooks, const std::string& log_id);

/// The OpenAPI document.
[[nodiscard]] std::string_view openapi_text();

// One function per file of routes.
void add_case_routes(Router& router, const Services& services);
void add_command_routes(Router& router, const Services& services);
void add_lookup_routes(Router& router, const Services& services);
void add_worklist_routes(Router& router, const Services& services);
void add_bulk_routes(Router& router, const Services& services);
void add_search_routes(Router& router, const Services& services);
void add_report_routes(Router& router, const Services& services);
void add_procedure_routes(Router& router, const Services& services);
void add_publishing_routes(Router& router, const Services& services);
void add_backtest_routes(Router& router, const Services& services);
void add_migration_routes(Router& router, const Services& services);
void add_stream_routes(Router& router, const Services& services);
void add_print_routes(Router& router, const Services& services);
void add_clock_routes(Router& router, const Services& services);
void add_calendar_routes(Router& router, const Services& services);
void add_proposal_routes(Router& router, const Services& services);
void add_decision_routes(Router& router, const Services& services);
void add_substitution_routes(Router& router, const Services& services);
void add_health_routes(Router& router, const Services& services);
/// Everything above.
void add_routes(Router& router, const Services& services);

}  // namespace motcua::api

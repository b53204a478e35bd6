#include "api/cli/compose.hpp"

#include "adapters/identity/dev_key.hpp"
#include "adapters/identity/jwt_verifier.hpp"
#include "adapters/population/soap_registry.hpp"
#include "adapters/population/unconnected_registry.hpp"
#include "adapters/system/disk_reserve.hpp"
#include "adapters/system/random_ids.hpp"
#include "api/http/access_log.hpp"
#include "api/http/metrics.hpp"
#include "api/http/server.hpp"
#include "api/routes/services.hpp"
#include "engine/runtime/clock_confirmation.hpp"
#include "engine/runtime/clocks.hpp"
#include "engine/runtime/effects.hpp"
#include "engine/runtime/live_feed.hpp"
#include "engine/runtime/recalculation.hpp"
#include "engine/runtime/sequencer.hpp"
#include "engine/runtime/switching.hpp"
#include "engine/runtime/timers.hpp"
#include "engine/runtime/views.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace motcua::api {
namespace {

using engine::FaultOr;

/// A start-up fault ends the start; its text is for the operator.
template <class T>
T must(FaultOr<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  return *std::move(result);
}
void must(const FaultOr<void>& result) {
  if (!result) throw std::runtime_error(result.error().what);
}

engine::Instant system_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// The catalogue: what the store has published, then the files of the workflows folder.
void load_rules(const engine::EventStore& store, const ServeOptions& options,
                workflows::LoadedCatalogue& catalogue) {
  must(load_published(store, catalogue));
  if (options.workflows.empty()) return;
  auto findings = catalogue.load_folder(options.workflows);
  if (auto more = catalogue.follow_parents(); !more.empty()) {
    findings.insert(findings.end(), more.begin(), more.end());
  }
  if (!findings.empty()) std::cerr << workflows::to_text(findings);
  if (workflows::has_errors(findings)) throw std::runtime_error("the workflows folder has errors");
}

std::unique_ptr<engine::TokenVerifier> make_verifier(const ServeOptions& options) {
  adapters::JwtOptions rules;
  rules.issuer = options.issuer;
  rules.audience = options.audience;
  rules.now = &system_now;
  if (!options.dev) return must(adapters::JwtVerifier::load(options.jwks.string(), rules));
  const auto key = must(adapters::DevKey::load_or_make((options.folder.data / "dev-key.jwk").string()));
  return must(adapters::JwtVerifier::from_jwks(key.public_jwks(), rules));
}

/// The begin and the end of a doubt stand in the process's log; a confirmation is an event.
void say_clock(const engine::ClockReading& reading) {
  if (reading.doubt) {
    spdlog::error("the clock is in doubt, writes wait: {} at {}, expected {}", name_of(reading.doubt->fault),
                  engine::to_rfc3339(reading.now), engine::to_rfc3339(reading.doubt->expected));
  } else {
    spdlog::warn("the clock is believed again, writes go on at {}", engine::to_rfc3339(reading.now));
  }
}

/// Timers and effects that cannot be recorded.
void say_refused(const std::string& name, const engine::Rejection& why, std::chrono::seconds pause) {
  spdlog::warn("{} cannot be recorded and is tried again in {} s: {}: {}", name, pause.count(),
               name_of(why.code), why.detail);
}

void say_switched(const engine::SwitchReport& done) {
  spdlog::info("version {} of {} is in force: {} open cases follow it, {} do not fit and have a task",
               done.version, done.code.value, done.moved, done.refused);
}

/// Writes the anchor at most once a second, and once more when the log stands still.
class AnchorWriter {
 public:
  AnchorWriter(const storage::RawStore& store, std::filesystem::path path)
      : store_(store), file_(std::move(path)) {}

  /// Committer's thread, and the main thread once the committer has ended.
  void write_if_due(bool at_once) {
    const auto position = store_.head().position;
    const auto now = std::chrono::steady_clock::now();
    if (position == written_ || (!at_once && now - written_at_ < std::chrono::seconds{1})) return;
    written_at_ = now;
    const auto done = file_.write(store_.current_anchor());
    if (!done) {
      spdlog::error("the anchor cannot be written: {}", done.error().what);
      return;
    }
    written_ = position;
  }

 private:
  const storage::RawStore& store_;
  storage::AnchorFile file_;
  std::uint64_t written_ = 0;
  std::chrono::steady_clock::time_point written_at_{};  ///< or tried
};

/// What works beside the request path: timers, look-ups, recalculations, versions that take cases along. Ends
/// before the sequencer that it commands.
struct Workers {
  std::unique_ptr<engine::PopulationRegistry> registry{};
  adapters::RandomIds effect_ids{};
  adapters::RandomIds request_ids{};
  std::unique_ptr<engine::EffectWorker> effects{};
  std::unique_ptr<engine::TimerSweeper> timers{};
  engine::ProposalBook proposals{};
  std::unique_ptr<engine::RecalculationWorker> recalculation{};
  std::unique_ptr<engine::SwitchWorker> switches{};

  ~Workers() {
    recalculation.reset();
    timers.reset();  // a hop may wait for a switch
    switches.reset();
    effects.reset();
    registry.reset();  // answers whom it still keeps waiting
  }
};

std::unique_ptr<engine::PopulationRegistry> make_registry(const ServeOptions& options) {
  if (options.population.empty()) return std::make_unique<adapters::UnconnectedRegistry>();
  adapters::RegistryOptions link;
  link.url = options.population;
  return must(adapters::SoapPopulationRegistry::open(std::move(link)));
}

std::optional<std::uint64_t> reserve_of(const ServeOptions& options) {
  if (!options.reserve_mib) return std::nullopt;
  return *options.reserve_mib << 20U;
}

engine::FeedLimits feed_limits(const ServeOptions& options) {
  engine::FeedLimits limits;
  if (options.stream_readers) limits.readers = *options.stream_readers;
  return limits;
}

/// As many connections as leave the store and the engine's own files their descriptors.
std::size_t connections_max() {
  constexpr std::size_t kKept = 896;  // 768 of the store, the rest for the anchor, logs, the register's link
  constexpr std::size_t kLeast = 16;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kLeast;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= kKept + kLeast) return kLeast;
  return std::min<std::size_t>(limit.rlim_cur - kKept, kConnectionsMax);
}

/// Reports, and checks of definitions, that run beside the requests.
constexpr std::size_t kReportsAtOnce = 2;
constexpr std::size_t kChecksAtOnce = 2;

/// Everything that lives while the engine serves, in the order of its making.
class Engine {
 public:
  explicit Engine(const ServeOptions& options)
      : options_(options),
        store_(must(open_checked(options.folder, options.new_anchor))),
        keys_(*store_, must(storage::load_master_key(options.folder.master_key))),
        anchor_(*store_, options.folder.anchor),
        disk_(options.folder.data, reserve_of(options)) {
    if (must(engine::renew_rows(*store_)))
      spdlog::info("the rows of the store are those of this release now");
    make_clock();
    load_rules(*store_, options, catalogue_);
    must(publish_loaded(*store_, catalogue_, clock_->read()));
    verifier_ = make_verifier(options);
  }

  Exit run();

 private:
  void make_clock() {
    if (options_.now.empty()) {
      // A development store may lie for weeks; the checks are for a province's clock.
      const auto last = options_.dev ? engine::Instant{} : must(engine::last_trusted_wall(*store_));
      clock_ = std::make_unique<engine::SystemClock>(last, &say_clock);
      return;
    }
    const auto last = store_->head().recorded_at;
    auto virtual_clock =
        std::make_unique<engine::VirtualClock>(std::max(*engine::parse_rfc3339(options_.now), last));
    virtual_clock_ = virtual_clock.get();
    clock_ = std::move(virtual_clock);
  }

  engine::FeedHooks feed_hooks(Server& server) const {
    engine::FeedHooks hooks;
    set_feed_texts(hooks, engine::to_hex(store_->head().log_id));
    hooks.post = [&server](std::function<void()> task) { server.post(std::move(task)); };
    hooks.token_time = &system_now;
    return hooks;
  }

  engine::SequencerHooks hooks(Server& server, engine::LiveFeed& feed) {
    engine::SequencerHooks hooks;
    hooks.recorded = [&feed](std::vector<engine::Record> records) { feed.recorded(std::move(records)); };
    hooks.post = [&server](std::function<void()> task) { server.post(std::move(task)); };
    hooks.committed = [this](const engine::LogHead&) {
      anchor_.write_if_due(false);
      disk_.measure_if_due();
    };
    hooks.fatal = [this, &server](const engine::Fault& fault) {
      spdlog::critical("a commit failed, the engine ends: {}", fault.what);
      failed_ = true;
      server.stop();
    };
    return hooks;
  }

  void start(Workers& workers, engine::Sequencer& sequencer);
  void add_figures(Metrics& metrics, const engine::Sequencer& sequencer) const;
  static void add_figures(Metrics& metrics, const Workers& workers);
  static void add_figures(Metrics& metrics, const engine::LiveFeed& feed);
  void say_where(std::uint16_t port) const;

  const ServeOptions& options_;
  std::unique_ptr<storage::RocksdbEventStore> store_;
  storage::FileKeyStore keys_;
  AnchorWriter anchor_;
  adapters::DiskReserve disk_;
  workflows::LoadedCatalogue catalogue_{};
  std::unique_ptr<engine::Clock> clock_{};
  engine::VirtualClock* virtual_clock_ = nullptr;
  std::unique_ptr<engine::TokenVerifier> verifier_{};
  adapters::RandomIds ids_{};
  std::atomic<bool> failed_{false};
  std::atomic<bool> ending_{false};
};

void Engine::add_figures(Metrics& metrics, const engine::Sequencer& sequencer) const {
  metrics.add("motcua_log_position", "Position of the last durable event.", MetricKind::gauge,
              [this] { return static_cast<double>(store_->head().position); });
  metrics.add("motcua_disk_free_bytes", "Room on the disk of the data folder.", MetricKind::gauge,
              [this] { return static_cast<double>(disk_.free_bytes()); });
  metrics.add("motcua_disk_reserve_bytes", "Room below which nothing new is recorded.", MetricKind::gauge,
              [this] { return static_cast<double>(disk_.reserve_bytes()); });
  metrics.add("motcua_sequencer_queue", "Commands waiting to be decided.", MetricKind::gauge,
              [&sequencer] { return static_cast<double>(sequencer.figures().queued); });
  metrics.add("motcua_commit_groups_total", "Durable batches written.", MetricKind::counter,
              [&sequencer] { return static_cast<double>(sequencer.figures().groups); });
  metrics.add("motcua_clock_suspect", "1 while the clock is in doubt and writes wait.", MetricKind::gauge,
              [this] { return clock_->read().doubt ? 1.0 : 0.0; });
  metrics.add("motcua_clock_deviation_seconds", "Wall time less expected time while the clock is in doubt.",
              MetricKind::gauge, [this] {
                const auto reading = clock_->read();
                return reading.doubt ? static_cast<double>(engine::deviation_seconds(reading)) : 0.0;
              });
  metrics.add("motcua_events_total", "Events written since the start.", MetricKind::counter,
              [&sequencer] { return static_cast<double>(sequencer.figures().events); });
}

void Engine::add_figures(Metrics& metrics, const Workers& workers) {
  const auto* timers = workers.timers.get();
  const auto* effects = workers.effects.get();
  const auto* link = workers.registry.get();
  const auto add = [&](const char* name, const char* help, MetricKind kind, auto read) {
    metrics.add(name, help, kind, [read] { return static_cast<double>(read()); });
  };
  add("motcua_timers_fired_total", "Timers fired since the start.", MetricKind::counter,
      [timers] { return timers->fired(); });
  const auto* recalculation = workers.recalculation.get();
  add("motcua_recalculation_judged_total", "Open cases compared with a newer calendar.", MetricKind::counter,
      [recalculation] { return recalculation->figures().judged; });
  add("motcua_recalculation_proposed_total", "New dates proposed since the start.", MetricKind::counter,
      [recalculation] { return recalculation->figures().proposed; });
  add("motcua_recalculation_behind", "Records of the log not yet looked at for new dates.", MetricKind::gauge,
      [recalculation] { return recalculation->figures().behind; });
  const auto* switches = workers.switches.get();
  add("motcua_switch_moved_total", "Open cases that followed a new version since the start.",
      MetricKind::counter, [switches] { return switches->figures().moved; });
  add("motcua_switch_refused_total", "Open cases that did not fit a new version, since the start.",
      MetricKind::counter, [switches] { return switches->figures().refused; });
  add("motcua_switch_behind", "Open cases still to be looked at for a new version.", MetricKind::gauge,
      [switches] { return switches->figures().behind; });
  add("motcua_timers_set_aside", "Timers that are due and cannot be recorded.", MetricKind::gauge,
      [timers] { return timers->set_aside(); });
  metrics.add_histogram("motcua_timer_lateness_seconds", "Due instant of a timer to its firing.", [timers] {
    const auto late = timers->lateness();
    const auto& bounds = engine::TimerLateness::kBounds;
    return Histogram{{bounds.begin(), bounds.end()}, {late.buckets.begin(), late.buckets.end()}, late.sum_s};
  });
  if (effects != nullptr) {
    add("motcua_effects_set_aside", "Look-ups of cases that cannot be asked or recorded.", MetricKind::gauge,
        [effects] { return effects->figures().set_aside; });
    add("motcua_effects_open", "Look-ups of cases without an answer, as far as known.", MetricKind::gauge,
        [effects] { return effects->figures().open; });
    add("motcua_effects_answered_total", "Answers of the register recorded on cases.", MetricKind::counter,
        [effects] { return effects->figures().answered; });
  }
  add("motcua_population_lookups_total", "Look-ups asked of the link.", MetricKind::counter,
      [link] { return link->figures().look_ups; });
  add("motcua_population_attempts_total", "Calls sent to the population service.", MetricKind::counter,
      [link] { return link->figures().attempts; });
  add("motcua_population_retries_total", "Calls that repeated an earlier one.", MetricKind::counter,
      [link] { return link->figures().retries; });
  add("motcua_population_link_up", "1 while the link is used, 0 while it is given a pause.",
      MetricKind::gauge, [link] { return link->figures().state_now == engine::LinkState::up ? 1 : 0; });
  add("motcua_population_link_opened_total", "How often the link was given a pause.", MetricKind::counter,
      [link] { return link->figures().times_opened; });
}

void Engine::add_figures(Metrics& metrics, const engine::LiveFeed& feed) {
  const auto add = [&](const char* name, const char* help, MetricKind kind, auto read) {
    metrics.add(name, help, kind, [&feed, read] { return static_cast<double>(read(feed.figures())); });
  };
  using Figures = engine::LiveFeed::Figures;
  add("motcua_stream_readers", "Readers of the live stream.", MetricKind::gauge,
      [](const Figures& figures) { return figures.readers; });
  add("motcua_stream_events_total", "Events given to readers of the live stream.", MetricKind::counter,
      [](const Figures& figures) { return figures.sent; });
  add("motcua_stream_dropped_total", "Readers of the live stream that took too slowly.", MetricKind::counter,
      [](const Figures& figures) { return figures.dropped; });
}

void Engine::say_where(std::uint16_t port) const {
  const auto endpoint = must(parse_endpoint(options_.listen));
  const auto base = "http://" + endpoint.host + ':' + std::to_string(port);
  std::cout << "motcua serves " << base << "/api/v1  (contract: " << base << "/openapi.json, health: " << base
            << "/health/ready, metrics: " << base << "/metrics)\n"
            << "log position " << store_->head().position << ", " << catalogue_.definitions().size()
            << " procedures, data in " << options_.folder.data.string() << '\n';
  if (options_.dev) {
    std::cout << "development keys: motcua token --data " << options_.folder.data.string()
              << " --sub desk_officer-1 --role desk_officer --agency H15.50.05\n";
  }
  std::cout << (options_.population.empty() ? "population service: none, look-ups stay open\n"
                                            : "population service " + options_.population + '\n');
  if (virtual_clock_ != nullptr) {
    std::cout << "virtual clock at " << engine::to_rfc3339(clock_->now()) << "; POST " << base
              << "/dev/clock moves it\n";
  }
  std::cout << std::flush;
}

void Engine::start(Workers& workers, engine::Sequencer& sequencer) {
  workers.registry = make_registry(options_);
  // Without a link nobody is asked: the questions stay open until a start that has one.
  auto* register_asked = options_.population.empty() ? nullptr : workers.registry.get();
  workers.effects = std::make_unique<engine::EffectWorker>(
      engine::EffectPorts{*store_, keys_, catalogue_, *clock_, workers.effect_ids, register_asked, sequencer,
                          &disk_, &say_refused});
  workers.timers = std::make_unique<engine::TimerSweeper>(*store_, keys_, *clock_, sequencer, virtual_clock_,
                                                          &say_refused);
  workers.switches = std::make_unique<engine::SwitchWorker>(engine::SwitchPorts{
      *store_, keys_, catalogue_, *clock_, sequencer, &give_way_to_requests, &say_refused, &say_switched});
  workers.timers->stop_at({[this](engine::Instant after) { return engine::next_switch(catalogue_, after); },
                           [&workers] { return workers.switches->settle(); }});
  must(workers.proposals.refresh(*store_));  // who asks first is told all of it
  workers.recalculation = std::make_unique<engine::RecalculationWorker>(engine::RecalculationPorts{
      *store_, keys_, catalogue_, sequencer, workers.proposals, &give_way_to_requests, &say_refused});
}

Exit Engine::run() {
  Metrics metrics;
  AccessLog log(options_.access_log);
  const auto endpoint = must(parse_endpoint(options_.listen));
  ServerOptions server_options;
  server_options.host = endpoint.host;
  server_options.port = endpoint.port;
  server_options.connections_max = connections_max();
  Server server(server_options, metrics, log);
  {
    engine::LiveFeed feed(*store_, catalogue_, feed_hooks(server), feed_limits(options_));
    engine::Sequencer sequencer({*store_, keys_, catalogue_, *clock_, ids_, &disk_}, hooks(server, feed));
    Workers workers;
    start(workers, sequencer);
    engine::SubstitutionReader substitutions(*store_);
    add_figures(metrics, sequencer);
    add_figures(metrics, workers);
    Background background(kReportsAtOnce);
    Background checks(kChecksAtOnce);
    Background trials(1);
    add_figures(metrics, feed);
    const Services services{sequencer,
                            *store_,
                            keys_,
                            catalogue_,
                            *clock_,
                            *verifier_,
                            metrics,
                            virtual_clock_,
                            workers.timers.get(),
                            *workers.registry,
                            workers.request_ids,
                            [&server](std::function<void()> task) { server.post(std::move(task)); },
                            [this] { return !failed_.load(); },
                            [this] { return ending_.load(); },
                            &background,
                            &checks,
                            &trials,
                            &disk_,
                            &catalogue_,
                            &workers.proposals,
                            workers.recalculation.get(),
                            workers.switches.get(),
                            &substitutions,
                            &feed};
    add_routes(server.routes(), services);
    const auto port = must(server.listen());
    boost::asio::signal_set signals(server.executor(), SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code& error, int) {
      if (error) return;
      server.stop();
      signals.async_wait([&server](const boost::system::error_code& again, int) {
        if (!again) server.stop_now();
      });
    });
    say_where(port);
    server.run();
    signals.cancel();
    ending_ = true;
    for (auto* work : {&background, &checks, &trials}) work->wait();
    if (failed_) {
      // The store's state is unknown and the library may abort on closing it: end here, the next start
      // verifies.
      std::cerr.flush();
      std::_Exit(static_cast<int>(Exit::failure));
    }
  }
  anchor_.write_if_due(true);
  return Exit::ok;
}

}  // namespace

Exit serve(const ServeOptions& options) {
  spdlog::set_default_logger(
      std::make_shared<spdlog::logger>("motcua", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
  if (options.dev && is_vacant(options.folder)) must(init_store(options.folder));
  Engine engine(options);
  return engine.run();
}

Exit check_serve(const ServeOptions& options) {
  try {
    static_cast<void>(must(storage::load_master_key(options.folder.master_key)));
    // Before the log: beside a running engine the log may only be longer than its anchor.
    const auto anchor = must(storage::AnchorFile(options.folder.anchor).read());
    const auto store =
        must(storage::RocksdbEventStore::open(options.folder.data, storage::OpenMode::read_only));
    if (anchor) static_cast<void>(must(storage::check_against_anchor(*store, *anchor)));
    workflows::LoadedCatalogue catalogue;
    load_rules(*store, options, catalogue);
    if (!options.dev) static_cast<void>(make_verifier(options));
  } catch (const std::runtime_error& error) {
    complain(error.what());
    return Exit::findings;
  }
  std::cout << "configuration, store, keys and workflows are in order\n";
  return Exit::ok;
}

}  // namespace motcua::api

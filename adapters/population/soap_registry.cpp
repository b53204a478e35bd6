#include "adapters/population/soap_registry.hpp"

#include "adapters/population/answer_reader.hpp"
#include "adapters/population/exchange.hpp"
#include "adapters/population/service_url.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <unordered_set>

namespace motcua::adapters {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using engine::AnswerClass;
using engine::AnswerDetail;
using engine::LinkState;
using engine::RegisterAnswer;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

LinkState link_state(CircuitBreaker::State state) {
  switch (state) {
    case CircuitBreaker::State::closed:
      return LinkState::up;
    case CircuitBreaker::State::open:
      return LinkState::down;
    case CircuitBreaker::State::half_open:
      return LinkState::trial;
  }
  return LinkState::down;
}

std::function<std::uint64_t()> seeded_generator() {
  return [generator = std::mt19937_64(std::random_device{}())]() mutable { return generator(); };
}

const char* fault_in(const RegistryOptions& options) {
  if (options.attempt_timeout.count() <= 0) return "an attempt of the population link needs time";
  if (options.overall_timeout < options.attempt_timeout) {
    return "a look-up of the population link needs the time of one attempt";
  }
  if (options.attempts_max < 1 || options.calls_max < 1 || options.waiting_max < 1 ||
      options.answer_bytes_max < 1 || options.breaker.failures_to_open < 1) {
    return "a limit of the population link is below one";
  }
  if (options.retry_delay.count() < 1 || options.retry_delay_most < options.retry_delay ||
      options.breaker.open_for.count() < 1 || options.breaker.open_for_most < options.breaker.open_for) {
    return "a pause of the population link is below a millisecond or above its bound";
  }
  return nullptr;
}

}  // namespace

/// The link's thread and what only it touches; the mutex guards what is said to be shared.
class SoapPopulationRegistry::Core {
 public:
  Core(RegistryOptions options, ServiceUrl url);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  ~Core();

  void look_up(engine::PersonQuery query, std::function<void(RegisterAnswer)> done);
  void on_link_change(std::function<void(LinkState)> told);
  [[nodiscard]] engine::LinkFigures figures() const;

 private:
  /// One question until it is answered.
  struct LookUp {
    LookUp(asio::io_context& loop, engine::PersonQuery asked, std::function<void(RegisterAnswer)> told)
        : query(std::move(asked)), done(std::move(told)), timer(loop), asked_at(Clock::now()) {}
    engine::PersonQuery query;
    std::function<void(RegisterAnswer)> done;
    asio::steady_timer timer;  ///< while waiting: for the last moment to start; between attempts: the pause
    Clock::time_point asked_at;
    int attempts = 0;
    RegisterAnswer last{};  ///< what the attempt before came to
    std::shared_ptr<Exchange> exchange{};
  };
  using LookUpPtr = std::shared_ptr<LookUp>;

  void submit(const LookUpPtr& look_up);
  void wait_in_line(const LookUpPtr& look_up, bool first);
  void pump();
  void begin_attempt(const LookUpPtr& look_up, CircuitBreaker::Permit permit);
  void end_attempt(const LookUpPtr& look_up, CircuitBreaker::Permit permit, ExchangeResult result);
  [[nodiscard]] bool may_retry(const LookUp& look_up, milliseconds pause) const;
  [[nodiscard]] milliseconds pause_before_retry(int attempts);
  void answer(const LookUpPtr& look_up, RegisterAnswer answer);
  void answer(const LookUpPtr& look_up, AnswerDetail detail) {
    answer(look_up, answer_without_record(detail));
  }
  /// Sends no further attempt: the answer is what the last one came to, else `detail`.
  void give_up(const LookUpPtr& look_up, AnswerDetail detail) {
    answer(look_up, look_up->attempts > 0 ? std::move(look_up->last) : answer_without_record(detail));
  }
  void note_link();
  void shut_down();
  [[nodiscard]] Clock::time_point last_start(const LookUp& look_up) const {
    return look_up.asked_at + options_.overall_timeout - options_.attempt_timeout;
  }

  RegistryOptions options_;
  Endpoint endpoint_;
  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
  asio::steady_timer wake_timer_{loop_};
  CircuitBreaker breaker_;
  LinkState told_state_ = LinkState::up;
  std::function<void(LinkState)> told_{};
  std::unordered_set<LookUpPtr> open_{};  ///< every look-up that is not answered
  std::deque<LookUpPtr> waiting_{};       ///< of those, the ones that wait for a call, in order
  std::size_t sent_ = 0;

  mutable std::mutex mutex_{};
  bool is_closing_ = false;        ///< shared
  engine::LinkFigures figures_{};  ///< shared
  std::thread thread_{};
};

SoapPopulationRegistry::Core::Core(RegistryOptions options, ServiceUrl url)
    : options_(std::move(options)),
      endpoint_{std::move(url), options_.headers, {options_.attempt_timeout, options_.answer_bytes_max}},
      breaker_(options_.breaker) {
  if (!options_.random) options_.random = seeded_generator();
  thread_ = std::thread([this] { loop_.run(); });
}

SoapPopulationRegistry::Core::~Core() {
  {
    const std::lock_guard lock(mutex_);
    is_closing_ = true;
    // Behind every look-up that was posted before: after it there is none.
    asio::post(loop_, [this] { shut_down(); });
  }
  thread_.join();
}

void SoapPopulationRegistry::Core::look_up(engine::PersonQuery query,
                                           std::function<void(RegisterAnswer)> done) {
  {
    const std::lock_guard lock(mutex_);
    ++figures_.look_ups;
    if (!is_closing_) {
      auto look_up = std::make_shared<LookUp>(loop_, std::move(query), std::move(done));
      asio::post(loop_, [this, look_up = std::move(look_up)] { submit(look_up); });
      return;
    }
    ++figures_.answers.at(static_cast<std::size_t>(AnswerClass::unavailable));
  }
  done(answer_without_record(AnswerDetail::shutting_down));
}

void SoapPopulationRegistry::Core::on_link_change(std::function<void(LinkState)> told) {
  asio::post(loop_, [this, told = std::move(told)]() mutable { told_ = std::move(told); });
}

engine::LinkFigures SoapPopulationRegistry::Core::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

void SoapPopulationRegistry::Core::submit(const LookUpPtr& look_up) {
  open_.insert(look_up);
  if (const auto reason = unaskable(look_up->query)) return answer(look_up, *reason);
  if (waiting_.size() >= options_.waiting_max) return answer(look_up, AnswerDetail::overloaded);
  wait_in_line(look_up, false);
  pump();
}

void SoapPopulationRegistry::Core::wait_in_line(const LookUpPtr& look_up, bool first) {
  waiting_.insert(first ? waiting_.begin() : waiting_.end(), look_up);
  look_up->timer.expires_at(last_start(*look_up));
  look_up->timer.async_wait([this, look_up](const error_code& error) {
    if (error) return;
    const auto at = std::find(waiting_.begin(), waiting_.end(), look_up);
    if (at == waiting_.end()) return;
    waiting_.erase(at);
    give_up(look_up, AnswerDetail::waited_too_long);
    pump();
  });
}

/// Sends what may be sent now. While the link is down nobody waits; during a trial all wait for its end.
void SoapPopulationRegistry::Core::pump() {
  while (!waiting_.empty()) {
    if (breaker_.state() == CircuitBreaker::State::open) {
      const auto look_up = waiting_.front();
      waiting_.pop_front();
      give_up(look_up, AnswerDetail::breaker_open);
      continue;
    }
    if (sent_ >= options_.calls_max) break;
    const auto permit = breaker_.admit();
    if (!permit) break;
    const auto look_up = waiting_.front();
    waiting_.pop_front();
    begin_attempt(look_up, *permit);
  }
  const std::lock_guard lock(mutex_);
  figures_.waiting_now = waiting_.size();
  figures_.sent_now = sent_;
}

void SoapPopulationRegistry::Core::begin_attempt(const LookUpPtr& look_up, CircuitBreaker::Permit permit) {
  look_up->timer.cancel();
  ++sent_;
  ++look_up->attempts;
  {
    const std::lock_guard lock(mutex_);
    ++figures_.attempts;
    if (look_up->attempts > 1) ++figures_.retries;
  }
  look_up->exchange =
      std::make_shared<Exchange>(loop_, endpoint_, soap_request(look_up->query, options_.account));
  look_up->exchange->start(
      [this, look_up, permit](ExchangeResult result) { end_attempt(look_up, permit, std::move(result)); });
}

void SoapPopulationRegistry::Core::end_attempt(const LookUpPtr& look_up, CircuitBreaker::Permit permit,
                                               ExchangeResult result) {
  --sent_;
  look_up->exchange.reset();
  auto classified = result.detail == AnswerDetail::none
                        ? classify(look_up->query, result.status, std::move(result.body))
                        : answer_without_record(result.detail);
  if (classified.answer_class == AnswerClass::unavailable) {
    breaker_.failed(permit, Clock::now());
  } else {
    breaker_.succeeded(permit);
  }
  note_link();
  const auto pause = pause_before_retry(look_up->attempts);
  if (classified.answer_class == AnswerClass::unavailable && may_retry(*look_up, pause)) {
    look_up->last = std::move(classified);
    look_up->timer.expires_after(pause);
    look_up->timer.async_wait([this, look_up](const error_code& error) {
      if (error || open_.count(look_up) == 0) return;
      wait_in_line(look_up, true);
      pump();
    });
  } else {
    answer(look_up, std::move(classified));
  }
  pump();
}

bool SoapPopulationRegistry::Core::may_retry(const LookUp& look_up, milliseconds pause) const {
  return look_up.attempts < options_.attempts_max && breaker_.state() == CircuitBreaker::State::closed &&
         Clock::now() + pause <= last_start(look_up);
}

milliseconds SoapPopulationRegistry::Core::pause_before_retry(int attempts) {
  auto whole = options_.retry_delay;
  for (int i = 1; i < attempts && whole < options_.retry_delay_most; ++i) whole *= 2;
  whole = std::min(whole, options_.retry_delay_most);
  const auto half = whole / 2;
  const auto chance = options_.random() % static_cast<std::uint64_t>(half.count() + 1);
  return whole - half + milliseconds{static_cast<std::int64_t>(chance)};
}

void SoapPopulationRegistry::Core::answer(const LookUpPtr& look_up, RegisterAnswer answer) {
  if (open_.erase(look_up) == 0) return;
  look_up->timer.cancel();
  {
    const std::lock_guard lock(mutex_);
    ++figures_.answers.at(static_cast<std::size_t>(answer.answer_class));
    if (look_up->attempts > 0) {
      const auto took = duration_cast<milliseconds>(Clock::now() - look_up->asked_at).count();
      const auto& bounds = engine::kLatencyBounds;
      const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), took) - bounds.begin();
      ++figures_.latency.at(static_cast<std::size_t>(bucket));
      figures_.latency_sum_ms += took;
    }
  }
  look_up->done(std::move(answer));
}

/// After anything that may have changed the breaker: sets the alarm and tells the listener.
void SoapPopulationRegistry::Core::note_link() {
  const auto state = link_state(breaker_.state());
  if (state == told_state_) return;
  told_state_ = state;
  {
    const std::lock_guard lock(mutex_);
    figures_.state_now = state;
    figures_.times_opened = breaker_.times_opened();
  }
  if (state == LinkState::down) {
    wake_timer_.expires_at(breaker_.open_until());
    wake_timer_.async_wait([this](const error_code& error) {
      if (error || !breaker_.wake(Clock::now())) return;
      note_link();
      pump();
    });
  }
  if (told_) told_(state);
}

void SoapPopulationRegistry::Core::shut_down() {
  waiting_.clear();
  const auto unanswered = open_;
  for (const auto& look_up : unanswered) {
    if (look_up->exchange) look_up->exchange->cut();
    answer(look_up, AnswerDetail::shutting_down);
  }
  loop_.stop();
}

engine::FaultOr<std::unique_ptr<SoapPopulationRegistry>> SoapPopulationRegistry::open(
    RegistryOptions options) {
  if (const char* fault = fault_in(options)) return engine::Fault{fault};
  auto url = parse_service_url(options.url);
  if (!url) return url.error();
  return std::unique_ptr<SoapPopulationRegistry>(
      new SoapPopulationRegistry(std::make_unique<Core>(std::move(options), std::move(*url))));
}

SoapPopulationRegistry::SoapPopulationRegistry(std::unique_ptr<Core> core) : core_(std::move(core)) {}
SoapPopulationRegistry::~SoapPopulationRegistry() = default;

void SoapPopulationRegistry::look_up(engine::PersonQuery query, std::function<void(RegisterAnswer)> done) {
  core_->look_up(std::move(query), std::move(done));
}

void SoapPopulationRegistry::on_link_change(std::function<void(LinkState)> told) {
  core_->on_link_change(std::move(told));
}

engine::LinkFigures SoapPopulationRegistry::figures() const { return core_->figures(); }

}  // namespace motcua::adapters

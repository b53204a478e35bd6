#include "tests/population/register_process.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <sys/resource.h>
#include <thread>

namespace motcua::tests {
namespace {

using engine::AnswerClass;
using engine::LinkState;
using nlohmann::json;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

class Registry : public testing::Test {
 protected:
  void SetUp() override { people_ = service_.people(); }

  [[nodiscard]] engine::PersonQuery query(std::size_t index = 0) const {
    return query_for(people_.at(index));
  }
  [[nodiscard]] adapters::RegistryOptions options() const { return quick_options(service_.url()); }
  [[nodiscard]] std::string verdict_when(const json& behaviour) {
    service_.behave(behaviour);
    auto registry = open_registry(options());
    last_ = ask(*registry, query());
    return verdict(last_);
  }

  RegisterProcess service_{};
  json people_{};
  engine::RegisterAnswer last_{};
};

/// Collects what the link's listener is told.
class Listener {
 public:
  explicit Listener(engine::PopulationRegistry& registry) {
    registry.on_link_change([this](LinkState state) {
      const std::lock_guard lock(mutex_);
      states_.push_back(state);
      changed_.notify_all();
    });
  }
  [[nodiscard]] bool heard(const std::vector<LinkState>& expected) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 5s, [&] { return states_ == expected; });
  }

 private:
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::vector<LinkState> states_{};
};

TEST_F(Registry, GivesEveryPersonOfTheServiceWithItsRelatives) {
  auto registry = open_registry(options());
  for (std::size_t i = 0; i < 30; ++i) {
    const auto answer = ask(*registry, query(i));
    const auto& listed = people_.at(i);
    ASSERT_EQ(verdict(answer), "MATCH") << i;
    EXPECT_EQ(answer.person.at("full_name"), listed.at("full_name"));
    EXPECT_EQ(answer.person.at("sex"), listed.at("sex"));
    for (const char* link : {"mother", "father", "spouse"}) {
      const auto shown =
          answer.person.value(json::json_pointer(std::string("/") + link + "/personal_id"), json{});
      EXPECT_EQ(shown, listed.at(link)) << link;
      if (!shown.is_null()) {
        EXPECT_FALSE(answer.person.at(link).at("full_name").get<std::string>().empty());
      }
    }
    EXPECT_TRUE(answer.data_time.has_value());
    EXPECT_FALSE(answer.raw.empty());
  }
  auto decomposed = query(0);
  decomposed.full_name = "  " + decomposed.full_name + " ";
  EXPECT_EQ(verdict(ask(*registry, decomposed)), "MATCH");
}

TEST_F(Registry, GivesEachModeAndVariantItsClass) {
  EXPECT_EQ(verdict_when({{"mode", "normal"}}), "MATCH");
  EXPECT_EQ(verdict_when({{"mode", "slow"}, {"delay_ms", 100}}), "MATCH");
  EXPECT_EQ(verdict_when({{"mode", "slow"}, {"delay_ms", 5000}}), "UNAVAILABLE timeout");
  EXPECT_EQ(verdict_when({{"mode", "trickle"}, {"delay_ms", 20}}), "UNAVAILABLE timeout");
  EXPECT_EQ(verdict_when({{"mode", "down"}}), "UNAVAILABLE connection");
  EXPECT_EQ(verdict_when({{"mode", "errors"}}), "UNAVAILABLE http_5xx");
  EXPECT_EQ(verdict_when({{"mode", "refused"}}), "REFUSED http_refused");
  EXPECT_EQ(verdict_when({{"mode", "wrong_person"}}), "NO_MATCH number_differs");
  EXPECT_EQ(verdict_when({{"mode", "garbled"}}), "MALFORMED not_xml");
  EXPECT_EQ(verdict_when({{"mode", "garbled"}, {"variant", "html"}}), "MALFORMED not_xml");
  EXPECT_EQ(verdict_when({{"mode", "garbled"}, {"variant", "truncated"}}), "MALFORMED not_xml");
  EXPECT_EQ(verdict_when({{"mode", "garbled"}, {"variant", "namespace"}}), "MALFORMED wrong_namespace");
  EXPECT_EQ(verdict_when({{"mode", "garbled"}, {"variant", "huge"}}), "MALFORMED too_large");
  EXPECT_EQ(verdict_when({{"mode", "garbled"}, {"variant", "year_only"}}), "MATCH");
  EXPECT_EQ(last_.person.at("birth_date").get<std::string>().size(), 4U);
  EXPECT_EQ(verdict_when({{"mode", "garbled"}, {"variant", "empty"}}), "MATCH");
  EXPECT_FALSE(last_.person.contains("ethnicity"));
  EXPECT_FALSE(last_.person.contains("father"));
}

TEST_F(Registry, SaysNothingPersonalInDetails) {
  for (const auto& behaviour :
       std::vector<json>{{{"mode", "wrong_person"}}, {{"mode", "garbled"}}, {{"mode", "refused"}}}) {
    static_cast<void>(verdict_when(behaviour));
    EXPECT_FALSE(last_.detail.empty());
    for (const auto& person : people_) {
      EXPECT_EQ(last_.detail.find(person.at("personal_id").get<std::string>()), std::string::npos);
      EXPECT_EQ(last_.detail.find(person.at("full_name").get<std::string>()), std::string::npos);
    }
    EXPECT_EQ(last_.detail.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789"), std::string::npos);
    EXPECT_TRUE(last_.person.empty());
  }
}

TEST_F(Registry, AnswersWithoutACallWhatCannotBeAsked) {
  auto registry = open_registry(options());
  auto nobody = query();
  nobody.officer_number.clear();
  EXPECT_EQ(verdict(ask(*registry, nobody)), "REFUSED officer_unknown");
  auto short_number = query();
  short_number.personal_id = "123";
  EXPECT_EQ(verdict(ask(*registry, short_number)), "NO_MATCH query_invalid");
  auto unknown = query();
  unknown.personal_id = "001190999999";
  EXPECT_EQ(verdict(ask(*registry, unknown)), "NO_MATCH no_record");
  EXPECT_EQ(service_.stats().at("calls"), 1);
}

TEST_F(Registry, RetriesAnOutageAFewTimesAndNothingElse) {
  const auto calls_when = [&](const json& behaviour) {
    service_.behave(behaviour);
    service_.reset_stats();
    auto registry = open_registry(options());
    static_cast<void>(ask(*registry, query()));
    EXPECT_EQ(registry->figures().attempts, service_.stats().at("calls").get<std::uint64_t>());
    return service_.stats().at("calls").get<int>();
  };
  EXPECT_EQ(calls_when({{"mode", "errors"}}), 3);
  EXPECT_EQ(calls_when({{"mode", "down"}}), 3);
  EXPECT_EQ(calls_when({{"mode", "refused"}}), 1);
  EXPECT_EQ(calls_when({{"mode", "garbled"}}), 1);
  EXPECT_EQ(calls_when({{"mode", "wrong_person"}}), 1);
}

TEST_F(Registry, DrawsItsPausesFromTheSourceItIsGiven) {
  service_.behave({{"mode", "errors"}});
  const auto duration_with = [&](std::uint64_t chance) {
    auto slow = options();
    slow.retry_delay = slow.retry_delay_most = 600ms;
    slow.random = [chance] { return chance; };
    auto registry = open_registry(slow);
    const auto start = Steady::now();
    static_cast<void>(ask(*registry, query()));
    return Steady::now() - start;
  };
  EXPECT_LT(duration_with(0), 1100ms) << "twice half of the pause";
  EXPECT_GE(duration_with(300), 1200ms) << "twice all of it";
}

TEST_F(Registry, NeverLetsTheServiceSeeMoreCallsAtOnceThanTheCap) {
  service_.behave({{"mode", "normal"}, {"delay_ms", 20}});
  auto wide = options();
  wide.overall_timeout = 9s;
  auto registry = open_registry(wide);
  std::vector<std::future<engine::RegisterAnswer>> answers;
  for (std::size_t i = 0; i < 200; ++i) answers.push_back(look_up(*registry, query(i)));
  for (auto& answer : answers) EXPECT_EQ(verdict(wait_for(answer)), "MATCH");
  EXPECT_EQ(service_.stats().at("calls"), 200);
  EXPECT_EQ(service_.stats().at("most_calls_at_once"), 8);
  EXPECT_EQ(registry->figures().answers.at(static_cast<std::size_t>(AnswerClass::match)), 200U);
  // The last answer is handed out a moment before its call is taken off the count.
  const auto end = Steady::now() + 5s;
  while (registry->figures().sent_now != 0 && Steady::now() < end) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(registry->figures().sent_now, 0U);
}

TEST_F(Registry, KeepsTheCapWhileCallsTimeOutAndAreRetried) {
  service_.behave({{"mode", "trickle"}, {"delay_ms", 30}});
  auto impatient = options();
  impatient.attempt_timeout = 60ms;
  impatient.overall_timeout = 9s;
  impatient.calls_max = 4;
  auto registry = open_registry(impatient);
  std::vector<std::future<engine::RegisterAnswer>> answers;
  for (std::size_t i = 0; i < 40; ++i) answers.push_back(look_up(*registry, query(i)));
  for (auto& answer : answers) EXPECT_EQ(verdict(wait_for(answer)), "UNAVAILABLE timeout");
  EXPECT_LE(service_.stats().at("most_calls_at_once").get<int>(), 4);
  EXPECT_GE(service_.stats().at("calls").get<int>(), 60);
}

TEST_F(Registry, LetsNoTrickleHoldASlotBeyondItsTime) {
  service_.behave({{"mode", "trickle"}, {"delay_ms", 10}});
  auto single = options();
  single.calls_max = 1;
  single.attempts_max = 1;
  auto registry = open_registry(single);
  const auto start = Steady::now();
  auto trickled = look_up(*registry, query(0));
  while (service_.stats().at("calls") == 0) std::this_thread::sleep_for(5ms);
  service_.behave({{"mode", "normal"}});
  EXPECT_EQ(verdict(ask(*registry, query(1))), "MATCH");
  EXPECT_LT(Steady::now() - start, 3s);
  EXPECT_EQ(verdict(wait_for(trickled)), "UNAVAILABLE timeout");
}

TEST_F(Registry, AnswersWithinTheOverallTimeHoweverManyWait) {
  service_.behave({{"mode", "slow"}, {"delay_ms", 5000}});
  auto narrow = options();
  narrow.calls_max = 1;
  narrow.overall_timeout = 1s;
  auto registry = open_registry(narrow);
  const auto start = Steady::now();
  std::vector<std::future<engine::RegisterAnswer>> answers;
  for (std::size_t i = 0; i < 20; ++i) answers.push_back(look_up(*registry, query(i)));
  std::map<std::string, int> verdicts;
  for (auto& answer : answers) ++verdicts[verdict(wait_for(answer))];
  EXPECT_LT(Steady::now() - start, 2s);
  EXPECT_GE(verdicts["UNAVAILABLE waited_too_long"], 17);
  EXPECT_GE(verdicts["UNAVAILABLE timeout"], 1);
}

TEST_F(Registry, TurnsAwayWhatExceedsTheLine) {
  service_.behave({{"mode", "slow"}, {"delay_ms", 200}});
  auto narrow = options();
  narrow.calls_max = 1;
  narrow.waiting_max = 2;
  auto registry = open_registry(narrow);
  std::vector<std::future<engine::RegisterAnswer>> answers;
  for (std::size_t i = 0; i < 10; ++i) answers.push_back(look_up(*registry, query(i)));
  std::map<std::string, int> verdicts;
  for (auto& answer : answers) ++verdicts[verdict(wait_for(answer))];
  EXPECT_EQ(verdicts["MATCH"], 3);
  EXPECT_EQ(verdicts["UNAVAILABLE overloaded"], 7);
}

TEST_F(Registry, RefusesAHugeAnswerWithoutKeepingItInMemory) {
  service_.behave({{"mode", "garbled"}, {"variant", "huge"}});
  auto registry = open_registry(options());
  static_cast<void>(ask(*registry, query()));
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  std::vector<std::future<engine::RegisterAnswer>> answers;
  for (std::size_t i = 0; i < 16; ++i) answers.push_back(look_up(*registry, query(i)));
  for (auto& answer : answers) {
    const auto huge = wait_for(answer);
    EXPECT_EQ(verdict(huge), "MALFORMED too_large");
    EXPECT_TRUE(huge.raw.empty());
  }
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 8 * 1024) << "kibibytes";
}

adapters::RegistryOptions with_breaker(adapters::RegistryOptions options) {
  options.attempts_max = 1;
  options.breaker.failures_to_open = 3;
  options.breaker.open_for = options.breaker.open_for_most = 600ms;
  return options;
}

TEST_F(Registry, StopsCallingALinkThatIsDownAndFindsItAgain) {
  service_.behave({{"mode", "errors"}});
  auto registry = open_registry(with_breaker(options()));
  Listener listener(*registry);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(verdict(ask(*registry, query(i))), "UNAVAILABLE http_5xx");
  EXPECT_TRUE(listener.heard({LinkState::down}));
  service_.reset_stats();
  for (std::size_t i = 0; i < 50; ++i)
    EXPECT_EQ(verdict(ask(*registry, query(i))), "UNAVAILABLE breaker_open");
  EXPECT_EQ(service_.stats().at("calls"), 0);
  EXPECT_EQ(registry->figures().state_now, LinkState::down);

  EXPECT_TRUE(listener.heard({LinkState::down, LinkState::trial}));
  EXPECT_EQ(verdict(ask(*registry, query())), "UNAVAILABLE http_5xx") << "the probe";
  EXPECT_EQ(verdict(ask(*registry, query())), "UNAVAILABLE breaker_open");
  EXPECT_EQ(service_.stats().at("calls"), 1);

  service_.behave({{"mode", "normal"}});
  EXPECT_TRUE(listener.heard({LinkState::down, LinkState::trial, LinkState::down, LinkState::trial}));
  EXPECT_EQ(verdict(ask(*registry, query())), "MATCH");
  EXPECT_TRUE(
      listener.heard({LinkState::down, LinkState::trial, LinkState::down, LinkState::trial, LinkState::up}));
  EXPECT_EQ(registry->figures().state_now, LinkState::up);
  EXPECT_EQ(registry->figures().times_opened, 2U);
}

TEST_F(Registry, SendsOneProbeWhileEverybodyElseWaitsForHowItEnds) {
  service_.behave({{"mode", "down"}});
  auto patient = with_breaker(options());
  patient.attempt_timeout = 3s;
  patient.overall_timeout = 9s;
  auto registry = open_registry(patient);
  Listener listener(*registry);
  for (std::size_t i = 0; i < 3; ++i) static_cast<void>(ask(*registry, query(i)));
  ASSERT_TRUE(listener.heard({LinkState::down, LinkState::trial}));
  service_.reset_stats();
  service_.behave({{"mode", "slow"}, {"delay_ms", 300}});
  std::vector<std::future<engine::RegisterAnswer>> answers;
  for (std::size_t i = 0; i < 20; ++i) answers.push_back(look_up(*registry, query(i)));
  while (service_.stats().at("calls") == 0) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(registry->figures().waiting_now, 19U);
  EXPECT_EQ(service_.stats().at("calls"), 1);
  for (auto& answer : answers) EXPECT_EQ(verdict(wait_for(answer)), "MATCH");
}

TEST_F(Registry, AnswersEverybodyExactlyOnceWhenItEnds) {
  service_.behave({{"mode", "slow"}, {"delay_ms", 5000}});
  std::atomic<int> answered{0};
  std::atomic<int> shut{0};
  auto registry = open_registry(options());
  for (std::size_t i = 0; i < 100; ++i) {
    registry->look_up(query(i), [&](engine::RegisterAnswer answer) {
      ++answered;
      if (verdict(answer) == "UNAVAILABLE shutting_down") ++shut;
    });
  }
  while (service_.stats().at("calls") < 8) std::this_thread::sleep_for(5ms);
  const auto start = Steady::now();
  registry.reset();
  EXPECT_LT(Steady::now() - start, 2s);
  EXPECT_EQ(answered, 100);
  EXPECT_EQ(shut, 100);
}

TEST_F(Registry, AnswersALookUpThatAnAnswerAsksForWhileItEnds) {
  service_.behave({{"mode", "slow"}, {"delay_ms", 5000}});
  std::string second;
  auto registry = open_registry(options());
  auto* link = registry.get();
  registry->look_up(query(), [&, link](engine::RegisterAnswer /*first*/) {
    link->look_up(query(), [&](engine::RegisterAnswer answer) { second = verdict(answer); });
  });
  while (service_.stats().at("calls") == 0) std::this_thread::sleep_for(5ms);
  registry.reset();
  EXPECT_EQ(second, "UNAVAILABLE shutting_down");
}

TEST_F(Registry, CountsWhatMetricsShow) {
  auto registry = open_registry(options());
  static_cast<void>(ask(*registry, query()));
  service_.behave({{"mode", "errors"}});
  static_cast<void>(ask(*registry, query()));
  const auto figures = registry->figures();
  EXPECT_EQ(figures.look_ups, 2U);
  EXPECT_EQ(figures.attempts, 4U);
  EXPECT_EQ(figures.retries, 2U);
  EXPECT_EQ(figures.answers.at(static_cast<std::size_t>(AnswerClass::match)), 1U);
  EXPECT_EQ(figures.answers.at(static_cast<std::size_t>(AnswerClass::unavailable)), 1U);
  std::uint64_t timed = 0;
  for (const auto count : figures.latency) timed += count;
  EXPECT_EQ(timed, 2U);
}

TEST(RegistryWithoutService, IsUnavailable) {
  auto registry = open_registry(quick_options("http://127.0.0.1:1/"));
  EXPECT_EQ(verdict(ask(*registry, query_for({{"personal_id", "066190001234"},
                                              {"full_name", "TRẦN THỊ BÌNH"},
                                              {"birth_date", "1990"}}))),
            "UNAVAILABLE connection");
}

TEST(RegistryOptions, MustLeaveTimeForOneAttempt) {
  auto options = quick_options("http://127.0.0.1:1/");
  options.overall_timeout = options.attempt_timeout - 1ms;
  EXPECT_FALSE(adapters::SoapPopulationRegistry::open(options).has_value());
  options = quick_options("https://127.0.0.1:1/");
  EXPECT_FALSE(adapters::SoapPopulationRegistry::open(options).has_value());
  options = quick_options("http://127.0.0.1:1/");
  options.calls_max = 0;
  EXPECT_FALSE(adapters::SoapPopulationRegistry::open(options).has_value());
}

}  // namespace
}  // namespace motcua::tests

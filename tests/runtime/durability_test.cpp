/// No answer leaves before everything that its decision read is on disk, and a failed commit is seen by
/// nobody.
#include "tests/support/harness.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace motcua::engine {
namespace {

/// Waits until the sequencer has decided every queued command; at most ten seconds.
void wait_until_decided(Harness& office) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (office.sequencer().figures().queued != 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), until) << "commands stay undecided";
    std::this_thread::yield();
  }
}

RejectionCode code_of(const Answer& answer) {
  return answer.has_error() ? answer.error().code : RejectionCode::bad_request;
}

/// A filed case; the reception is being written and blocked; a second command has read what it leaves behind.
struct TwoCommands {
  Harness office{};
  CaseHandle filed{};
  std::future<Answer> first{};
  std::future<Answer> second{};

  TwoCommands() {
    filed = office.file();
    office.store().block_next_append();
    first = office.submit(office.command(desk_officer(), filed->state.id, ReceiveCase{}, 1), "first");
    office.store().wait_until_append_is_blocked();
    second = office.submit(office.command(desk_officer(), filed->state.id, RefuseReception{"duplicate"}, 1),
                           "second");
    wait_until_decided(office);
  }
};

TEST(Durability, ARejectionThatReadAnUncommittedStateDoesNotArriveBeforeTheCommit) {
  TwoCommands two;

  EXPECT_FALSE(has_arrived(two.first));
  EXPECT_FALSE(has_arrived(two.second));
  EXPECT_TRUE(two.office.arrivals().empty());

  two.office.store().release_append();
  const auto first = wait_for(two.first);
  const auto second = wait_for(two.second);

  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->after->state.stage, Stage::received);
  EXPECT_EQ(code_of(second), RejectionCode::version_conflict);
  EXPECT_EQ(second.error().members.at("current_version"), 2);
  EXPECT_EQ(two.office.arrivals(), (std::vector<std::string>{"first", "second"}));
}

class FailedCommit : public ::testing::TestWithParam<storage::AppendFailure> {};

TEST_P(FailedCommit, IsSeenByNobody) {
  TwoCommands two;
  two.office.store().fail_next_append(GetParam());

  EXPECT_FALSE(has_arrived(two.first));
  EXPECT_FALSE(has_arrived(two.second));
  two.office.store().release_append();

  EXPECT_EQ(code_of(wait_for(two.first)), RejectionCode::outcome_unknown);
  EXPECT_EQ(code_of(wait_for(two.second)), RejectionCode::outcome_unknown);
  EXPECT_EQ(two.office.arrivals(), (std::vector<std::string>{"first", "second"}));
  EXPECT_EQ(code_of(two.office.run(two.office.filing())), RejectionCode::outcome_unknown);
  two.office.stop();
  EXPECT_EQ(two.office.fatals().size(), 1U);
}

TEST_P(FailedCommit, EndsTheProcessOnlyAfterEveryWaiterWasRefused) {
  TwoCommands two;
  two.office.store().fail_next_append(GetParam());
  two.office.store().release_append();
  (void)wait_for(two.first);
  (void)wait_for(two.second);
  two.office.stop();

  ASSERT_EQ(two.office.fatals().size(), 1U);
  EXPECT_EQ(two.office.fatals().front().answers_before, 3U) << "the filing and both commands";
}

TEST_P(FailedCommit, LeavesAStoreThatSaysWhatReallyHappened) {
  TwoCommands two;
  two.office.store().fail_next_append(GetParam());
  two.office.store().release_append();
  (void)wait_for(two.first);
  (void)wait_for(two.second);

  two.office.restart();

  const auto replayed = two.office.loader().load(two.filed->state.id);
  ASSERT_TRUE(replayed.has_value());
  const bool written = GetParam() == storage::AppendFailure::after_write;
  EXPECT_EQ((*replayed)->state.version, written ? 2U : 1U);
  // Whoever repeats with the same key learns which of the two it was.
  EXPECT_TRUE(two.office.file()->state.version == 1U);
}

INSTANTIATE_TEST_SUITE_P(EachWay, FailedCommit,
                         ::testing::Values(storage::AppendFailure::before_write,
                                           storage::AppendFailure::after_write),
                         [](const ::testing::TestParamInfo<storage::AppendFailure>& parameter) {
                           return parameter.param == storage::AppendFailure::before_write ? "BeforeWrite"
                                                                                          : "AfterWrite";
                         });

TEST(Durability, CommandsThatArriveDuringACommitShareTheNextOne) {
  Harness office;
  office.store().block_next_append();
  auto first = office.submit(office.filing());
  office.store().wait_until_append_is_blocked();
  std::vector<std::future<Answer>> others;
  for (int i = 0; i < 100; ++i) others.push_back(office.submit(office.filing()));
  wait_until_decided(office);
  office.store().release_append();

  EXPECT_TRUE(wait_for(first).has_value());
  for (auto& other : others) EXPECT_TRUE(wait_for(other).has_value());
  office.stop();
  EXPECT_EQ(office.log().size(), 101U);
  EXPECT_LE(office.commits(), 3U);
}

TEST(Durability, AnswersOfOneGroupArriveInTheOrderOfSubmission) {
  Harness office;
  office.store().block_next_append();
  std::vector<std::future<Answer>> answers;
  std::vector<std::string> labels;
  for (int i = 0; i < 50; ++i) {
    labels.push_back(std::to_string(i));
    // Every third is refused: refusals keep their place among acceptances.
    const auto by = i % 3 == 0 ? case_officer() : desk_officer();
    answers.push_back(office.submit(office.filing(by), labels.back()));
  }
  office.store().release_append();
  for (auto& answer : answers) (void)wait_for(answer);

  EXPECT_EQ(office.arrivals(), labels);
}

TEST(Durability, ReadersSeeNothingOfABlockedCommit) {
  TwoCommands two;

  const auto durable = two.office.loader().load(two.filed->state.id);
  ASSERT_TRUE(durable.has_value());
  EXPECT_EQ((*durable)->state.stage, Stage::registered);
  EXPECT_EQ(two.office.store().head().position, 1U);

  two.office.store().release_append();
  (void)wait_for(two.first);
  EXPECT_EQ(two.office.store().head().position, 2U);
}

TEST(Durability, ClosingTheSequencerDecidesAndWritesWhatIsQueued) {
  Harness office;
  office.store().block_next_append();
  std::vector<std::future<Answer>> answers;
  answers.push_back(office.submit(office.filing()));
  office.store().wait_until_append_is_blocked();
  for (int i = 0; i < 30; ++i) answers.push_back(office.submit(office.filing()));
  std::thread closing([&] { office.stop(); });
  std::this_thread::sleep_for(std::chrono::milliseconds{20});
  office.store().release_append();
  closing.join();

  for (auto& answer : answers) EXPECT_TRUE(has_arrived(answer) && answer.get().has_value());
  EXPECT_EQ(office.log().size(), 31U);
}

TEST(Durability, CommandsBeyondTheQueueLimitAreTurnedAwayAtOnce) {
  Harness office({.queued_commands = 8});
  office.store().block_next_append();
  auto first = office.submit(office.filing());
  office.store().wait_until_append_is_blocked();
  // The group being decided takes its fill; then the queue does.
  std::vector<std::future<Answer>> waiting;
  std::future<Answer> refused;
  for (std::size_t i = 0; i < kGroupCommandsMax + 9; ++i) {
    if (i < kGroupCommandsMax && i % 8 == 7) {
      wait_until_decided(office);
    }
    if (i == kGroupCommandsMax) {
      wait_until_decided(office);
    }
    auto answer = office.submit(office.filing(case_officer()));
    if (i == kGroupCommandsMax + 8) {
      refused = std::move(answer);
    } else {
      waiting.push_back(std::move(answer));
    }
  }

  ASSERT_TRUE(has_arrived(refused)) << "a refusal for lack of room has read nothing and waits for nothing";
  EXPECT_EQ(code_of(refused.get()), RejectionCode::overloaded);
  EXPECT_TRUE(std::none_of(waiting.begin(), waiting.end(), [](auto& answer) { return has_arrived(answer); }));
  office.store().release_append();
  for (auto& answer : waiting) EXPECT_EQ(code_of(wait_for(answer)), RejectionCode::role_forbidden);
}

TEST(Durability, ACaseIsNotForgottenBeforeItsCommit) {
  Harness office({.cached_bytes = 1});
  const auto one = office.file();
  office.store().block_next_append();
  std::promise<void> written;
  office.sequencer().submit(office.filing(), [&](const Answer&) {
    // The committer's thread, before it takes the next group: that one is blocked too.
    office.store().block_next_append();
    written.set_value();
  });
  office.store().wait_until_append_is_blocked();
  auto received = office.submit(office.command(desk_officer(), one->state.id, ReceiveCase{}, 1));
  auto other = office.submit(office.filing());
  wait_until_decided(office);
  office.store().release_append();
  written.get_future().wait();
  office.store().wait_until_append_is_blocked();
  auto claimed = office.submit(office.command(case_officer(), one->state.id, claim(), 2));
  wait_until_decided(office);
  office.store().release_append();

  EXPECT_TRUE(wait_for(received).has_value());
  EXPECT_TRUE(wait_for(other).has_value());
  EXPECT_TRUE(wait_for(claimed).has_value()) << "the claim must have read the reception in flight";
  office.stop();
  EXPECT_TRUE(office.fatals().empty());
}

}  // namespace
}  // namespace motcua::engine

/// A repetition with the same key gets the same answer and changes nothing.
#include "tests/support/harness.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

RejectionCode code_of(const Answer& answer) {
  return answer.has_error() ? answer.error().code : RejectionCode::bad_request;
}

TEST(Idempotency, ARepetitionGetsTheFirstAnswerAndWritesNothing) {
  for (const bool restarted : {false, true}) {
    SCOPED_TRACE(restarted ? "after a restart" : "at once");
    Harness office;
    const auto first = office.run(office.filing(desk_officer(), complete_filing(), "key"));
    if (restarted) office.restart();
    const auto again = office.run(office.filing(desk_officer(), complete_filing(), "key"));

    ASSERT_TRUE(first.has_value());
    ASSERT_TRUE(again.has_value());
    EXPECT_FALSE(first->repeated);
    EXPECT_TRUE(again->repeated);
    EXPECT_EQ(again->status, 201);
    EXPECT_EQ(again->after->state, first->after->state);
    EXPECT_EQ(again->after->content, first->after->content);
    EXPECT_EQ(office.log().size(), 1U);
  }
}

TEST(Idempotency, ADuplicateInFlightWaitsForTheSameCommit) {
  Harness office;
  office.store().block_next_append();
  auto first = office.submit(office.filing(desk_officer(), complete_filing(), "key"), "first");
  office.store().wait_until_append_is_blocked();
  auto again = office.submit(office.filing(desk_officer(), complete_filing(), "key"), "again");
  auto same_group = office.submit(office.filing(desk_officer(), complete_filing(), "other"), "other");
  auto same_group_again =
      office.submit(office.filing(desk_officer(), complete_filing(), "other"), "other again");
  EXPECT_EQ(again.wait_for(std::chrono::milliseconds{50}), std::future_status::timeout);
  office.store().release_append();

  const auto one = wait_for(first);
  const auto two = wait_for(again);
  ASSERT_TRUE(one.has_value());
  ASSERT_TRUE(two.has_value());
  EXPECT_TRUE(two->repeated);
  EXPECT_EQ(two->after->state, one->after->state);
  const auto three = wait_for(same_group);
  const auto four = wait_for(same_group_again);
  ASSERT_TRUE(three.has_value() && four.has_value());
  EXPECT_TRUE(four->repeated);
  EXPECT_EQ(four->after->state, three->after->state);
  EXPECT_EQ(office.log().size(), 2U);
  EXPECT_EQ(office.arrivals(), (std::vector<std::string>{"first", "again", "other", "other again"}));
}

TEST(Idempotency, AnotherBodyUnderTheSameKeyIsRefused) {
  Harness office;
  auto other = complete_filing();
  other.channel = "online";
  ASSERT_TRUE(office.run(office.filing(desk_officer(), complete_filing(), "key")).has_value());

  EXPECT_EQ(code_of(office.run(office.filing(desk_officer(), other, "key"))),
            RejectionCode::idempotency_key_reused);
  office.restart();
  EXPECT_EQ(code_of(office.run(office.filing(desk_officer(), other, "key"))),
            RejectionCode::idempotency_key_reused);
  const auto again = office.run(office.filing(desk_officer(), complete_filing(), "key"));
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(office.log().size(), 1U);
}

TEST(Idempotency, AnotherBodyInFlightIsRefusedOnlyAfterTheCommit) {
  Harness office;
  auto other = complete_filing();
  other.channel = "online";
  office.store().block_next_append();
  auto first = office.submit(office.filing(desk_officer(), complete_filing(), "key"));
  office.store().wait_until_append_is_blocked();
  auto reused = office.submit(office.filing(desk_officer(), other, "key"));
  EXPECT_EQ(reused.wait_for(std::chrono::milliseconds{50}), std::future_status::timeout);
  office.store().release_append();

  EXPECT_TRUE(wait_for(first).has_value());
  EXPECT_EQ(code_of(wait_for(reused)), RejectionCode::idempotency_key_reused);
}

TEST(Idempotency, TheSameKeyOfAnotherPersonOrAgencyIsAnotherKey) {
  Harness office;
  ASSERT_TRUE(office.run(office.filing(desk_officer(), complete_filing(), "key")).has_value());

  const auto colleague =
      office.run(office.filing(person("desk-2", {"desk_officer"}), complete_filing(), "key"));
  const auto elsewhere =
      office.run(office.filing(person("desk-1", {"desk_officer"}, "H15.60.01"), complete_filing(), "key"));

  ASSERT_TRUE(colleague.has_value() && elsewhere.has_value());
  EXPECT_FALSE(colleague->repeated);
  EXPECT_FALSE(elsewhere->repeated);
  EXPECT_EQ(office.log().size(), 3U);
}

TEST(Idempotency, ARepetitionAfterLaterEventsIsAnsweredFromTheCaseAtThatVersion) {
  for (const bool restarted : {false, true}) {
    Harness office;
    const auto filed = office.file();
    const auto receive = office.command(desk_officer(), filed->state.id, ReceiveCase{}, 1, "receive");
    const auto received = office.run(receive);
    ASSERT_TRUE(received.has_value());
    office.must(case_officer(), received->after, claim());
    if (restarted) office.restart();

    const auto again = office.run(receive);

    ASSERT_TRUE(again.has_value());
    EXPECT_TRUE(again->repeated);
    EXPECT_EQ(again->after->state, received->after->state);
    EXPECT_EQ(again->after->content, received->after->content);
    EXPECT_EQ(again->after->state.version, 2U);
  }
}

TEST(Idempotency, ARefusedCommandMayBeRepeatedWithSuccess) {
  Harness office;
  const auto filed = office.file();
  const auto claiming = office.command(case_officer(), filed->state.id, claim(), 2, "key");

  EXPECT_EQ(code_of(office.run(claiming)), RejectionCode::version_conflict);
  office.must(desk_officer(), filed, ReceiveCase{});
  const auto again = office.run(claiming);

  ASSERT_TRUE(again.has_value());
  EXPECT_FALSE(again->repeated);
  EXPECT_EQ(again->after->state.stage, Stage::in_process);
}

TEST(Idempotency, ARepetitionNeedsNoRightThatWasLostMeanwhile) {
  Harness office;
  const auto filed = office.file();
  auto withdraw = office.command(desk_officer(), filed->state.id, WithdrawCase{}, 1, "key");
  ASSERT_TRUE(office.run(withdraw).has_value());
  withdraw.asker.roles = {"case_officer"};

  const auto again = office.run(withdraw);

  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->repeated);
}

}  // namespace
}  // namespace motcua::engine

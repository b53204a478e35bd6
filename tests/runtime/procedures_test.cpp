/// Definitions are published one version after the other, never into the past, and each is there whole.
#include "storage/record/sha256.hpp"
#include "tests/support/harness.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

class PlainText final : public PublishedText {
 public:
  explicit PlainText(std::string bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] std::string bytes() const override { return bytes_; }

 private:
  std::string bytes_;
};

const LocalDay kToday = local_day(kMonday8h);
const std::string kNew = "9.000027";

Identity integrator() { return person("integrator-1", {"integrator"}); }

CheckedProcedure text(std::int64_t version, LocalDay from, const std::string& words = "one",
                      const std::string& code = kNew) {
  auto definition = std::make_shared<Definition>(*office_rules().definition);
  definition->code = ProcedureCode(code);
  definition->version = version;
  definition->published = true;
  definition->effective_from = from;
  const std::string text = code + std::to_string(version) + to_iso(from) + words;
  definition->document = std::make_shared<const PlainText>(text);
  definition->hash = storage::sha256(text);
  return {definition, 3};
}

CommandRequest publication(Harness& office, const CheckedProcedure& checked, const std::string& key = "",
                           const Identity& by = integrator()) {
  auto request = office.filing(by, complete_filing(), key);
  request.body_mac = checked.definition->hash;
  PublishProcedure publish;
  publish.checked = checked;
  request.request = std::move(publish);
  return request;
}

RejectionCode code_of(const Answer& answer) {
  return answer.has_error() ? answer.error().code : RejectionCode::bad_request;
}

TEST(PublishProcedure, RecordsTheVersionWithItsBytesAndItsAuthorInOneBatch) {
  Harness office;
  const auto checked = text(1, kToday);
  const auto answer = office.run(publication(office, checked));

  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->publication->warnings, 3U);
  const auto log = office.log();
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0].type, "procedure.published");
  EXPECT_EQ(log[0].stream, (StreamId{StreamKind::procedure, kNew}));
  EXPECT_EQ(log[0].actor, ActorId("integrator-1"));
  EXPECT_EQ(log[0].rules, (std::vector<RuleHash>{{"procedure", checked.definition->hash}}));
  const auto bytes = office.store().read_artifact(checked.definition->hash);
  ASSERT_TRUE(bytes.has_value() && *bytes);
  EXPECT_EQ(**bytes, checked.definition->document->bytes());
  office.stop();
  EXPECT_EQ(office.commits(), 1U);
}

TEST(PublishProcedure, OfTwoDecidedInOneGroupTheSecondIsTold) {
  Harness office;
  office.store().block_next_append();
  auto busy = office.submit(office.filing());
  office.store().wait_until_append_is_blocked();
  auto first = office.submit(publication(office, text(1, kToday, "one")));
  auto other = office.submit(publication(office, text(1, kToday, "two")));
  auto same = office.submit(publication(office, text(1, kToday, "one")));
  office.store().release_append();
  ASSERT_TRUE(wait_for(busy).has_value());

  const auto won = wait_for(first);
  ASSERT_TRUE(won.has_value());
  EXPECT_EQ(code_of(wait_for(other)), RejectionCode::version_conflict);
  const auto again = wait_for(same);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->status, 200) << "the same bytes are the same publication";
  EXPECT_EQ(again->publication->position, won->publication->position);
  EXPECT_EQ(office.log().size(), 2U);
}

TEST(PublishProcedure, AVersionIsTheNextOne) {
  Harness office;
  ASSERT_TRUE(office.run(publication(office, text(7, kToday))).has_value()) << "the first may be any";
  using std::chrono::days;
  for (const auto version : {6, 7, 9}) {
    EXPECT_EQ(code_of(office.run(publication(office, text(version, kToday + days{1}, "other")))),
              RejectionCode::version_conflict);
  }
  EXPECT_TRUE(office.run(publication(office, text(8, kToday + days{1}))).has_value());
  EXPECT_EQ(office.log().back().version, 2U) << "of the stream";
}

TEST(PublishProcedure, NeitherInThePastNorBeforeTheVersionThatItFollows) {
  Harness office;
  using std::chrono::days;
  EXPECT_EQ(code_of(office.run(publication(office, text(1, kToday - days{1})))), RejectionCode::invalid_data);
  ASSERT_TRUE(office.run(publication(office, text(1, kToday + days{5}))).has_value());
  for (const auto later : {days{1}, days{5}}) {
    EXPECT_EQ(code_of(office.run(publication(office, text(2, kToday + later)))), RejectionCode::invalid_data);
  }
  EXPECT_EQ(office.log().size(), 1U);
  EXPECT_TRUE(office.run(publication(office, text(2, kToday + days{6}))).has_value());
}

TEST(PublishProcedure, OnlyIntegratorsAndAdministratorsAreHeard) {
  Harness office;
  auto broken = publication(office, text(1, kToday), "", supervisor());
  std::get<PublishProcedure>(broken.request).checked = Rejection{RejectionCode::invalid_data, "broken"};
  EXPECT_EQ(code_of(office.run(broken)), RejectionCode::role_forbidden);
  EXPECT_EQ(office.log().size(), 0U);
  EXPECT_TRUE(office.run(publication(office, text(1, kToday), "", person("admin-1", {"admin"}))).has_value());
}

TEST(PublishProcedure, ARepetitionIsAnsweredAsTheFirstTimeAlsoAfterARestart) {
  Harness office;
  const auto first = office.run(publication(office, text(1, kToday), "key"));
  ASSERT_TRUE(first.has_value());
  for (const bool restarted : {false, true}) {
    if (restarted) office.restart();
    const auto again = office.run(publication(office, text(1, kToday), "key"));
    ASSERT_TRUE(again.has_value());
    EXPECT_TRUE(again->repeated);
    EXPECT_EQ(again->status, 201);
    EXPECT_EQ(again->publication->published, first->publication->published);
    EXPECT_EQ(again->publication->recorded_at, first->publication->recorded_at);
    EXPECT_EQ(again->publication->warnings, 3U);
  }
  EXPECT_EQ(office.log().size(), 1U);
  EXPECT_EQ(code_of(office.run(publication(office, text(1, kToday, "other"), "key"))),
            RejectionCode::idempotency_key_reused);
}

TEST(PublishProcedure, WhatTheCatalogueHoldsCountsAsPublished) {
  Harness office;
  const auto& held = *office_rules().definition;
  const auto next = held.version + 1;
  EXPECT_EQ(code_of(office.run(publication(office, text(held.version, kToday, "one", held.code.value)))),
            RejectionCode::version_conflict);
  EXPECT_EQ(code_of(office.run(publication(office, text(next, held.effective_from, "one", held.code.value)))),
            RejectionCode::invalid_data);
  EXPECT_TRUE(
      office.run(publication(office, text(next, kToday + std::chrono::days{1}, "one", held.code.value)))
          .has_value());
}

}  // namespace
}  // namespace motcua::engine

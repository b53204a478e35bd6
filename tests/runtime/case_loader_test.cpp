/// Reading of cases: at a version, at a time, and without what a copy of the log may lack.
#include "tests/support/harness.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

/// A case with ten events an hour apart, the newest handle kept per version.
struct Story {
  Harness office{};
  std::vector<CaseHandle> live{};

  Story() {
    step_in(office.file());
    run(desk_officer(), ReceiveCase{});
    run(case_officer(), claim());
    run(case_officer(), correct("/child/full_name", "Nguyễn Thị Ánh"));
    run(case_officer(), ask_for({"mandate"}));
    run(desk_officer(), supply({"mandate"}, {{"remark", "đã bổ sung"}}));
    run(case_officer(), take("submit"));
    run(signatory(), take("sign"));
    run(signatory(), resolve({"certificate"}));
    run(desk_officer(), ReturnResult{"counter", "Trần Văn Cường"});
  }
  void run(const Identity& by, const CommandBody& body) {
    office.clock().advance(std::chrono::hours{1});
    step_in(office.must(by, live.back(), body));
  }
  void step_in(const CaseHandle& handle) { live.push_back(handle); }
  [[nodiscard]] const CaseId& id() const { return live.front()->state.id; }
};

TEST(CaseLoader, AnswersTheCaseAsItStoodAtEachVersion) {
  Story story;
  const auto loader = story.office.loader();
  for (std::size_t version = 1; version <= story.live.size(); ++version) {
    const auto loaded = loader.load(story.id(), {version, std::nullopt});
    ASSERT_TRUE(loaded.has_value() && *loaded);
    EXPECT_EQ((*loaded)->state, story.live[version - 1]->state);
    EXPECT_EQ((*loaded)->content, story.live[version - 1]->content);
    EXPECT_EQ((*loaded)->rows, story.live[version - 1]->rows);
  }
  const auto nothing = loader.load(story.id(), {0, std::nullopt});
  ASSERT_TRUE(nothing.has_value());
  EXPECT_EQ(*nothing, nullptr);
}

TEST(CaseLoader, AnswersTheCaseAsItStoodAtATimeThatMomentIncluded) {
  Story story;
  const auto loader = story.office.loader();
  const auto version_at = [&](Instant at) {
    const auto loaded = loader.load(story.id(), {UINT64_MAX, at});
    return loaded.has_value() && *loaded ? (*loaded)->state.version : 0;
  };
  EXPECT_EQ(version_at(kMonday8h - std::chrono::microseconds{1}), 0U);
  EXPECT_EQ(version_at(kMonday8h), 1U);
  EXPECT_EQ(version_at(kMonday8h + std::chrono::hours{1} - std::chrono::microseconds{1}), 1U);
  EXPECT_EQ(version_at(kMonday8h + std::chrono::hours{1}), 2U);
  EXPECT_EQ(version_at(kMonday8h + std::chrono::hours{1000}), 10U);
}

TEST(CaseLoader, ACaseThatIsNotThereIsNull) {
  Harness office;
  const auto loaded = office.loader().load(CaseId{Id128{9}});
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(*loaded, nullptr);
}

TEST(CaseLoader, WithoutCatalogueAndKeysStageStepsClockPromisesAndVersionsStand) {
  Story story;
  const OfficeCatalogue empty{Rules{}};
  storage::FileKeyStore no_master(story.office.store(), std::nullopt);
  for (KeyStore* keys : {static_cast<KeyStore*>(nullptr), static_cast<KeyStore*>(&no_master)}) {
    const CaseLoader bare(story.office.store(), keys, empty);
    for (std::size_t version = 1; version <= story.live.size(); ++version) {
      const auto loaded = bare.load(story.id(), {version, std::nullopt});
      ASSERT_TRUE(loaded.has_value() && *loaded);
      EXPECT_EQ((*loaded)->state, story.live[version - 1]->state);
      EXPECT_EQ((*loaded)->rows, story.live[version - 1]->rows);
      EXPECT_FALSE((*loaded)->content->complete);
      EXPECT_TRUE((*loaded)->content->data.empty());
      EXPECT_EQ((*loaded)->rules.definition, nullptr);
    }
    const auto replayed = bare.replay(story.id());
    ASSERT_TRUE(replayed.has_value());
    EXPECT_EQ(*replayed, story.live.back()->state);
  }
}

TEST(CaseLoader, TheHistoryOpensPersonalValuesOnlyWhenAsked) {
  Story story;
  const auto sealed = story.office.loader().history(story.id(), false);
  const auto opened = story.office.loader().history(story.id(), true);
  ASSERT_TRUE(sealed.has_value() && opened.has_value());
  ASSERT_EQ(sealed->size(), 10U);
  EXPECT_TRUE(sealed->front().personal.empty());
  EXPECT_EQ(sealed->front().sealed_subjects.size(), 3U);
  ASSERT_EQ(opened->front().personal.size(), 3U);
  EXPECT_EQ(opened->front().personal.back().value.at("applicant").at("full_name"), "Trần Văn Cường");
  EXPECT_TRUE(opened->front().sealed_subjects.empty());
}

TEST(CaseLoader, AChangedSealedEntryIsAFaultAndNoEmptyValue) {
  Story story;
  auto record = story.office.log().front();
  record.sealed.front().ciphertext.front() = static_cast<char>(record.sealed.front().ciphertext.front() ^ 1);
  storage::FileKeyStore& keys = story.office.keys();

  EXPECT_TRUE(keys.open({record.stream, record.version, record.type}, record.sealed.front()).has_error());
}

TEST(CaseLoader, TheRulesOfAReceivedCaseAreThePinnedOnesOnly) {
  Story story;
  const OfficeCatalogue empty{Rules{}};
  const CaseLoader bare(story.office.store(), &story.office.keys(), empty);

  const auto rules = bare.pinned_rules(story.live.back()->state);
  EXPECT_EQ(rules.definition, nullptr);
  EXPECT_EQ(rules.calendar, nullptr);
  EXPECT_EQ(rules.organisation, nullptr);
  EXPECT_NE(story.office.loader().pinned_rules(story.live.back()->state).definition, nullptr);
}

}  // namespace
}  // namespace motcua::engine

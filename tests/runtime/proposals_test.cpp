/// The book of proposals is what the calendars' streams say, and nothing is lost on the way there.
#include "engine/runtime/proposal_book.hpp"
#include "storage/memory/memory_event_store.hpp"
#include "storage/record/sha256.hpp"
#include "tests/support/harness.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

CaseId numbered(std::uint8_t number) {
  CaseId id;
  id.bytes[15] = number;
  return id;
}

Proposal proposal(std::uint8_t number, Instant due) {
  return {numbered(number), {DueMove::later, kMonday8h, due}, AgencyId("H15.50.05"), AgencyId("H15")};
}

PublishedFile version(std::int64_t number) {
  const auto bytes = "calendar " + std::to_string(number);
  return {StreamKind::calendar, "office", number, storage::sha256(bytes), bytes};
}

class Proposals : public ::testing::Test {
 protected:
  void publish_version(std::int64_t number) {
    ASSERT_TRUE(publish(store_, {version(number)}, {kMonday8h}).has_value());
  }
  void write(std::string_view type, const std::string& bytes) {
    const auto head = store_.head();
    AppendBatch batch;
    batch.epoch = head.epoch;
    batch.first_position = head.position + 1;
    Record record;
    record.position = batch.first_position;
    record.stream = calendar_stream("office");
    record.version = store_.read_stream(record.stream)->size() + 1;
    record.type = type;
    record.recorded_at = record.occurred_at = kMonday8h;
    record.public_bytes = bytes;
    batch.records.push_back(record);
    ASSERT_TRUE(store_.append(batch).has_value());
  }
  void write(const ProposalPage& page) { write(kProposedType, encode(page)); }
  CalendarLine read(const std::string& id) {
    EXPECT_TRUE(book_.refresh(store_).has_value());
    return book_.find(id).value_or(CalendarLine{});
  }

  storage::MemoryEventStore store_{};
  ProposalBook book_{};
};

TEST_F(Proposals, APageIsReadAsItWasWritten) {
  ProposalPage page{version(2).hash,
                    {proposal(1, kMonday8h), {numbered(2), {DueMove::paused, {}, {}}, {}, {}}},
                    {{numbered(3), ProposalState::declined}, {numbered(4), ProposalState::stale}},
                    numbered(2),
                    77};
  page.proposals[1].received_by = page.proposals[1].competent = AgencyId("H15");
  const auto read = decode_proposal_page(encode(page));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, page);
  EXPECT_TRUE(decode_proposal_page("{}").has_error());
  EXPECT_TRUE(decode_proposal_page("[").has_error());
}

TEST_F(Proposals, OnlyAVersionThatFollowsAnotherNeedsAPass) {
  publish_version(1);
  EXPECT_FALSE(read("office@1").supersedes);
  EXPECT_FALSE(book_.has_superseded());
  EXPECT_TRUE(book_.unfinished().empty());
  publish_version(2);
  EXPECT_TRUE(read("office@2").newest);
  EXPECT_FALSE(read("office@1").newest);
  ASSERT_EQ(book_.unfinished().size(), 1U);
  write(kProposalsCompleteType, encode(ProposalsComplete{version(2).hash, 9, 5}));
  EXPECT_TRUE(read("office@2").complete);
  EXPECT_TRUE(book_.unfinished().empty());
  EXPECT_EQ(book_.followed(), 5U);
}

TEST_F(Proposals, APassGoesOnBehindTheLastPage) {
  publish_version(1);
  publish_version(2);
  write(ProposalPage{version(2).hash, {proposal(7, kMonday8h)}, {}, numbered(7), 3});
  ASSERT_TRUE(read("office@2").counts.open == 1);
  EXPECT_EQ(book_.unfinished().front().scanned, numbered(7));
  EXPECT_EQ(book_.followed(), 3U);
}

TEST_F(Proposals, ANewerProposalOfACaseTakesThePlaceOfTheOlder) {
  publish_version(1);
  publish_version(2);
  write(ProposalPage{version(2).hash, {proposal(1, kMonday8h), proposal(2, kMonday8h)}, {}, {}, 3});
  write(ProposalPage{version(2).hash, {proposal(1, kMonday8h + std::chrono::hours{24})}, {}, {}, 4});
  const auto counts = read("office@2").counts;
  EXPECT_EQ((std::pair{counts.open, counts.superseded}), (std::pair<std::uint64_t, std::uint64_t>{2, 1}));
  EXPECT_EQ(book_.entry(version(2).hash, numbered(1))->proposal,
            proposal(1, kMonday8h + std::chrono::hours{24}));
}

TEST_F(Proposals, DecisionsSettleAndANewerVersionClosesWhatIsOpen) {
  publish_version(1);
  publish_version(2);
  write(ProposalPage{
      version(2).hash, {proposal(1, kMonday8h), proposal(2, kMonday8h), proposal(3, kMonday8h)}, {}, {}, 3});
  write(ProposalPage{version(2).hash,
                     {},
                     {{numbered(1), ProposalState::accepted}, {numbered(2), ProposalState::stale}},
                     {},
                     4});
  auto counts = read("office@2").counts;
  EXPECT_EQ(counts.open, 1U);
  EXPECT_EQ(counts.accepted, 1U);
  EXPECT_EQ(counts.stale, 1U);
  publish_version(3);
  counts = read("office@2").counts;
  EXPECT_EQ(counts.open, 0U);
  EXPECT_EQ(counts.superseded, 1U);
  EXPECT_EQ(book_.entry(version(2).hash, numbered(3))->state, ProposalState::stale);
  EXPECT_EQ(book_.entry(version(2).hash, numbered(1))->state, ProposalState::accepted);
}

TEST_F(Proposals, TheSameStreamReadAtOnceGivesTheSameBook) {
  publish_version(1);
  publish_version(2);
  for (std::uint8_t number = 1; number < 100; ++number) {
    write(ProposalPage{version(2).hash, {proposal(number, kMonday8h)}, {}, numbered(number), number});
    if (number % 9 == 0) {
      EXPECT_EQ(read("office@2").counts.open, number);
    }
  }
  ProposalBook fresh;
  ASSERT_TRUE(fresh.refresh(store_).has_value());
  EXPECT_EQ(fresh.find("office@2")->counts.open, read("office@2").counts.open);
  EXPECT_EQ(fresh.followed(), book_.followed());
}

TEST_F(Proposals, APublicationFindsItsPlaceBehindPages) {
  publish_version(1);
  publish_version(2);
  write(ProposalPage{version(2).hash, {}, {}, {}, 3});
  publish_version(3);
  EXPECT_EQ(store_.read_stream(calendar_stream("office"))->back().version, 4U);
  const auto files = published_files(store_);
  ASSERT_TRUE(files.has_value());
  EXPECT_EQ(files->size(), 3U);
}

}  // namespace
}  // namespace motcua::engine

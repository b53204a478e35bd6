/// One order for everything: positions, versions, times and codes, whatever many callers do at once.
#include "tests/support/harness.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <thread>

namespace motcua::engine {
namespace {

std::vector<std::string> codes_of(const Harness& office) {
  std::vector<std::string> codes;
  for (const auto& record : office.log()) {
    const auto event = decode_event(record.type, record.type_version, record.public_bytes);
    if (const auto* filed = std::get_if<CaseFiled>(&*event)) codes.push_back(filed->code.code);
  }
  return codes;
}

void expect_gapless(const std::vector<Record>& log) {
  std::map<StreamId, std::uint64_t> versions;
  std::uint64_t position = 0;
  Instant last{};
  for (const auto& record : log) {
    EXPECT_EQ(record.position, ++position);
    EXPECT_EQ(record.version, ++versions[record.stream]);
    EXPECT_GE(record.recorded_at, last);
    EXPECT_LE(record.occurred_at, record.recorded_at);
    last = record.recorded_at;
  }
}

TEST(Sequencing, OfTwoCommandsWithTheSameExpectedVersionExactlyOneWins) {
  Harness office;
  constexpr int kRounds = 20;
  constexpr std::size_t kThreads = 4;
  for (int round = 0; round < kRounds; ++round) {
    const auto filed = office.file();
    std::array<std::future<Answer>, kThreads> answers;
    std::vector<CommandRequest> requests;
    for (std::size_t i = 0; i < kThreads; ++i) {
      requests.push_back(office.command(desk_officer(), filed->state.id, ReceiveCase{}, 1));
    }
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] { answers[i] = office.submit(requests[i]); });
    }
    for (auto& thread : threads) thread.join();

    int winners = 0;
    for (auto& future : answers) {
      const auto answer = wait_for(future);
      if (answer) {
        winners += 1;
      } else {
        EXPECT_EQ(answer.error().code, RejectionCode::version_conflict);
      }
    }
    ASSERT_EQ(winners, 1);
  }
  expect_gapless(office.log());
}

TEST(Sequencing, PositionsAndVersionsHaveNoGapAlsoAcrossRefusalsAndARestart) {
  Harness office;
  for (int i = 0; i < 10; ++i) {
    const auto filed = office.file();
    const auto received = office.must(desk_officer(), filed, ReceiveCase{});
    EXPECT_TRUE(office.run(office.command(desk_officer(), filed->state.id, ReceiveCase{}, 2)).has_error());
    office.must(case_officer(), received, claim());
    if (i == 5) office.restart();
  }
  const auto log = office.log();
  EXPECT_EQ(log.size(), 30U);
  expect_gapless(log);
}

TEST(Sequencing, RecordedTimeNeverGoesBackEvenIfTheClockDoes) {
  Harness office;
  (void)office.file();
  office.clock().set(kMonday8h - std::chrono::hours{1});
  (void)office.file();
  office.restart();
  office.clock().set(kMonday8h - std::chrono::hours{2});
  (void)office.file();

  const auto log = office.log();
  expect_gapless(log);
  ASSERT_EQ(log.size(), 3U);
  EXPECT_EQ(log[2].recorded_at, kMonday8h);
  EXPECT_EQ(log[2].occurred_at, kMonday8h - std::chrono::hours{2});
}

TEST(Sequencing, CaseCodesAreUniqueAndGaplessOverConcurrentFilingsAndARestart) {
  Harness office;
  constexpr int kThreads = 4;
  constexpr int kEach = 25;
  for (int process = 0; process < 2; ++process) {
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < kEach; ++j) EXPECT_TRUE(office.run(office.filing()).has_value());
      });
    }
    for (auto& thread : threads) thread.join();
    office.restart();
  }
  const auto codes = codes_of(office);
  ASSERT_EQ(codes.size(), 200U);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    EXPECT_EQ(codes[i], case_code("H15.50.05", local_day(kMonday8h), i + 1));
  }
}

TEST(Sequencing, ARefusedFilingUsesNoCodeAndEachAgencyAndDayCountsForItself) {
  Harness office;
  auto refused = complete_filing();
  refused.channel = "pigeon";
  (void)office.file();
  EXPECT_TRUE(office.run(office.filing(desk_officer(), refused)).has_error());
  (void)office.file();
  EXPECT_TRUE(office.run(office.filing(person("desk-9", {"desk_officer"}, "H15.60.01"))).has_value());
  office.clock().advance(std::chrono::hours{24});
  (void)office.file();

  EXPECT_EQ(codes_of(office), (std::vector<std::string>{"H15.50.05-260302-0001", "H15.50.05-260302-0002",
                                                        "H15.60.01-260302-0001", "H15.50.05-260303-0001"}));
}

TEST(Sequencing, TheRecordSaysWhoDidWhatUnderWhichRules) {
  Harness office;
  const auto filed = office.file();
  const auto record = office.log().front();

  EXPECT_EQ(record.stream, stream_of(filed->state.id));
  EXPECT_EQ(record.type, "case.filed");
  EXPECT_EQ(record.type_version, kEventTypeVersion);
  EXPECT_EQ(record.actor.value, "desk-1");
  EXPECT_EQ(record.agency.value, "H15.50.05");
  EXPECT_EQ(record.rules, (std::vector<RuleHash>{{"calendar", office_calendar().hash},
                                                 {"organisation", office_organisation().hash},
                                                 {"procedure", office_definition().hash}}));
  std::vector<std::string> subjects;
  for (const auto& entry : record.sealed) subjects.push_back(entry.subject.value);
  EXPECT_EQ(subjects, (std::vector<std::string>{"/child", "/mother", "applicant"}));
}

TEST(Sequencing, APersonalValueStandsNowhereInTheStoredRecordsAndRows) {
  Harness office;
  const auto received = office.must(desk_officer(), office.file(), ReceiveCase{});
  const auto working = office.must(case_officer(), received, claim());
  office.must(case_officer(), working, correct("/remark", "một ghi chú riêng"));

  std::string stored;
  for (const auto& record : office.log()) {
    stored += record.public_bytes;
    for (const auto& entry : record.sealed) stored += entry.ciphertext;
  }
  const auto kept = office.store().read_rows("", "", 1000);
  ASSERT_TRUE(kept.has_value());
  for (const auto& row : *kept) stored += row.key + row.value;
  for (const auto* secret :
       {"Nguyễn Thị An", "Nguyễn Thị Bình", "Trần Văn Cường", "001090000001", "ghi chú riêng"}) {
    EXPECT_EQ(stored.find(secret), std::string::npos) << secret;
  }
}

}  // namespace
}  // namespace motcua::engine

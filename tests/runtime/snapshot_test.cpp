/// Snapshots shorten the reading of long cases and are believed by nobody: without them, and with damaged
/// ones, every answer is the same.
#include "engine/cases/snapshot.hpp"

#include "engine/runtime/views.hpp"
#include "storage/record/key_codec.hpp"
#include "storage/record/sha256.hpp"
#include "tests/support/harness.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace motcua::engine {
namespace {

/// A received case with 150 events: notes, and a correction now and then.
struct LongCase {
  Harness office{};
  std::vector<CaseHandle> live{};

  LongCase() {
    live.push_back(office.file());
    live.push_back(office.must(desk_officer(), live.back(), ReceiveCase{}));
    while (live.size() < 150) {
      office.clock().advance(std::chrono::minutes{1});
      const bool corrects = live.size() % 20 == 0;
      const auto name = "Nguyễn Thị Ánh " + std::to_string(live.size());
      live.push_back(office.must(case_officer(), live.back(),
                                 corrects ? correct("/child/full_name", name) : CommandBody{AddNote{"x"}}));
    }
  }
  [[nodiscard]] const CaseId& id() const { return live.front()->state.id; }

  void expect_every_version() {
    const auto loader = office.loader();
    for (std::size_t version = 1; version <= live.size(); ++version) {
      const auto loaded = loader.load(id(), {version, std::nullopt});
      ASSERT_TRUE(loaded.has_value() && *loaded) << version;
      EXPECT_EQ((*loaded)->state, live[version - 1]->state) << version;
      EXPECT_EQ((*loaded)->content, live[version - 1]->content) << version;
      EXPECT_EQ((*loaded)->rows, live[version - 1]->rows) << version;
    }
  }
  /// Changes every snapshot's bytes behind the store's back; false removes one.
  void tamper(const std::function<bool(std::string&)>& with) {
    for (const std::uint64_t version : {kSnapshotEvery, 2 * kSnapshotEvery}) {
      const auto key = storage::record_key(stream_of(id()), version);
      office.store().tamper(storage::Table::snapshots, key, with);
    }
  }
};

TEST(Snapshots, StandAtEverySixtyFourthVersionAndHoldNoValue) {
  LongCase office;
  std::vector<std::uint64_t> versions;
  ASSERT_TRUE(office.office.store()
                  .scan_snapshots([&](const Snapshot& snapshot) {
                    versions.push_back(snapshot.version);
                    EXPECT_EQ(snapshot.bytes.find("Nguy"), std::string::npos);
                    return true;
                  })
                  .has_value());
  EXPECT_EQ(versions, (std::vector<std::uint64_t>{64, 128}));
  EXPECT_TRUE(check_views(office.office.store()).value().clean());
}

TEST(Snapshots, ReadingsAtEveryVersionAreTheSameWithThemWithoutThemAndWithDamagedOnes) {
  LongCase office;
  office.expect_every_version();
  office.tamper([](std::string& bytes) {
    bytes[bytes.size() / 2] ^= 1;
    return true;
  });
  office.expect_every_version();
  office.tamper([](std::string&) { return false; });
  office.expect_every_version();
}

TEST(Snapshots, AReadingAtATimeBeforeOneDoesNotUseIt) {
  LongCase office;
  const auto at = office.live[99]->state.moves.back().at;
  const auto loaded = office.office.loader().load(office.id(), {UINT64_MAX, at});
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ((*loaded)->state, office.live[99]->state);
}

TEST(Snapshots, AFalseOneIsFoundByTheCheckOfViewsAndGoneAfterARebuild) {
  LongCase office;
  office.tamper([](std::string& bytes) {
    auto snapshot = decode_snapshot(bytes.substr(32)).value();
    snapshot.state.due.due_at.emplace() += std::chrono::hours{24};
    const auto text = encode(snapshot);
    const auto hash = storage::sha256(text);
    bytes.assign(hash.begin(), hash.end());
    bytes += text;
    return true;
  });
  const auto report = check_views(office.office.store()).value();
  EXPECT_EQ(report.snapshots, 2U);
  EXPECT_EQ(report.false_snapshots, 2U);
  EXPECT_FALSE(report.clean());
  office.office.stop();
  ASSERT_TRUE(
      office.office.store().replace_rows(expected_rows(office.office.store()).value().rows).has_value());
  EXPECT_EQ(check_views(office.office.store()).value().snapshots, 0U);
  office.expect_every_version();
}

TEST(Snapshots, AfterARestartCommandsGoOnFromThem) {
  LongCase office;
  office.office.restart();
  office.live.push_back(office.office.must(case_officer(), office.live.back(), AddNote{"y"}));
  office.expect_every_version();
}

}  // namespace
}  // namespace motcua::engine

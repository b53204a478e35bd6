/// Views are never behind, and a stored row that departs from its case is found.
#include "engine/runtime/views.hpp"

#include "tests/support/harness.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace motcua::engine {
namespace {

/// Cases in many stages, over two agencies and a restart.
void keep_busy(Harness& office) {
  const auto working =
      office.must(case_officer(), office.must(desk_officer(), office.file(), ReceiveCase{}), claim());
  const auto second = office.must(desk_officer(), office.file(), ReceiveCase{});
  const auto asked = office.must(case_officer(), second, ask_for({"mandate"}));
  (void)office.file();
  office.must(desk_officer(), office.file(), WithdrawCase{});
  office.restart();
  office.clock().advance(std::chrono::hours{3});
  const auto signing = office.must(case_officer(), working, take("submit"));
  office.must(signatory(), office.must(signatory(), signing, take("sign")), resolve({"certificate"}));
  office.must(desk_officer(), asked, supply({"mandate"}));
  office.must(desk_officer(), office.file(), RefuseReception{"duplicate"});
  EXPECT_TRUE(office.run(office.filing(person("desk-9", {"desk_officer"}, "H15.60.01"))).has_value());
}

ViewsReport report_of(Harness& office) {
  const auto report = check_views(office.store());
  EXPECT_TRUE(report.has_value());
  return report.has_value() ? *report : ViewsReport{};
}

std::string some_key(Harness& office, const std::string& prefix) {
  const auto rows = office.store().read_rows(prefix, "", 1);
  EXPECT_TRUE(rows.has_value() && !rows->empty());
  return rows->front().key;
}

TEST(Views, AreCleanAfterEveryKindOfCommandAndARestart) {
  Harness office;
  keep_busy(office);

  const auto report = report_of(office);
  EXPECT_TRUE(report.clean()) << report.missing << " missing, " << report.unexpected << " unexpected, "
                              << report.different << " different";
  EXPECT_GT(report.rows, 10U);
}

TEST(Views, StoredRowsAreTheRowsOfAReplayByteByByte) {
  Harness office;
  keep_busy(office);

  auto expected = expected_rows(office.store());
  ASSERT_TRUE(expected.has_value());
  EXPECT_EQ(expected->rows.front(), generation_row());
  expected->rows.erase(expected->rows.begin());
  const auto stored = office.store().read_rows("", "", 10'000);
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(*stored, expected->rows);
}

TEST(Views, CountersEqualARecountOfTheWorklists) {
  Harness office;
  keep_busy(office);

  std::map<std::string, std::int64_t> recount;
  std::map<std::string, std::int64_t> kept;
  const auto rows = office.store().read_rows("", "", 10'000);
  ASSERT_TRUE(rows.has_value());
  for (const auto& row : *rows) {
    if (row.key.front() == static_cast<char>(RowTable::counter)) kept[row.key] = decode_counter(row.value);
    for (const auto& counter : counters_of(row)) recount[counter] += 1;
  }
  EXPECT_EQ(kept, recount);
  EXPECT_GE(kept.size(), 4U);
}

TEST(Views, ACounterThatFallsToNoughtIsRemoved) {
  Harness office;
  office.must(desk_officer(), office.file(), WithdrawCase{});

  const auto counters =
      office.store().read_rows(std::string(1, static_cast<char>(RowTable::counter)), "", 10);
  ASSERT_TRUE(counters.has_value());
  EXPECT_TRUE(counters->empty());
}

TEST(Views, AStoreOfAnEarlierGenerationGetsNewRowsOnce) {
  Harness office;
  keep_busy(office);
  office.stop();
  auto& store = office.store();
  ASSERT_TRUE(store.replace_rows({{std::string(1, '\1') + "old", "row"}}).has_value());
  EXPECT_TRUE(renew_rows(store).value());
  const auto stored = store.read_rows("", "", 10'000);
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(*stored, expected_rows(store)->rows);
  EXPECT_FALSE(renew_rows(store).value());
}

TEST(Views, AChangedRemovedOrInventedRowIsFound) {
  for (const auto table : {RowTable::worklist, RowTable::timer, RowTable::case_code, RowTable::counter,
                           RowTable::step_lane, RowTable::search}) {
    Harness office;
    keep_busy(office);
    const auto key = some_key(office, std::string(1, static_cast<char>(table)));

    office.store().tamper(storage::Table::rows, key, [](std::string& value) {
      value += 'x';
      return true;
    });
    auto report = report_of(office);
    EXPECT_EQ(report.different, 1U);
    EXPECT_EQ(report.keys, std::vector<std::string>{to_hex(key)});

    office.store().tamper(storage::Table::rows, key, [](std::string&) { return false; });
    report = report_of(office);
    EXPECT_EQ(report.missing, 1U);

    office.store().tamper(storage::Table::rows, key + "~", [](std::string& value) {
      value = "invented";
      return true;
    });
    report = report_of(office);
    EXPECT_EQ(report.missing, 1U);
    EXPECT_EQ(report.unexpected, 1U);
    EXPECT_FALSE(report.clean());
  }
}

}  // namespace
}  // namespace motcua::engine

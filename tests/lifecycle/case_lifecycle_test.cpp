#include "engine/lifecycle/case_lifecycle.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace motcua::engine {
namespace {

const std::string kGoldenPath = std::string(SOURCE_DIR) + "/tests/golden/lifecycle.mmd";

std::string golden_text() {
  std::ifstream file(kGoldenPath);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Golden {
  std::map<std::pair<std::string, std::string>, std::string> ways{};  ///< (stage, trigger) -> stage
  std::set<std::string> finals{};
  std::vector<std::string> entries{};  ///< triggers that open a case
};

/// Reads `a --> b : trigger` lines; the golden file is the table as a person reviewed it.
Golden golden() {
  Golden table;
  std::istringstream lines(golden_text());
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string from;
    std::string sign;
    std::string to;
    std::string trigger;
    words >> from >> sign >> to >> sign >> trigger;
    if (from == "[*]") {
      table.entries.push_back(trigger + " " + to);
    } else if (to == "[*]") {
      table.finals.insert(from);
    } else {
      table.ways[{from, trigger}] = to;
    }
  }
  return table;
}

std::optional<Stage> golden_way(const Golden& table, Stage from, Trigger trigger) {
  const auto found = table.ways.find({std::string(name_of(from)), std::string(name_of(trigger))});
  return found == table.ways.end() ? std::nullopt : stage_from(found->second);
}

std::vector<Stage> stages() {
  std::vector<Stage> all;
  for (std::size_t i = 0; i < kStages; ++i) all.push_back(static_cast<Stage>(i));
  return all;
}

std::vector<Trigger> triggers() {
  std::vector<Trigger> all;
  for (std::size_t i = 0; i < kTriggers; ++i) all.push_back(static_cast<Trigger>(i));
  return all;
}

TEST(CaseLifecycle, IsTheReviewedTable) {
  const std::string drawn = lifecycle_as_mermaid();
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(kGoldenPath) << drawn;
  }
  EXPECT_EQ(drawn, golden_text()) << "review the difference, then run with UPDATE_GOLDEN=1";
}

TEST(CaseLifecycle, ArrayMachineAndReviewedTableAgreeOnEveryPair) {
  const Golden table = golden();
  std::size_t ways = 0;
  for (const Stage from : stages()) {
    for (const Trigger trigger : triggers()) {
      const auto expected = golden_way(table, from, trigger);
      EXPECT_EQ(advance(from, trigger), expected) << name_of(from) << " " << name_of(trigger);
      EXPECT_EQ(ask_machine(from, trigger), expected) << name_of(from) << " " << name_of(trigger);
      if (expected) ++ways;
    }
  }
  EXPECT_EQ(ways, 21U);
  EXPECT_EQ(table.ways.size(), ways);
}

TEST(CaseLifecycle, OpensOnlyByFilingAndOnlyAsRegistered) {
  EXPECT_EQ(golden().entries, std::vector<std::string>{"file registered"});
}

TEST(CaseLifecycle, FinalStagesHaveNoWayOutAndOthersHaveOne) {
  const Golden table = golden();
  for (const Stage stage : stages()) {
    bool way_out = false;
    for (const Trigger trigger : triggers()) way_out = way_out || advance(stage, trigger).has_value();
    EXPECT_EQ(is_final(stage), !way_out) << name_of(stage);
    EXPECT_EQ(is_final(stage), table.finals.contains(std::string(name_of(stage)))) << name_of(stage);
  }
}

TEST(CaseLifecycle, EveryStageIsReachedFromRegistered) {
  std::set<Stage> reached{Stage::registered};
  std::vector<Stage> open{Stage::registered};
  while (!open.empty()) {
    const Stage from = open.back();
    open.pop_back();
    for (const Trigger trigger : triggers()) {
      const auto to = advance(from, trigger);
      if (to && reached.insert(*to).second) open.push_back(*to);
    }
  }
  EXPECT_EQ(reached.size(), kStages);
}

TEST(CaseLifecycle, OnlySupplementTellsWhetherTheClockEverStarted) {
  EXPECT_EQ(advance(Stage::awaiting_supplement, Trigger::supply_before_reception), Stage::registered);
  EXPECT_EQ(advance(Stage::awaiting_supplement, Trigger::supply), Stage::in_process);
}

TEST(CaseLifecycle, NamesAreReadBackAsWritten) {
  for (const Stage stage : stages()) EXPECT_EQ(stage_from(name_of(stage)), stage);
  for (const Trigger trigger : triggers()) EXPECT_EQ(trigger_from(name_of(trigger)), trigger);
  EXPECT_EQ(stage_from("Registered"), std::nullopt);
  EXPECT_EQ(stage_from(""), std::nullopt);
  EXPECT_EQ(trigger_from("file"), std::nullopt);
}

TEST(CaseLifecycle, PortalCodesAreOneToTenInTheOrderOfThePortal) {
  const std::vector<std::pair<Stage, std::string>> expected{
      {Stage::registered, "mới đăng ký"},
      {Stage::received, "được tiếp nhận"},
      {Stage::not_received, "không được tiếp nhận"},
      {Stage::in_process, "đang xử lý"},
      {Stage::awaiting_supplement, "yêu cầu bổ sung"},
      {Stage::awaiting_payment, "yêu cầu thực hiện nghĩa vụ tài chính"},
      {Stage::withdrawn, "rút hồ sơ"},
      {Stage::stopped, "dừng xử lý"},
      {Stage::resolved, "đã xử lý xong"},
      {Stage::returned, "đã trả kết quả"},
  };
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(portal_status(expected[i].first).code, static_cast<int>(i) + 1);
    EXPECT_EQ(portal_status(expected[i].first).name, expected[i].second);
  }
}

// Whatever is tried in whatever order, a case stands where the reviewed table says, and a final stage is the
// end.
RC_GTEST_PROP(CaseLifecycleProperty, NoSequenceOfTriggersLeavesTheTable,
              (const std::vector<unsigned>& tries)) {
  static const Golden table = golden();
  Stage stage = Stage::registered;
  for (const unsigned attempt : tries) {
    const auto trigger = static_cast<Trigger>(attempt % kTriggers);
    const auto next = advance(stage, trigger);
    RC_ASSERT(next == golden_way(table, stage, trigger));
    RC_ASSERT(!(next && is_final(stage)));
    stage = next.value_or(stage);
  }
}

}  // namespace
}  // namespace motcua::engine

/// Back-tests: what is predicted of past cases is what happens to the same arrivals once the candidate is in
/// force.
#include "engine/runtime/backtest.hpp"

#include "tests/trial/trial_support.hpp"

#include <set>

namespace motcua::api {
namespace {

using nlohmann::ordered_json;

engine::BacktestReport backtest(Trial& past, const engine::Definition& candidate) {
  storage::FileKeyStore keys(past.store(), past.master());
  const auto report = engine::backtest(past.store(), &keys, past.catalogue(), candidate,
                                       {std::nullopt, past.store().head().recorded_at});
  EXPECT_TRUE(report);
  return report ? *report : engine::BacktestReport{};
}

void shorten(ordered_json& document) {
  document["version"] = 2;
  for (auto& limit : document["time_limit"]) {
    limit["amount"] = 4;
    limit["unit"] = "working_hour";
    limit.erase("cutoff");
  }
}

TEST(Backtest, PredictsWhatHappensUnderAShorterLimit) {
  Trial past(kBirth);
  const auto before = past.play(plan_of(300, 5));
  const ChangedDefinition shorter(kBirth, shorten);
  Trial future(shorter.path());
  const auto after = future.play(plan_of(300, 5));

  const auto report = backtest(past, future.definition());
  ASSERT_EQ(report.lines.size(), 300U);
  EXPECT_GT(after.late, before.late) << "the limit is short enough to show";
  for (std::size_t i = 0; i < report.lines.size(); ++i) {
    const auto& line = report.lines[i];
    ASSERT_EQ(to_text(line.id), after.cases[i].id);
    EXPECT_EQ(after.cases[i].path, before.cases[i].path) << "the same arrivals go the same way";
    EXPECT_EQ(line.late_before, before.cases[i].late) << line.code;
    EXPECT_EQ(line.late_after, after.cases[i].late) << line.code;
    EXPECT_EQ(line.due_before, before.cases[i].legal_due) << line.code;
    EXPECT_EQ(line.due_after, after.cases[i].legal_due) << line.code;
    EXPECT_FALSE(line.stranded);
    EXPECT_TRUE(line.refused.empty());
  }
}

TEST(Backtest, TheDefinitionItselfMovesNothing) {
  Trial past("1.000894");
  static_cast<void>(past.play(plan_of(60, 9)));
  const auto report = backtest(past, past.definition());
  ASSERT_EQ(report.lines.size(), 60U);
  for (const auto& line : report.lines) {
    EXPECT_EQ(line.due_before, line.due_after) << line.code;
    EXPECT_FALSE(line.stranded) << line.code << ": " << line.stranded->why;
    EXPECT_TRUE(line.refused.empty());
  }
}

TEST(Backtest, EndsWhenItIsTold) {
  Trial past(kBirth);
  static_cast<void>(past.play(plan_of(20, 5)));
  storage::FileKeyStore keys(past.store(), past.master());
  for (const int after : {0, 30}) {
    int asked = 0;
    engine::BacktestScope scope{std::nullopt, past.store().head().recorded_at, {}};
    scope.goes_on = [&] { return asked++ < after; };
    const auto report = engine::backtest(past.store(), &keys, past.catalogue(), past.definition(), scope);
    EXPECT_TRUE(report.has_error()) << "after " << after;
    EXPECT_EQ(asked, after + 1);
  }
}

TEST(Backtest, ACaseIsStrandedWhereItsWayIsGone) {
  Trial past(kBirth);
  const auto before = past.play(plan_of(60, 5));
  std::size_t posted = 0;
  for (const auto& each : before.cases) {
    posted += std::count(each.path.begin(), each.path.end(), "finish_posting") > 0 ? 1U : 0U;
  }
  ASSERT_GT(posted, 0U);
  const ChangedDefinition candidate(kBirth, [](auto& document) {
    document["version"] = 2;
    auto& states = document["machine"]["states"]["appraisal"]["states"];
    states["posting"]["on"] = {{"end_posting", states["posting"]["on"]["finish_posting"]}};
  });
  const auto rules = trial_rules(candidate.path(), kWorkflows);
  ASSERT_TRUE(rules.definition) << workflows::to_text(rules.findings);
  const auto report = backtest(past, *rules.definition);
  std::size_t stranded = 0;
  for (const auto& line : report.lines) {
    if (!line.stranded) continue;
    stranded += 1;
    EXPECT_EQ(line.stranded->event, "finish_posting");
    EXPECT_EQ(line.stranded->steps, std::vector<engine::StepName>{engine::StepName("posting")});
  }
  EXPECT_EQ(stranded, posted);
}

TEST(Backtest, SaysWhatTheCandidateWouldRefuseAndWhichWaysItNeverNeeds) {
  Trial past(kBirth);
  static_cast<void>(past.play(plan_of(40, 5)));
  const ChangedDefinition candidate(kBirth, [](auto& document) {
    document["version"] = 2;
    document["results"].front()["code"] = "another_result";
    auto& draft = document["machine"]["states"]["appraisal"]["states"]["draft"]["on"];
    draft["give_up"] = {{{"target", "signing"}, {"label", {{"vi", "Bỏ qua"}, {"en", "Give up"}}}}};
  });
  const auto rules = trial_rules(candidate.path(), kWorkflows);
  ASSERT_TRUE(rules.definition) << workflows::to_text(rules.findings);
  const auto report = backtest(past, *rules.definition);
  std::set<std::string> refused;
  for (const auto& line : report.lines) refused.insert(line.refused.begin(), line.refused.end());
  EXPECT_EQ(refused.size(), 1U) << "the result that was renamed";
  const auto& machine = rules.definition->machine;
  std::set<std::string> used;
  for (const auto& [way, count] : report.taken)
    used.insert(machine.states[way.first].transitions[way.second].event);
  EXPECT_FALSE(used.contains("give_up"));
  EXPECT_TRUE(used.contains("submit"));
}

}  // namespace
}  // namespace motcua::api

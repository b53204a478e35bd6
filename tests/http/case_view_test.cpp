// What callers see of a case: who gave each value, what waits for a clerk, what is owed; masked for an
// auditor.
#include "api/json/case_text.hpp"
#include "api/json/view_json.hpp"
#include "tests/support/office.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace motcua::tests {
namespace {

using engine::kMonday8h;
using nlohmann::json;

constexpr const char* kLookup = "019389a2-7c4e-7b1a-8f00-3d5e6a7b8c9d";
constexpr const char* kEight = "2026-03-02T08:00:00+07:00";
constexpr const char* kTyped = "Trần Thị \xE2\x80\xAE\"Bình\"";  // turns the line around, and quotes

/// A case whose mother the register knows by another name, whose birth date is awaited, whose remark follows
/// from the rest, and whose child is overridden.
engine::LoadedCase differing() {
  const auto scenario = engine::standing_in(engine::Stage::in_process);
  engine::LoadedCase current;
  current.state = scenario.state();
  current.rules = scenario.rules();
  auto& content = current.content.edit();
  content = scenario.content();
  content.data = {{"child", {{"full_name", "Khôi"}}},
                  {"mother", {{"full_name", kTyped}, {"personal_id", "000000000102"}}},
                  {"remark", "x"}};
  content.registered = {{"/mother/full_name", "TRẦN THỊ BÍCH"}};
  current.state.provenance.edit() = {
      {"/child/birth_date", {"population", "PENDING", kMonday8h, "", false}},
      {"/child/full_name", {"citizen", "MATCH", kMonday8h, kLookup, true}},
      {"/mother/full_name", {"citizen", "MATCH", kMonday8h, kLookup, false}},
      {"/mother/personal_id", {"population", "MATCH", kMonday8h, kLookup, false}},
      {"/remark", {"derived", "", kMonday8h, "", false}}};
  current.state.tasks = {{"difference", "/mother/full_name", kLookup, kMonday8h}};
  current.state.duties = {{"apology", kMonday8h, kMonday8h + std::chrono::hours{1}},
                          {"apology", kMonday8h + std::chrono::hours{2}, std::nullopt}};
  return current;
}

engine::Identity auditor() { return engine::person("audit-1", {"auditor"}); }

json shown(const engine::LoadedCase& current, const engine::Identity& asker) {
  return json::parse(api::case_text(current, asker, api::CaseMoment::now));
}

TEST(CaseView, SaysOfEachValueWhoGaveIt) {
  const auto provenance = shown(differing(), engine::case_officer())["provenance"];
  EXPECT_EQ(
      provenance,
      (json{{"/child/birth_date",
             {{"source", "population"}, {"state", "pending"}, {"class", "PENDING"}, {"data_time", kEight}}},
            {"/child/full_name",
             {{"source", "citizen"},
              {"state", "overridden"},
              {"class", "MATCH"},
              {"data_time", kEight},
              {"lookup", kLookup},
              {"overridden", true}}},
            {"/mother/full_name",
             {{"source", "citizen"},
              {"state", "asked"},
              {"class", "MATCH"},
              {"data_time", kEight},
              {"lookup", kLookup}}},
            {"/mother/personal_id",
             {{"source", "population"},
              {"state", "prefilled"},
              {"class", "MATCH"},
              {"data_time", kEight},
              {"lookup", kLookup}}},
            {"/remark",
             {{"source", "derived"}, {"state", "derived"}, {"class", nullptr}, {"data_time", kEight}}}}));
}

TEST(CaseView, CountsTheWholeForm) {
  auto current = differing();
  const json expected{{"leaves", 6},     {"asked", 1},   {"prefilled", 1},  {"derived", 1},
                      {"overridden", 1}, {"pending", 1}, {"unavailable", 0}};
  EXPECT_EQ(shown(current, engine::case_officer())["once_only"], expected);
  EXPECT_EQ(shown(current, auditor())["once_only"], expected);
  EXPECT_EQ(api::once_only_json(current)["totals"], expected);
  current.rules.definition.reset();
  current.standing_text.reset();
  EXPECT_TRUE(shown(current, engine::case_officer())["once_only"].is_null());
  EXPECT_EQ(api::once_only_json(current), (json{{"fields", json::array()}, {"totals", nullptr}}));
}

TEST(CaseView, TheReportHasEveryLeafAndNoValue) {
  auto current = differing();
  const auto report = api::once_only_json(current);
  const auto& fields = report["fields"];
  ASSERT_EQ(fields.size(), 6U);
  EXPECT_EQ(fields[0], (json{{"pointer", "/child/full_name"},
                             {"label", {{"vi", ""}, {"en", ""}}},
                             {"state", "overridden"},
                             {"source", "citizen"},
                             {"class", "MATCH"},
                             {"data_time", kEight}}));
  EXPECT_EQ(fields[2]["pointer"], "/child/foundling");
  EXPECT_EQ(fields[2]["state"], "absent");
  EXPECT_TRUE(fields[2]["class"].is_null());
  EXPECT_TRUE(fields[2]["data_time"].is_null());
  const auto text = report.dump();
  for (const auto* value : {"Khôi", "Bình", "BÍCH", "000000000102"}) {
    EXPECT_EQ(text.find(value), std::string::npos) << value;
  }
}

TEST(CaseView, ATaskShowsBothValuesAndADutyItsState) {
  auto current = differing();
  auto view = shown(current, engine::case_officer());
  EXPECT_EQ(view["tasks"], json::array({{{"kind", "difference"},
                                         {"pointer", "/mother/full_name"},
                                         {"given", kTyped},
                                         {"register", "TRẦN THỊ BÍCH"},
                                         {"opened_at", kEight},
                                         {"lookup", kLookup}}}));
  EXPECT_EQ(view["duties"], json::array({{{"kind", "apology"},
                                          {"state", "done"},
                                          {"opened_at", kEight},
                                          {"closed_at", "2026-03-02T09:00:00+07:00"}},
                                         {{"kind", "apology"},
                                          {"state", "open"},
                                          {"opened_at", "2026-03-02T10:00:00+07:00"},
                                          {"closed_at", nullptr}}}));
  // They move with events that change no value: the memo of the standing part must not hold them.
  ASSERT_TRUE(current.standing_text);
  current.state.tasks.clear();
  current.state.duties.clear();
  view = shown(current, engine::case_officer());
  EXPECT_EQ(view["tasks"], json::array());
  EXPECT_EQ(view["duties"], json::array());
}

TEST(CaseView, ATaskWhoseValuesAreErasedShowsNull) {
  auto current = differing();
  current.content.edit().data = json::object();
  current.content.edit().registered = json::object();
  const auto task = shown(current, engine::case_officer())["tasks"][0];
  EXPECT_TRUE(task["given"].is_null());
  EXPECT_TRUE(task["register"].is_null());
}

TEST(CaseView, AnAuditorSeesWhoGaveAValueButNotTheValue) {
  const auto current = differing();
  const auto officers = shown(current, engine::case_officer());
  const auto text = api::case_text(current, auditor(), api::CaseMoment::now);
  const auto masked = json::parse(text);
  EXPECT_EQ(masked["tasks"][0]["given"], "***");
  EXPECT_EQ(masked["tasks"][0]["register"], "***");
  EXPECT_EQ(masked["provenance"], officers["provenance"]);
  EXPECT_EQ(masked["duties"], officers["duties"]);
  for (const auto* value : {"Khôi", "Bình", "BÍCH", "000000000102"}) {
    EXPECT_EQ(text.find(value), std::string::npos) << value;
  }
  EXPECT_EQ(shown(current, engine::case_officer()), officers);
}

TEST(CaseView, EscapesWhatTheRegisterWrote) {
  auto current = differing();
  current.content.edit().registered = {{"/mother/full_name", "a\xE2\x80\xAE\n\"\\\x1F"}};
  const auto text = api::case_text(current, engine::case_officer(), api::CaseMoment::now);
  EXPECT_NE(text.find(R"("register":"a\u202e\n\"\\\u001F")"), std::string::npos) << text;
  EXPECT_EQ(json::parse(text)["tasks"][0]["register"], "a\xE2\x80\xAE\n\"\\\x1F");
}

/// Microseconds since 1970 that nobody turned into text.
bool holds_micros(const json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>() > 1'000'000'000'000;
  for (const auto& member : value) {
    if (value.is_structured() && holds_micros(member)) return true;
  }
  return false;
}

json shown_event(std::string public_bytes) {
  engine::HistoryEntry entry;
  entry.record.public_bytes = std::move(public_bytes);
  return api::event_json(entry);
}

TEST(CaseView, SaysByWhenAStepIsToBeDone) {
  auto current = differing();
  EXPECT_EQ(shown(current, engine::case_officer())["steps_due"], json::object());
  current.state.step_due = {{engine::StepName("appraisal"), kMonday8h}};
  EXPECT_EQ(shown(current, engine::case_officer())["steps_due"], (json{{"appraisal", kEight}}));
}

TEST(DeadlineView, SaysWhichLimitAppliesWhatIsAddedAndWhoseAPauseIs) {
  auto current = differing();
  auto definition = engine::office_definition();
  engine::LimitSupplement remote;
  remote.time = {10, "law-1", "Act"};
  definition.time_limits.front().supplements = {remote};
  definition.pause_reasons.push_back({"tax", "law-1", "other_agency", {"Xác định thuế", "Tax"}});
  current.rules = engine::rules_with(definition);
  current.state.limit_supplements = {0};
  current.state.clock.ledger.push_back(
      {engine::ClockChange::pause, "tax", kMonday8h + std::chrono::hours{1}, "G12.15"});
  const auto view = api::deadline_json(current);
  EXPECT_EQ(view["limit"], (json{{"amount", 2},
                                 {"unit", "working_day"},
                                 {"law", "law-1"},
                                 {"supplements", json::array({{{"amount", 10}, {"law", "law-1"}}})}}));
  EXPECT_TRUE(view["ledger"][0]["whose"].is_null());
  EXPECT_EQ(view["ledger"][1]["whose"], "G12.15");
  EXPECT_EQ(view["sentences"]["en"][0], "The time limit is 2 working days, with 10 working days more (Act).");
  current.state.clock.ledger.clear();
  EXPECT_TRUE(api::deadline_json(current)["limit"].is_null()) << "not chosen before the reception";
}

TEST(DeadlineView, ANamedPauseIsToldByItsName) {
  auto current = differing();
  auto definition = engine::office_definition();
  definition.pause_reasons.push_back({"tax", "law-1", "other_agency", {"Xác định thuế", "Tax"}});
  current.rules = engine::rules_with(definition);
  const auto nine = kMonday8h + std::chrono::hours{1};
  current.state.clock.ledger.push_back({engine::ClockChange::pause, "tax", nine, "other_agency"});
  current.state.clock.ledger.push_back({engine::ClockChange::resume, "", nine + std::chrono::hours{1}, ""});
  const auto told = api::deadline_json(current)["sentences"];
  EXPECT_NE(told["vi"].dump().find("tạm dừng vì “Xác định thuế”."), std::string::npos);
  EXPECT_NE(told["en"].dump().find("paused for the reason: “Tax”."), std::string::npos);
}

TEST(EventView, ShowsEveryInstantOfAPayloadAsText) {
  engine::DeadlineExtended event;
  event.due_at = kMonday8h;
  auto& outcome = event.outcome;
  outcome.clock = engine::LedgerEntry{engine::ClockChange::resume, "supplement", kMonday8h};
  outcome.promise = engine::Promise{kMonday8h, kMonday8h, "extension", "", "notice"};
  outcome.due = engine::Due{kMonday8h, kMonday8h, std::nullopt};
  outcome.timers_set = {{"due", kMonday8h}};
  outcome.extended_to = kMonday8h;
  outcome.tasks_opened = {{"difference", "/remark", kLookup, kMonday8h}};
  outcome.provenance = {{"/remark", {"population", "MATCH", kMonday8h, kLookup, false}}};
  outcome.step_due = {{engine::StepName("signing"), kMonday8h}};
  const auto view = shown_event(engine::encode(event));
  EXPECT_FALSE(holds_micros(view)) << view.dump(2);
  EXPECT_EQ(view["data"]["outcome"]["extended_to"], kEight);
  EXPECT_EQ(view["data"]["outcome"]["tasks_opened"][0]["opened_at"], kEight);
  EXPECT_EQ(view["data"]["due_at"], kEight);
}

TEST(EventView, LeavesNoInstantOfAReleasedPayloadAsANumber) {
  std::size_t seen = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(SOURCE_DIR) + "/tests/golden/events")) {
    const auto name = entry.path().filename().string();
    if (name.find(".state.") != std::string::npos) continue;
    std::ifstream file(entry.path());
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_FALSE(holds_micros(shown_event(bytes))) << name;
    ++seen;
  }
  EXPECT_GE(seen, 14U);
}

}  // namespace
}  // namespace motcua::tests

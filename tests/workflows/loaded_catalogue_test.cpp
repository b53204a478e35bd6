#include "workflows/loader/loaded_catalogue.hpp"

#include "engine/core/ids.hpp"
#include "engine/procedure/guard.hpp"
#include "tests/workflows/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace motcua::workflows {
namespace {

using engine::LocalDay;
using engine::ProcedureCode;
using std::chrono::days;

const ProcedureCode kBirth{"1.001193"};
const char* const kBirthFile = "workflows/catalogue/1.001193/procedure.json";

LocalDay day(const char* text) { return *engine::parse_iso_day(text); }

const LoadedCatalogue& shipped() {
  static LoadedCatalogue catalogue;
  static const Findings findings = catalogue.load_folder(std::string(SOURCE_DIR) + "/workflows");
  EXPECT_EQ(to_text(findings), "");
  return catalogue;
}

const engine::Definition& birth() { return *shipped().definition(kBirth, 1); }

std::vector<std::string> names(const std::vector<engine::StepName>& steps) {
  std::vector<std::string> texts;
  for (const auto& step : steps) {
    texts.push_back(step.value);
  }
  return texts;
}

TEST(LoadedCatalogue, FindsDefinitionsByDateVersionAndHash) {
  const auto definition = shipped().definition_on(kBirth, day("2026-10-01"));
  ASSERT_NE(definition, nullptr);
  EXPECT_EQ(definition->code, kBirth);
  EXPECT_EQ(shipped().definition_by_hash(definition->hash), definition);
  EXPECT_EQ(shipped().definition(kBirth, 1), definition);
  EXPECT_EQ(shipped().definition_on(kBirth, day("2025-07-01")), definition);
  EXPECT_EQ(shipped().definition_on(kBirth, day("2025-06-30")), nullptr);
  EXPECT_EQ(shipped().definition_on(ProcedureCode("1.00119"), day("2026-10-01")), nullptr);
  EXPECT_EQ(shipped().definition(kBirth, 2), nullptr);
  EXPECT_EQ(shipped().definition_by_hash({}), nullptr);
  std::vector<std::string> codes;
  for (const auto& each : shipped().definitions()) codes.push_back(each->code.value);
  EXPECT_EQ(codes, (std::vector<std::string>{
                       "1.000656", "1.000894", "1.001193", "1.001456", "1.001942", "1.003677", "1.004194",
                       "1.004222", "1.005142", "1.008498", "1.012566", "1.013067", "1.014063", "1.014064",
                       "1.014748", "1.115231", "1.115246", "1.115256", "2.001159", "2.001428", "2.002913",
                       "3.000001", "3.000099", "3.000333", "3.000347", "3.000722"}));
}

TEST(LoadedCatalogue, ListsWhatItLoadedWithTheBytesAndTheirHash) {
  const auto artifacts = shipped().artifacts();
  ASSERT_EQ(artifacts.size(), 31U);
  EXPECT_EQ(artifacts[0].code, "dak-lak");
  EXPECT_EQ(artifacts[1].code, "dak-lak-suoi-mau");
  EXPECT_EQ(artifacts[2].code, "vn");
  EXPECT_EQ(artifacts[3].code, "dak-lak");
  EXPECT_EQ(artifacts[4].code, "ha-noi");
  EXPECT_EQ(artifacts[6].code, "1.000894");
  EXPECT_EQ(artifacts[7].code, "1.001193");
  EXPECT_EQ(artifacts[11].code, "1.004194");
  EXPECT_EQ(std::string(name_of(artifacts[7].kind)), "procedure");
  EXPECT_EQ(artifacts[7].version, 1);
  EXPECT_EQ(artifacts[7].bytes, source_file(kBirthFile));
  EXPECT_EQ(artifacts[7].hash, birth().hash);
}

TEST(LoadedCatalogue, HashIsTheSha256OfTheBytes) {
  LoadedCatalogue catalogue;
  ASSERT_FALSE(has_errors(
      catalogue.add_published(FileKind::organisation, R"({"code":"x","version":1,"agencies":[]})")));
  EXPECT_EQ(engine::to_hex(catalogue.artifacts().at(0).hash),
            "a496a887b6e188cf4c7df4df8b64ef363cb03fe53787944a5b8ed3cddd1b969d");
}

TEST(LoadedCatalogue, RefusesAnotherTextForAVersionThatIsTaken) {
  LoadedCatalogue catalogue;
  const std::string bytes = source_file(kBirthFile);
  EXPECT_TRUE(catalogue.add_procedure(bytes).empty());
  EXPECT_TRUE(catalogue.add_procedure(bytes).empty());
  const auto findings =
      catalogue.add_procedure(with(bytes, "Đăng ký khai sinh", "Đăng ký  khai sinh"), "p.json");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].rule, "version-taken");
  EXPECT_EQ(findings[0].line, 3);
  EXPECT_EQ(catalogue.definition(kBirth, 1)->document->bytes(), bytes);
  EXPECT_EQ(catalogue.artifacts().size(), 1U);
}

TEST(LoadedCatalogue, TheNewestPublishedVersionInForceApplies) {
  LoadedCatalogue catalogue;
  const std::string one = source_file(kBirthFile);
  const std::string two = with(with(one, "\"version\": 1", "\"version\": 2"), "2025-07-01", "2027-03-01");
  const std::string draft = with(with(one, "\"version\": 1", "\"version\": 3"), "\"published\"", "\"draft\"");
  for (const std::string& bytes : {two, draft, one}) {
    EXPECT_EQ(to_text(catalogue.add_procedure(bytes)), "");
  }
  EXPECT_EQ(catalogue.definition_on(kBirth, day("2027-02-28"))->version, 1);
  EXPECT_EQ(catalogue.definition_on(kBirth, day("2027-03-01"))->version, 2);
  EXPECT_EQ(catalogue.definitions().at(0)->version, 2);
  EXPECT_EQ(catalogue.definition(kBirth, 3)->published, false);
}

TEST(LoadedCatalogue, ADefinitionStopsOnTheDayItsEffectEnds) {
  LoadedCatalogue catalogue;
  const std::string bytes =
      with(source_file(kBirthFile), "\"open_cases\"", "\"to\": \"2027-03-01\", \"open_cases\"");
  EXPECT_EQ(to_text(catalogue.add_procedure(bytes)), "");
  EXPECT_NE(catalogue.definition_on(kBirth, day("2027-02-28")), nullptr);
  EXPECT_EQ(catalogue.definition_on(kBirth, day("2027-03-01")), nullptr);
}

TEST(LoadedCatalogue, AddsNothingThatHasErrors) {
  LoadedCatalogue catalogue;
  EXPECT_TRUE(
      has_errors(catalogue.add_procedure(with(source_file(kBirthFile), "\"signatory\"", "\"mandarin\""))));
  EXPECT_TRUE(has_errors(catalogue.add_calendar("{}")));
  EXPECT_TRUE(has_errors(catalogue.add_organisation("[]")));
  EXPECT_TRUE(catalogue.artifacts().empty());
}

TEST(LoadedCatalogue, WhatWasPublishedLoadsEvenIfTheLinterHasBecomeStricter) {
  LoadedCatalogue catalogue;
  const std::string bytes = with(source_file(kBirthFile), "\"signatory\"", "\"mandarin\"");
  EXPECT_EQ(to_text(catalogue.add_published(FileKind::procedure, bytes)), "");
  EXPECT_NE(catalogue.definition(kBirth, 1), nullptr);
  const auto findings = catalogue.add_published(FileKind::procedure, R"({"code": "x", "version": 1})");
  EXPECT_TRUE(has_errors(findings));
  EXPECT_EQ(findings.back().rule, "unreadable");
}

TEST(LoadedCatalogue, FindsTheOrganisationThatHoldsAnAgency) {
  const auto organisation = shipped().organisation_of(engine::AgencyId("H15.50.05"));
  ASSERT_NE(organisation, nullptr);
  EXPECT_EQ(organisation->code, "dak-lak");
  EXPECT_EQ(shipped().organisation_by_hash(organisation->hash), organisation);
  EXPECT_EQ(shipped().organisation_of(engine::AgencyId("H26.01"))->code, "ha-noi");
  EXPECT_EQ(shipped().organisation_of(engine::AgencyId("H15.50")), nullptr);
  const auto* agency = organisation->find(engine::AgencyId("H15.50.05"));
  EXPECT_EQ(agency->calendar, "vn");
  EXPECT_EQ(agency->code_prefix, "H15.50.05");
  for (const char* sub :
       {"desk_officer-1", "desk_officer-2", "case_officer-1", "case_officer-2", "signatory-1", "signatory-2",
        "supervisor-1", "integrator-1", "auditor-1", "leader-1", "portal-1", "admin-1", "service-1"}) {
    EXPECT_EQ(std::count_if(agency->officers.begin(), agency->officers.end(),
                            [&](const engine::Officer& officer) { return officer.sub.value == sub; }),
              1)
        << sub;
  }
}

TEST(BirthRegistration, AsksTheLeavesOfTheDeclarationInOrder) {
  std::vector<std::string> required;
  std::vector<std::string> within;
  for (const auto& leaf : birth().leaves) {
    if (leaf.required) {
      (leaf.required_within.empty() ? required : within).push_back(leaf.pointer);
    }
    EXPECT_FALSE(leaf.title.vi.empty() || leaf.title.en.empty()) << leaf.pointer;
    EXPECT_FALSE(leaf.source.empty()) << leaf.pointer;
  }
  EXPECT_EQ(birth().leaves.size(), 29U);
  EXPECT_EQ(birth().leaves.front().pointer, "/requester/full_name");
  EXPECT_EQ(birth().leaves.back().pointer, "/copies_requested");
  EXPECT_EQ(required,
            (std::vector<std::string>{"/requester/full_name", "/requester/relation", "/child/full_name",
                                      "/child/birth_date", "/child/sex", "/child/birth_place"}));
  EXPECT_EQ(within, (std::vector<std::string>{"/mother/full_name", "/father/full_name"}));
  EXPECT_EQ(birth().find_leaf("/father/full_name")->required_within, "/father");
  EXPECT_EQ(birth().find_leaf("/father"), nullptr);
}

TEST(BirthRegistration, SealsEachPersonUnderAKeyOfTheirOwn) {
  EXPECT_EQ(birth().subjects.size(), 4U);
  EXPECT_EQ(birth().subject_of("/mother/residence").value, "/mother");
  EXPECT_EQ(birth().subject_of("/child").value, "/child");
  EXPECT_EQ(birth().subject_of("/motherland").value, "data");
  EXPECT_EQ(birth().subject_of("/copies_requested").value, "data");
  EXPECT_EQ(birth().find_leaf("/father/ethnicity")->subject.value, "/father");
}

TEST(BirthRegistration, RunsFromAppraisalOverSigningToTheRegister) {
  const auto& machine = birth().machine;
  std::vector<std::string> order;
  for (const auto& state : machine.states) {
    order.push_back(state.name.value);
  }
  EXPECT_EQ(order, (std::vector<std::string>{"appraisal", "check", "posting", "draft", "signing", "issued"}));
  EXPECT_EQ(machine.initial, 0U);
  EXPECT_EQ(machine.states[0].kind, engine::StateKind::compound);
  EXPECT_EQ(machine.states[0].initial, 1U);
  EXPECT_EQ(machine.states[1].parent, 0U);
  EXPECT_EQ(machine.states[1].role, "case_officer");
  EXPECT_EQ(machine.states[4].role, "signatory");
  EXPECT_EQ(machine.states[5].kind, engine::StateKind::final);
  EXPECT_EQ(names(machine.states[4].not_same_person_as),
            (std::vector<std::string>{"check", "posting", "draft"}));
  ASSERT_EQ(machine.states[1].transitions.size(), 2U);
  EXPECT_EQ(machine.states[1].transitions[0].target.value, "posting");
  EXPECT_FALSE(machine.states[1].transitions[0].guard.is_null());
  EXPECT_EQ(machine.states[3].transitions[0].requires_.size(), 4U);
}

TEST(BirthRegistration, AsksForPapersByChannelAndCircumstance) {
  const auto asked = [](const nlohmann::json& facts) {
    std::vector<std::string> codes;
    for (const auto& paper : birth().papers) {
      const auto answer = engine::evaluate(paper.required_when, facts);
      const auto* decided = std::get_if<engine::Decided>(&answer);
      if (paper.required || (decided != nullptr && engine::truthy(decided->value))) {
        codes.push_back(paper.code.value);
      }
    }
    return codes;
  };
  using Codes = std::vector<std::string>;
  EXPECT_EQ(asked(R"({"data": {}, "channel": "counter", "papers": []})"_json),
            (Codes{"to_khai", "giay_chung_sinh"}));
  EXPECT_EQ(asked(R"({"data": {}, "channel": "online", "papers": []})"_json), Codes{"giay_chung_sinh"});
  EXPECT_EQ(asked(R"({"data": {}, "channel": "online", "papers": ["giay_cam_doan"]})"_json), Codes{});
  EXPECT_EQ(asked(R"({"data": {"child": {"foundling": true}, "requester": {"authorised": true}},
                      "channel": "post", "papers": []})"_json),
            (Codes{"to_khai", "bien_ban_tre_bi_bo_roi", "van_ban_uy_quyen"}));
  EXPECT_EQ(asked(R"({"data": {"child": {"surrogacy": true}}, "channel": "online", "papers": []})"_json),
            (Codes{"giay_chung_sinh", "van_ban_mang_thai_ho"}));
}

TEST(NationalCalendar, HoldsTheSchedulesOf2022To2026) {
  const auto calendar = shipped().calendar("vn");
  ASSERT_NE(calendar, nullptr);
  EXPECT_EQ(shipped().calendar_by_hash(calendar->hash), calendar);
  EXPECT_EQ(shipped().calendar("us"), nullptr);
  EXPECT_EQ(calendar->published_until, day("2026-12-31"));
  using engine::Window;
  const std::vector<Window> hours{
      {std::chrono::hours(7), std::chrono::hours(11) + std::chrono::minutes(30)},
      {std::chrono::hours(13) + std::chrono::minutes(30), std::chrono::hours(17)}};
  EXPECT_EQ(calendar->windows_on(day("2026-10-01")), hours);     // Thursday
  EXPECT_TRUE(calendar->windows_on(day("2026-10-03")).empty());  // Saturday
  EXPECT_TRUE(calendar->windows_on(day("2026-02-17")).empty());  // Tết
  EXPECT_TRUE(calendar->windows_on(day("2026-11-24")).empty());
  EXPECT_EQ(calendar->windows_on(day("2026-08-22")), hours);  // make-up Saturday
  EXPECT_EQ(calendar->windows_on(day("2025-04-26")), hours);
  EXPECT_EQ(calendar->overrides.at(day("2026-08-22")).replaces, day("2026-08-31"));
  EXPECT_EQ(calendar->overrides.at(day("2026-02-17")).name, "Tết Nguyên đán");
  EXPECT_EQ(calendar->overrides.at(day("2026-02-17")).notice, "CV 9859/VPCP-KGVX, TB 9441/TB-BNV");
  EXPECT_EQ(calendar->overrides.at(day("2022-01-31")).notice, "unverified");
}

// The days off counted by hand; one on a weekend would be a typing error.
TEST(NationalCalendar, OnlyWeekdaysAreOffAndOnlySaturdaysAreMadeUp) {
  int off = 0;
  for (const auto& [date, entry] : shipped().calendar("vn")->overrides) {
    const std::chrono::weekday weekday{date};
    const bool weekend = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
    EXPECT_EQ(entry.kind == engine::DayKind::work, weekend) << engine::to_iso(date);
    EXPECT_TRUE(!entry.replaces ||
                shipped().calendar("vn")->overrides.at(*entry.replaces).kind == engine::DayKind::off);
    off += weekend ? 0 : 1;
  }
  EXPECT_EQ(off, 11 + 11 + 12 + 12 + 14);  // 2022 to 2026
}

}  // namespace
}  // namespace motcua::workflows

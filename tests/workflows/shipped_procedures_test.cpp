// The definitions as the engine reads them: limits, papers, prefill, machines, results.
#include "engine/procedure/guard.hpp"
#include "tests/workflows/support.hpp"
#include "workflows/loader/lint.hpp"
#include "workflows/loader/loaded_catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace motcua::workflows {
namespace {

using engine::Definition;
using engine::LimitCounting;
using engine::LimitUnit;

const Definition& shipped(const char* code) {
  static LoadedCatalogue catalogue;
  static const Findings findings = catalogue.load_folder(std::string(SOURCE_DIR) + "/workflows");
  EXPECT_EQ(to_text(findings), "");
  static const auto all = catalogue.definitions();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each->code.value == code; });
  EXPECT_NE(found, all.end()) << code;
  return **found;
}

/// The definition of `bytes`, which must have no findings.
std::shared_ptr<const Definition> read(const std::string& bytes) {
  LoadedCatalogue catalogue;
  EXPECT_EQ(to_text(catalogue.add_procedure(bytes)), "");
  return catalogue.definitions().empty() ? nullptr : catalogue.definitions().front();
}

std::string sample(const std::string& name) {
  return source_file("tests/workflows/data/lint/procedure/" + name);
}

/// Index of the limit that applies to `data`.
std::size_t limit_for(const Definition& definition, const char* data) {
  const nlohmann::json facts{{"data", nlohmann::json::parse(data)}, {"channel", "counter"}, {"papers", {}}};
  for (std::size_t i = 0; i < definition.time_limits.size(); ++i) {
    const auto& when = definition.time_limits[i].when;
    const auto answer = engine::evaluate(when, facts);
    const auto* decided = std::get_if<engine::Decided>(&answer);
    if (when.is_null() || (decided != nullptr && engine::truthy(decided->value))) return i;
  }
  return definition.time_limits.size();
}

TEST(TimeLimit, OneObjectIsAListOfOneWithoutCondition) {
  const auto definition = read(sample("clean.json"));
  ASSERT_EQ(definition->time_limits.size(), 1U);
  EXPECT_EQ(definition->time_limits[0].limit,
            (engine::Limit{3, LimitUnit::working_day, LimitCounting::working_time, std::nullopt, "act-1"}));
  EXPECT_TRUE(definition->time_limits[0].when.is_null());
  EXPECT_EQ(definition->max_extensions, 0);
}

TEST(TimeLimit, AListKeepsItsOrderConditionsAndCutOff) {
  const auto definition = read(sample("clean-limits.json"));
  ASSERT_EQ(definition->time_limits.size(), 2U);
  EXPECT_EQ(
      definition->time_limits[0].limit,
      (engine::Limit{1, LimitUnit::same_day, LimitCounting::working_time, std::chrono::hours(15), "act-1"}));
  EXPECT_EQ(definition->time_limits[0].when, R"({"var": ["data.urgent", false]})"_json);
  EXPECT_EQ(
      definition->time_limits[1].limit,
      (engine::Limit{3, LimitUnit::working_day, LimitCounting::civil_code, std::nullopt, "unverified"}));
  EXPECT_TRUE(definition->time_limits[1].when.is_null());
  EXPECT_EQ(definition->max_extensions, 1);
}

TEST(TimeLimit, WorkingHoursAndOtherCutOffsAreRead) {
  const auto definition =
      read(with(sample("clean.json"), "\"working_day\"", "\"working_hour\", \"cutoff\": \"09:05\""));
  EXPECT_EQ(definition->time_limits[0].limit.unit, LimitUnit::working_hour);
  EXPECT_EQ(definition->time_limits[0].limit.cutoff, std::chrono::minutes(9 * 60 + 5));
}

TEST(TimeLimit, DaysOfTheCalendarMonthsAndWhatIsAddedAreRead) {
  const auto definition = read(sample("clean-law-units.json"));
  ASSERT_EQ(definition->time_limits.size(), 2U);
  EXPECT_EQ(
      definition->time_limits[0].limit,
      (engine::Limit{15, LimitUnit::calendar_day, LimitCounting::civil_code, std::nullopt, "act-1", {}}));
  ASSERT_EQ(definition->time_limits[0].supplements.size(), 1U);
  EXPECT_EQ(definition->time_limits[0].supplements[0].time, (engine::AddedTime{5, "unverified", ""}));
  EXPECT_EQ(definition->time_limits[0].supplements[0].when, R"({"==": [{"var": "channel"}, "online"]})"_json);
  EXPECT_EQ(definition->time_limits[1].limit.unit, LimitUnit::month);
  EXPECT_EQ(definition->pause_reasons.at(0).whose, "other_agency");
  EXPECT_EQ(definition->pause_reasons.at(0).name.en, "Tax determination");
}

TEST(TimeLimit, OfAStepIsReadWhereItIsGiven) {
  const auto definition = read(sample("clean-law-units.json"));
  const auto* signing = definition->machine.find(engine::StepName("signing"));
  ASSERT_TRUE(signing != nullptr && signing->time_limit.has_value());
  EXPECT_EQ(signing->time_limit->amount, 4);
  EXPECT_EQ(signing->time_limit->unit, LimitUnit::working_hour);
  EXPECT_FALSE(definition->machine.find(engine::StepName("check"))->time_limit.has_value());
}

TEST(TimeLimit, NullIsNoLimitWithItsLaw) {
  const auto definition = read(sample("clean-no-limit.json"));
  ASSERT_EQ(definition->time_limits.size(), 1U);
  EXPECT_EQ(definition->time_limits[0].limit.unit, LimitUnit::none);
  EXPECT_EQ(definition->time_limits[0].limit.law, "act-1");
  EXPECT_EQ(definition->max_extensions, 0);
}

TEST(CriminalRecord, TakesTenDaysOrFifteenWhereSomethingMustBeVerified) {
  const auto& record = shipped("3.000333");
  ASSERT_EQ(record.time_limits.size(), 2U);
  for (const auto& alternative : record.time_limits) {
    EXPECT_EQ(alternative.limit.unit, LimitUnit::calendar_day);
    EXPECT_EQ(alternative.limit.counting, LimitCounting::civil_code);
    EXPECT_EQ(alternative.limit.law, "luat-lltp-2009-dieu-48");
  }
  EXPECT_EQ(record.time_limits[limit_for(record, "{}")].limit.amount, 10);
  EXPECT_EQ(record.time_limits[limit_for(record, R"({"checks": {"foreigner": true}})")].limit.amount, 15);
  EXPECT_EQ(record.time_limits[limit_for(record, R"({"checks": {"rehabilitation": true}})")].limit.amount,
            15);
  EXPECT_NE(record.fees_text.find("\"amount_vnd\":null"), std::string::npos) << "not read, so not free";
}

TEST(LandChange, TakesEightWorkingDaysAndTenMoreInARemoteCommune) {
  const auto& land = shipped("1.115246");
  ASSERT_EQ(land.time_limits.size(), 1U);
  EXPECT_EQ(
      land.time_limits[0].limit,
      (engine::Limit{
          8, LimitUnit::working_day, LimitCounting::working_time, std::nullopt, "dak-lak-1-115246", {}}));
  ASSERT_EQ(land.time_limits[0].supplements.size(), 1U);
  EXPECT_EQ(land.time_limits[0].supplements[0].time,
            (engine::AddedTime{10, "nd-101-2024", "Nghị định 101/2024/NĐ-CP"}));
}

TEST(LandChange, LetsTheClockStandForEachExclusionAndSaysWhoseTimeItIs) {
  std::map<std::string, std::string> whose;
  for (const auto& reason : shipped("1.115246").pause_reasons) whose[reason.code] = reason.whose;
  EXPECT_EQ(whose, (std::map<std::string, std::string>{{"supplement", ""},
                                                       {"payment", ""},
                                                       {"tax_determination", "other_agency"},
                                                       {"price_determination", "other_agency"},
                                                       {"violation_handling", "other_agency"},
                                                       {"expert_assessment", "other_agency"},
                                                       {"public_posting", "other_agency"},
                                                       {"inheritance_division", "applicant"}}));
}

TEST(Prefill, IsReadWithSourceSubjectConditionAndLaw) {
  const auto& rules = shipped("1.001193").prefill;
  ASSERT_EQ(rules.size(), 21U);
  EXPECT_EQ(rules[0].field, "/requester/full_name");
  EXPECT_EQ(rules[0].source, "derived");
  EXPECT_EQ(rules[0].rule, R"({"var": "applicant.full_name"})"_json);
  EXPECT_TRUE(rules[0].attribute.empty());
  EXPECT_FALSE(rules[1].when.is_null());
  EXPECT_EQ(rules[7].field, "/mother/ethnicity");
  EXPECT_EQ(rules[7].subject, "/mother");
  EXPECT_EQ(rules[7].attribute, "ethnicity");
  EXPECT_EQ(rules[7].on_conflict, engine::OnConflict::register_wins);
  EXPECT_TRUE(rules[7].lock);
  EXPECT_TRUE(rules[7].rule.is_null());
  EXPECT_EQ(rules[9].on_conflict, engine::OnConflict::clerk_decides);
  EXPECT_FALSE(rules[9].lock);
  EXPECT_EQ(rules[13].law, "blds-2015-dieu-29");
}

TEST(Papers, SayTheirFormCopiesAndWhereToLookFirst) {
  const auto& birth = shipped("1.001193");
  const auto* identity = birth.find_paper(engine::PaperCode("giay_to_tuy_than"));
  ASSERT_NE(identity, nullptr);
  EXPECT_EQ(identity->look_up_first, (std::vector<std::string>{"population", "civil_status"}));
  EXPECT_EQ(identity->proves, (std::vector<std::string>{"personal_id", "full_name", "birth_date"}));
  EXPECT_EQ(identity->replaced_by, "population");
  EXPECT_EQ(identity->copies, 1);
  EXPECT_EQ(birth.find_paper(engine::PaperCode("mau_dien_tu"))->form, engine::PaperForm::electronic);
  const auto* dwelling = shipped("1.004194").find_paper(engine::PaperCode("chung_minh_cho_o"));
  EXPECT_TRUE(dwelling->reusable);
  EXPECT_EQ(dwelling->form, engine::PaperForm::copy);
  EXPECT_EQ(dwelling->look_up_first.size(), 5U);
}

TEST(Fees, OtherAmountsKeepTheirOrderConditionsAndDays) {
  const auto definition = read(sample("clean-fees.json"));
  const auto& instead = definition->fees.at(0).instead;
  ASSERT_EQ(instead.size(), 3U);
  EXPECT_TRUE(instead[0].when.is_null());
  EXPECT_EQ(instead[0].until, engine::parse_iso_day("2025-07-02"));
  EXPECT_EQ(instead[0].amount_vnd, 2'500);
  EXPECT_EQ(instead[1].when, R"({"var": ["data.urgent", false]})"_json);
  EXPECT_EQ(instead[1].until, std::nullopt);
  EXPECT_EQ(instead[1].online_amount_vnd, std::nullopt);
  EXPECT_EQ(instead[2].online_amount_vnd, 4'000);
}

TEST(IdentityCard, IsHalfPriceToTheEndOfTheYear2026) {
  for (const auto& [code, half, full] :
       {std::tuple{"1.014063", 25'000, 50'000}, std::tuple{"1.014064", 35'000, 70'000}}) {
    const auto& definition = shipped(code);
    EXPECT_EQ(definition.version, 2) << "published with another text as version 1";
    ASSERT_EQ(definition.fees.size(), 1U);
    EXPECT_EQ(definition.fees[0].amount_vnd, full);
    ASSERT_EQ(definition.fees[0].instead.size(), 1U);
    EXPECT_EQ(definition.fees[0].instead[0].amount_vnd, half);
    EXPECT_EQ(definition.fees[0].instead[0].until, engine::parse_iso_day("2027-01-01"));
    const auto shown = nlohmann::json::parse(definition.fees_text);
    EXPECT_EQ(shown.at(0).at("instead").at(0).at("until"), "2027-01-01") << "with a case";
    EXPECT_EQ(definition.fees_text.find("x-note"), std::string::npos);
  }
}

TEST(Birth, IsDueTheSameDayUnlessTheParentsMarriageMustBeVerified) {
  const auto& birth = shipped("1.001193");
  ASSERT_EQ(birth.time_limits.size(), 2U);
  EXPECT_EQ(limit_for(birth, "{}"), 1U);
  EXPECT_EQ(limit_for(birth, R"({"marital_status_to_verify": false})"), 1U);
  EXPECT_EQ(limit_for(birth, R"({"marital_status_to_verify": true})"), 0U);
  EXPECT_EQ(birth.time_limits[1].limit, (engine::Limit{1, LimitUnit::same_day, LimitCounting::working_time,
                                                       std::chrono::hours(15), "qd-163-btp-2026"}));
  EXPECT_EQ(birth.time_limits[0].limit.amount, 3);
  EXPECT_EQ(birth.time_limits[0].limit.law, "unverified");
  EXPECT_EQ(birth.max_extensions, 1);
}

TEST(Birth, DoesNotCallAnUnpublishedFeeFree) {
  const auto& birth = shipped("1.001193");
  EXPECT_FALSE(birth.supplement_requests_max.has_value());
  EXPECT_EQ(birth.pause_reasons.at(0).code, "supplement");
  EXPECT_EQ(birth.refusal_reasons.size(), 3U);
  EXPECT_NE(birth.fees_text.find("\"amount_vnd\":null"), std::string::npos);
  EXPECT_EQ(birth.fees_text.find("x-note"), std::string::npos);
  EXPECT_EQ(birth.results.at(0).code, "KQ.G15.000031");
  EXPECT_EQ(birth.law.size(), 20U);
  EXPECT_EQ(birth.channels, (std::vector<std::string>{"counter", "online", "post"}));
}

/// The procedures whose cases open when `state` is entered.
std::vector<std::string> opened_at(const Definition& definition, const char* state) {
  std::vector<std::string> procedures;
  const auto* found = definition.machine.find(engine::StepName(state));
  if (found == nullptr) return {"no such state"};
  for (const auto& branch : found->linked) procedures.push_back(branch.procedure.value);
  return procedures;
}

TEST(BirthGroup, OpensTheBirthAndThenTheResidenceBesideBothCards) {
  const auto& group = shipped("3.000722");
  EXPECT_EQ(opened_at(group, "birth_registration"), std::vector<std::string>{"1.001193"});
  EXPECT_EQ(opened_at(group, "residence_registration"), std::vector<std::string>{"1.004222"});
  const auto* branches = group.machine.find(engine::StepName("linked_results"));
  ASSERT_NE(branches, nullptr);
  EXPECT_EQ(branches->kind, engine::StateKind::parallel);
  for (const char* card : {"health_card", "identity_card"}) EXPECT_TRUE(opened_at(group, card).empty());
}

TEST(BirthGroup, TakesThreeWorkingDaysOrFiveWhereSomethingMustBeVerified) {
  const auto& group = shipped("3.000722");
  EXPECT_EQ(group.time_limits[limit_for(group, "{}")].limit.amount, 3);
  EXPECT_EQ(group.time_limits[limit_for(group, R"({"to_verify": true})")].limit.amount, 5);
}

TEST(DeathGroup, OpensTheDeathAndHasNoLimitOfItsOwn) {
  const auto& group = shipped("2.002913");
  EXPECT_EQ(opened_at(group, "death_registration"), std::vector<std::string>{"1.000656"});
  ASSERT_EQ(group.time_limits.size(), 1U);
  EXPECT_EQ(group.time_limits[0].limit.unit, LimitUnit::none);
  const auto* merit = group.machine.find(engine::StepName("home_affairs"));
  ASSERT_TRUE(merit != nullptr && merit->time_limit.has_value());
  EXPECT_EQ(merit->time_limit->amount, 18);
}

TEST(Marriage, IsDueTheSameDayWithoutACutOffOrInFiveWorkingDays) {
  const auto& marriage = shipped("1.000894");
  ASSERT_EQ(marriage.time_limits.size(), 2U);
  EXPECT_EQ(limit_for(marriage, "{}"), 1U);
  EXPECT_EQ(limit_for(marriage, R"({"marital_status_to_verify": true})"), 0U);
  EXPECT_EQ(marriage.time_limits[0].limit,
            (engine::Limit{5, LimitUnit::working_day, LimitCounting::working_time, std::nullopt,
                           "luat-ho-tich-2014-dieu-18"}));
  EXPECT_EQ(marriage.time_limits[1].limit.unit, LimitUnit::same_day);
  EXPECT_FALSE(marriage.time_limits[1].limit.cutoff.has_value());
  EXPECT_EQ(marriage.agency.en, "Commune people's committee");
  EXPECT_EQ(marriage.results.at(0).originals, 2);
  EXPECT_NE(marriage.fees_text.find("\"amount_vnd\":0"), std::string::npos);
}

/// The steps after `events`; "no" if one of them is not offered or its guard does not hold.
std::vector<std::string> walk(const Definition& definition, const char* data,
                              const std::vector<const char*>& events) {
  const nlohmann::json facts{
      {"data", nlohmann::json::parse(data)}, {"channel", "counter"}, {"papers", nlohmann::json::array()}};
  auto active = engine::initial_steps(definition.machine);
  for (const char* event : events) {
    auto move = engine::take(definition.machine, active, event, facts);
    if (!move) return {"no"};
    active = move->active;
  }
  std::vector<std::string> names;
  for (const auto& step : active) names.push_back(step.value);
  return names;
}

/// Nobody who completed one of `steps` may sign in the state `signing`.
void expect_separated(const Definition& definition, const char* signing,
                      const std::vector<std::string>& steps) {
  const auto* state = definition.machine.find(engine::StepName(signing));
  ASSERT_NE(state, nullptr);
  EXPECT_EQ(state->role, "signatory");
  std::vector<std::string> names;
  for (const auto& step : state->not_same_person_as) names.push_back(step.value);
  EXPECT_EQ(names, steps);
}

using Steps = std::vector<std::string>;

TEST(Marriage, EndsOnlyWhenBothPartiesHaveAppearedAndSigned) {
  const auto& marriage = shipped("1.000894");
  EXPECT_EQ(walk(marriage, "{}", {"finish_check", "submit", "sign"}), Steps{"appearance"});
  EXPECT_EQ(walk(marriage, "{}", {"finish_check", "submit", "sign", "both_signed"}), Steps{"issued"});
  EXPECT_EQ(walk(marriage, "{}", {"finish_check", "submit", "sign", "not_willing"}), Steps{"refused"});
  EXPECT_EQ(walk(marriage, "{}", {"verify", "verified", "finish_check"}), Steps{"draft"});
  EXPECT_EQ(walk(marriage, R"({"male": {"marital_status": "married"}})", {"finish_check"}), Steps{"no"});
  EXPECT_EQ(walk(marriage, R"({"male": {"marital_status": "married"}})", {"refuse"}), Steps{"refused"});
  EXPECT_EQ(marriage.machine.find(engine::StepName("appearance"))->role, "case_officer");
  expect_separated(marriage, "signing", {"check", "verification", "draft"});
}

TEST(Marriage, AsksNobodyForAProofOfMaritalStatus) {
  const auto* proof = shipped("1.000894").find_paper(engine::PaperCode("xac_nhan_tinh_trang_hon_nhan"));
  ASSERT_NE(proof, nullptr);
  EXPECT_FALSE(proof->required);
  EXPECT_TRUE(proof->required_when.is_null());
  EXPECT_EQ(proof->look_up_first.front(), "civil_status");
}

TEST(CriminalRecord, EndsWithACertificateOrARefusalSignedBySomebodyElse) {
  const auto& record = shipped("3.000333");
  EXPECT_EQ(walk(record, "{}", {"nothing_to_verify", "submit", "sign"}), Steps{"issued"});
  EXPECT_EQ(walk(record, "{}", {"verify", "verified", "submit"}), Steps{"signing"});
  EXPECT_EQ(walk(record, "{}", {"propose_refusal", "submit_refusal", "sign_refusal"}), Steps{"refused"});
  expect_separated(record, "signing", {"look_up", "verification", "draft", "draft_refusal"});
}

TEST(LandChange, EndsWithACertificateOrTheCaseReturnedSignedBySomebodyElse) {
  const auto& land = shipped("1.115246");
  EXPECT_EQ(walk(land, "{}", {"conditions_met", "survey_checked", "duty_settled", "submit", "sign"}),
            Steps{"issued"});
  EXPECT_EQ(walk(land, "{}", {"conditions_met", "survey_checked", "no_duty"}), Steps{"update"});
  EXPECT_EQ(walk(land, "{}", {"propose_refusal", "submit_refusal", "sign_refusal"}), Steps{"refused"});
  expect_separated(land, "signing", {"check", "survey", "tax_slip", "update", "draft_refusal"});
}

TEST(TemporaryResidence, TakesThreeWorkingDaysAndCostsLessOnline) {
  const auto& residence = shipped("1.004194");
  ASSERT_EQ(residence.time_limits.size(), 1U);
  EXPECT_EQ(residence.time_limits[0].limit,
            (engine::Limit{3, LimitUnit::working_day, LimitCounting::working_time, std::nullopt,
                           "qd-9354-bca-2025"}));
  EXPECT_EQ(residence.max_extensions, 0);
  const auto fees = nlohmann::json::parse(residence.fees_text);
  EXPECT_EQ(fees.at(0).at("amount_vnd"), 15'000);
  EXPECT_EQ(fees.at(0).at("online_amount_vnd"), 7'000);
  EXPECT_EQ(fees.at(1).at("amount_vnd"), 10'000);
  EXPECT_EQ(fees.at(0).at("law"), "tt-75-2022-btc");
  EXPECT_EQ(residence.agency.vi, "Công an cấp xã");
  EXPECT_EQ(residence.channels, (Steps{"counter", "online"}));
}

TEST(TemporaryResidence, EndsWithAnEntryOrARefusalSignedBySomebodyElse) {
  const auto& residence = shipped("1.004194");
  EXPECT_EQ(walk(residence, "{}", {"finish_check", "submit", "sign"}), Steps{"updated"});
  EXPECT_EQ(walk(residence, "{}", {"propose_refusal", "submit_refusal", "sign_refusal"}), Steps{"refused"});
  expect_separated(residence, "signing", {"check", "draft", "draft_refusal"});
  expect_separated(residence, "signing_refusal", {"check", "draft", "draft_refusal"});
}

TEST(TemporaryResidence, ProofOfTheDwellingIsAskedForOnlyAfterTheLookUpsFailed) {
  const auto* proof = shipped("1.004194").find_paper(engine::PaperCode("chung_minh_cho_o"));
  const auto asked = [&](const char* data) {
    const nlohmann::json facts{{"data", nlohmann::json::parse(data)}, {"channel", "online"}};
    const auto answer = engine::evaluate(proof->required_when, facts);
    return engine::truthy(std::get<engine::Decided>(answer).value);
  };
  EXPECT_FALSE(asked("{}"));
  EXPECT_TRUE(asked(R"({"dwelling_not_found": true})"));
  EXPECT_FALSE(asked(R"({"dwelling_not_found": true, "consent": {"household_head": true}})"));
}

// Nothing a shipped procedure demands is something the register holds.
TEST(ShippedProcedures, NoPaperThatTheRegisterHoldsIsDemandedWithoutLookingFirst) {
  for (const char* code : {"1.000894", "1.001193", "1.004194"}) {
    for (const auto& paper : shipped(code).papers) {
      EXPECT_TRUE(paper.proves.empty() || !paper.look_up_first.empty()) << code << " " << paper.code.value;
      EXPECT_TRUE(paper.proves.empty() || !paper.required) << code << " " << paper.code.value;
    }
  }
}

// A document with nonsense in one member is refused by the schema, with the member's pointer.
TEST(ProcedureSchema, RefusesNonsenseInTheNewMembers) {
  const std::string clean = sample("clean.json");
  const auto refused = [&](const std::string& from, const std::string& to) {
    for (const auto& finding : lint_bytes(FileKind::procedure, with(clean, from, to), "x")) {
      if (finding.rule == "schema") return finding.pointer;
    }
    return std::string("accepted");
  };
  EXPECT_EQ(refused("\"amount\": 3", "\"amount\": 0"), "/time_limit/amount");
  EXPECT_EQ(refused("\"amount\": 3", "\"amount\": 3, \"max_extensions\": -1"), "/time_limit/max_extensions");
  EXPECT_EQ(refused("\"amount\": 3", "\"amount\": 3, \"cutoff\": \"3 pm\""), "/time_limit/cutoff");
  EXPECT_EQ(refused("\"working_day\"", "\"fortnight\""), "/time_limit/unit");
  EXPECT_EQ(refused("\"register_wins\"", "\"clerk_wins\""), "/prefill/0/on_conflict");
  EXPECT_EQ(refused("\"register_wins\"", "\"register_wins\", \"lock\": \"yes\""), "/prefill/0/lock");
  EXPECT_EQ(refused("\"copies\": 1", "\"copies\": 0"), "/papers/0/copies");
  EXPECT_EQ(refused("\"copies\": 1", "\"proves\": \"sex\""), "/papers/0/proves");
  EXPECT_EQ(refused("\"code\": \"R1\"", "\"code\": \"R1\", \"originals\": 0"), "/results/0/originals");
  EXPECT_EQ(refused("\"level\"", "\"agency\": \"police\", \"level\""), "/agency");
}

}  // namespace
}  // namespace motcua::workflows

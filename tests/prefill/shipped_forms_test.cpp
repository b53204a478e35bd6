// What the shipped procedures promise to whoever files: how little has to be typed.
#include "engine/prefill/form_values.hpp"
#include "engine/prefill/once_only.hpp"
#include "engine/prefill/prefill.hpp"
#include "tests/prefill/samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace motcua::engine {
namespace {

using nlohmann::json;
using tests::father;
using tests::identifiers;
using tests::mother;
using tests::shipped;

/// Files, looks up whom the definition names, fills in, and reports; as the engine does it.
struct Filed {
  json data{};
  OnceOnlyReport report{};
  std::vector<std::string> looked_up{};
};

void apply(Filed& filed, std::map<std::string, FieldOrigin>& origins,
           const std::vector<PrefilledValue>& values) {
  for (const auto& value : values) {
    if (given_at(filed.data, value.pointer) != nullptr) continue;
    const bool registered = value.rule->source == "population";
    origins[value.pointer] = {value.rule->source, registered ? "MATCH" : "", {}, false};
  }
  filed.data = with_values(std::move(filed.data), values);
}

Filed file(const Definition& definition, const json& applicant, const json& typed,
           const std::vector<json>& people) {
  Filed filed{typed, {}, {}};
  std::map<std::string, FieldOrigin> origins;
  for (const auto& leaf : definition.leaves) {
    if (given_at(typed, leaf.pointer) != nullptr) origins[leaf.pointer] = {"citizen", "", {}, false};
  }
  apply(filed, origins, derive(definition, applicant, filed.data));
  for (const auto& person : subjects_to_look_up(definition, applicant, filed.data)) {
    const auto answer = std::find_if(people.begin(), people.end(), [&](const json& each) {
      return each.at("personal_id") == person.personal_id;
    });
    if (answer == people.end()) continue;
    filed.looked_up.push_back(person.subject);
    apply(filed, origins, prefill_from(definition, person.subject, *answer, applicant, filed.data));
  }
  apply(filed, origins, derive(definition, applicant, filed.data));
  EXPECT_TRUE(definition.shape->check(filed.data).empty());
  filed.report = once_only(definition, filed.data, origins);
  return filed;
}

std::vector<std::string> in_state(const OnceOnlyReport& report, FieldState state) {
  std::vector<std::string> pointers;
  for (const auto& field : report.fields) {
    if (field.state == state) pointers.push_back(field.pointer);
  }
  return pointers;
}

std::map<std::string, int> leaves_by_source(const Definition& definition) {
  std::map<std::string, int> count;
  for (const auto& leaf : definition.leaves) count[leaf.source] += 1;
  return count;
}

json child() {
  return {{"full_name", "Nguyễn Minh Khôi"},
          {"birth_date", "2026-02-20"},
          {"sex", "male"},
          {"birth_place", "Bệnh viện đa khoa vùng Tây Nguyên"}};
}

json birth_typed() {
  return {{"child", child()}, {"mother", identifiers(mother())}, {"father", identifiers(father())}};
}

using Counts = std::map<std::string, int>;
using Pointers = std::vector<std::string>;

TEST(ShippedForms, HaveTheseLeavesBySource) {
  EXPECT_EQ(leaves_by_source(shipped("1.001193")),
            (Counts{{"citizen", 7}, {"derived", 12}, {"papers", 3}, {"population", 7}}));
  EXPECT_EQ(leaves_by_source(shipped("1.000894")),
            (Counts{{"citizen", 6}, {"derived", 4}, {"population", 8}}));
  EXPECT_EQ(leaves_by_source(shipped("1.004194")),
            (Counts{{"citizen", 6}, {"derived", 9}, {"papers", 4}, {"population", 1}}));
}

// The promise: the child, the identifiers of both parents, and nothing else.
TEST(BirthPrefill, WhoTypesOnlyTheChildAndTheParentsIdentifiersIsAskedNothingMore) {
  const auto filed = file(shipped("1.001193"), identifiers(mother()), birth_typed(), {father(), mother()});
  EXPECT_EQ(in_state(filed.report, FieldState::absent), Pointers{});
  EXPECT_EQ(filed.report.leaves, 29U);
  EXPECT_EQ(filed.report.asked, 10U);
  EXPECT_EQ(filed.report.prefilled, 6U);
  EXPECT_EQ(filed.report.derived, 13U);
  EXPECT_EQ(filed.looked_up, (Pointers{"/mother", "/father"}));
  EXPECT_EQ(filed.data.at("requester"), R"({
      "full_name": "TRẦN THỊ BÌNH", "birth_date": "1992", "personal_id": "000000000102", "relation": "mẹ",
      "authorised": false, "residence": "12 Lê Duẩn, phường Tân Lập, Đắk Lắk"})"_json);
  EXPECT_EQ(filed.data.at("child").at("ethnicity"), "Kinh");
  EXPECT_EQ(filed.data.at("child").at("nationality"), "Việt Nam");
  EXPECT_EQ(filed.data.at("child").at("home_town"), "Xã Ea Kao, Đắk Lắk");
  EXPECT_EQ(filed.data.at("child").at("foundling"), false);
  EXPECT_EQ(filed.data.at("marital_status_to_verify"), false);
  EXPECT_EQ(filed.data.at("copies_requested"), 0);
}

TEST(BirthPrefill, TheFatherWhoFilesIsTheRequesterToo) {
  const auto filed = file(shipped("1.001193"), identifiers(father()), birth_typed(), {father(), mother()});
  EXPECT_EQ(filed.data.at("requester").at("relation"), "cha");
  EXPECT_EQ(in_state(filed.report, FieldState::absent), Pointers{});
}

TEST(BirthPrefill, ParentsOfTwoPeoplesAreAskedForTheEthnicityOfTheChild) {
  json ede = mother();
  ede["ethnicity"] = "Ê Đê";
  const auto filed = file(shipped("1.001193"), identifiers(father()), birth_typed(), {father(), ede});
  EXPECT_EQ(in_state(filed.report, FieldState::absent), Pointers{"/child/ethnicity"});
}

TEST(BirthPrefill, TheChildOfAMotherAloneFollowsTheMother) {
  json typed = birth_typed();
  typed.erase("father");
  const auto filed = file(shipped("1.001193"), identifiers(mother()), typed, {mother()});
  EXPECT_EQ(filed.data.at("child").at("ethnicity"), "Kinh");
  EXPECT_EQ(filed.data.at("child").at("home_town"), "Xã Hòa Sơn, Đắk Lắk");
  EXPECT_FALSE(filed.data.contains("father"));
}

TEST(BirthPrefill, WhileTheRegisterIsSilentTheParentsDataStaysOpenAndNothingIsGuessed) {
  const auto filed = file(shipped("1.001193"), identifiers(mother()), birth_typed(), {});
  EXPECT_EQ(in_state(filed.report, FieldState::absent),
            (Pointers{"/requester/residence", "/child/ethnicity", "/child/nationality", "/child/home_town",
                      "/mother/ethnicity", "/mother/nationality", "/mother/residence", "/father/ethnicity",
                      "/father/nationality", "/father/residence"}));
}

TEST(BirthPrefill, AGrandmotherIsLookedUpAsTheRequesterAndAskedHowSheIsRelated) {
  json grandmother = mother();
  grandmother["personal_id"] = "000000000103";
  grandmother["full_name"] = "LÊ THỊ CÚC";
  grandmother["permanent_residence"] = "Huế";
  const auto filed =
      file(shipped("1.001193"), identifiers(grandmother), birth_typed(), {father(), mother(), grandmother});
  EXPECT_EQ(filed.looked_up, (Pointers{"/requester", "/mother", "/father"}));
  EXPECT_EQ(filed.data.at("requester").at("residence"), "Huế");
  EXPECT_EQ(in_state(filed.report, FieldState::absent),
            (Pointers{"/requester/relation", "/requester/authorised"}));
}

TEST(BirthPrefill, ARequesterOfAnotherNameDoesNotGetTheApplicantsNumber) {
  json typed = birth_typed();
  typed["requester"] = {{"full_name", "Lê Thị Cúc"}};
  const auto filed = file(shipped("1.001193"), identifiers(mother()), typed, {father(), mother()});
  EXPECT_FALSE(filed.data.at("requester").contains("personal_id"));
  EXPECT_FALSE(filed.data.at("requester").contains("birth_date"));
}

TEST(BirthPrefill, AFoundlingHasNoParentsToDeriveFrom) {
  const auto filed = file(shipped("1.001193"), identifiers(mother()),
                          {{"child", {{"full_name", "Nguyễn Minh Khôi"}, {"foundling", true}}}}, {});
  EXPECT_EQ(filed.data.at("child"), (json{{"full_name", "Nguyễn Minh Khôi"}, {"foundling", true}}));
  EXPECT_FALSE(filed.data.contains("mother"));
}

TEST(MarriagePrefill, TheTwoPartiesIdentifiersAreEnoughForAFirstMarriage) {
  json bride = mother();
  json groom = father();
  bride["marital_status"] = groom["marital_status"] = "single";
  const json typed = {{"female", identifiers(bride)}, {"male", identifiers(groom)}};
  const auto filed = file(shipped("1.000894"), identifiers(groom), typed, {bride, groom});
  EXPECT_EQ(in_state(filed.report, FieldState::absent), Pointers{});
  EXPECT_EQ(filed.report.leaves, 18U);
  EXPECT_EQ(filed.report.asked, 6U);
  EXPECT_EQ(filed.data.at("female").at("marriage_ordinal"), 1);
  EXPECT_EQ(filed.data.at("marital_status_to_verify"), false);
}

TEST(MarriagePrefill, WhoWasMarriedBeforeIsAskedWhichMarriageItIs) {
  json bride = mother();
  bride["marital_status"] = "divorced";
  const json typed = {{"female", identifiers(bride)}, {"male", identifiers(father())}};
  const auto filed = file(shipped("1.000894"), identifiers(bride), typed, {bride});
  EXPECT_EQ(filed.data.at("female").count("marriage_ordinal"), 0U);
  EXPECT_EQ(filed.data.count("marital_status_to_verify"), 0U);  // nothing is known of the other party
}

TEST(ResidencePrefill, WhoHeadsTheirOwnHouseholdTypesTheStayAndAPhoneNumber) {
  const json typed = {{"stay", {{"address", "5 Hùng Vương, Đắk Lắk"}, {"from", "2026-03-02"}}},
                      {"person", {{"phone", "0900000000"}}}};
  const auto filed = file(shipped("1.004194"), identifiers(father()), typed, {father()});
  EXPECT_EQ(filed.report.asked, 3U);
  EXPECT_EQ(filed.data.at("person").at("sex"), "male");
  EXPECT_EQ(filed.data.at("household_head"), R"({"full_name": "NGUYỄN VĂN AN", "personal_id": "000000000101",
                                                 "relation": "chủ hộ"})"_json);
  EXPECT_EQ(filed.data.at("stay").at("request"), "Đăng ký tạm trú tại 5 Hùng Vương, Đắk Lắk");
  EXPECT_EQ(in_state(filed.report, FieldState::absent),
            (Pointers{"/person/email", "/stay/until", "/members", "/consent/household_head", "/consent/owner",
                      "/consent/parent", "/dwelling_not_found"}));
}

TEST(ResidencePrefill, AnAnswerThatTheFormHasNoPlaceForIsNotTaken) {
  json odd = father();
  odd["sex"] = "1";
  const json typed = {{"person", identifiers(odd)}};
  EXPECT_TRUE(prefill_from(shipped("1.004194"), "/person", odd, {}, typed).empty());
  EXPECT_EQ(prefill_from(shipped("1.004194"), "/person", father(), {}, typed).size(), 1U);
}

TEST(ResidencePrefill, WhoJoinsAHouseholdNamesItsHead) {
  const json typed = {{"stay", {{"address", "5 Hùng Vương"}, {"from", "2026-03-02"}}},
                      {"household_head", {{"full_name", "Lê Văn Dũng"}}}};
  const auto filed = file(shipped("1.004194"), identifiers(father()), typed, {father()});
  EXPECT_EQ(filed.data.at("household_head"), (json{{"full_name", "Lê Văn Dũng"}}));
}

}  // namespace
}  // namespace motcua::engine

#include "engine/prefill/prefill.hpp"

#include "engine/prefill/form_values.hpp"
#include "engine/prefill/register_attributes.hpp"
#include "tests/prefill/samples.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace motcua::engine {
namespace {

using nlohmann::json;
using tests::derived;
using tests::from_register;
using tests::small;

const json kNothing = json::object();

std::vector<std::string> pointers(const std::vector<PrefilledValue>& values) {
  std::vector<std::string> all;
  for (const auto& value : values) all.push_back(value.pointer);
  return all;
}

TEST(RegisterAttributes, AnAddressGivesItsText) {
  const json person = tests::father();
  EXPECT_EQ(attribute_of(person, "hometown"), json("Xã Ea Kao, Đắk Lắk"));
  EXPECT_EQ(attribute_of(tests::mother(), "hometown"), json("Xã Hòa Sơn, Đắk Lắk"));
  EXPECT_EQ(attribute_of(person, "spouse.personal_id"), json("000000000102"));
  EXPECT_FALSE(attribute_of(person, "spouse").has_value());  // an object without text
  EXPECT_FALSE(attribute_of(person, "spouse.full_name.x").has_value());
  EXPECT_FALSE(attribute_of(person, "religion").has_value());
  EXPECT_FALSE(attribute_of(R"({"religion": null, "sex": "", "father": []})"_json, "religion").has_value());
  EXPECT_FALSE(attribute_of(R"({"sex": ""})"_json, "sex").has_value());
  EXPECT_FALSE(attribute_of(R"({"sex": ["male"]})"_json, "sex").has_value());
  EXPECT_FALSE(attribute_of(R"("text")"_json, "sex").has_value());
}

TEST(RegisterAttributes, AFormLeafIsRecognisedByItsName) {
  for (const char* name : {"home_town", "hometown", "residence", "ethnicity", "permanent_residence"}) {
    EXPECT_TRUE(register_holds(name)) << name;
  }
  EXPECT_FALSE(register_holds("phone"));
  EXPECT_FALSE(register_holds("relation"));
  EXPECT_TRUE(is_register_attribute("household_head.relation"));
  EXPECT_FALSE(is_register_attribute("household_head"));
}

TEST(PrefillFrom, GivesOnlyTheFieldsOfTheSubjectInDocumentOrder) {
  auto definition = small();
  definition.prefill = {from_register("/person/residence", "/person", "permanent_residence"),
                        from_register("/a", "/applicant", "ethnicity"),
                        from_register("/person/full_name", "/person", "full_name"),
                        from_register("/b", "/person", "religion")};
  const auto values = prefill_from(definition, "/person", tests::father(), kNothing, kNothing);
  EXPECT_EQ(pointers(values), (std::vector<std::string>{"/person/residence", "/person/full_name"}));
  EXPECT_EQ(values[0].value, "12 Lê Duẩn, phường Tân Lập, Đắk Lắk");
  EXPECT_EQ(values[0].rule, &definition.prefill[0]);
  EXPECT_EQ(pointers(prefill_from(definition, "/applicant", tests::father(), kNothing, kNothing)),
            std::vector<std::string>{"/a"});
}

TEST(PrefillFrom, TheFirstRuleThatAppliesFillsAField) {
  auto definition = small();
  definition.prefill = {from_register("/a", "/person", "hometown"),
                        from_register("/a", "/person", "ethnicity")};
  definition.prefill[0].when = R"({"==": [{"var": "data.b"}, "town"]})"_json;
  const auto value = [&](const char* data) {
    const auto values = prefill_from(definition, "/person", tests::father(), kNothing, json::parse(data));
    EXPECT_EQ(values.size(), 1U);
    return values.at(0).value;
  };
  EXPECT_EQ(value(R"({"b": "town"})"), "Xã Ea Kao, Đắk Lắk");
  EXPECT_EQ(value(R"({"b": "folk"})"), "Kinh");
  EXPECT_EQ(value("{}"), "Kinh");  // an undecided condition is none that holds
}

TEST(Derive, RunsUntilNothingNewFollowsInAnyOrderOfRules) {
  auto definition = small();
  definition.prefill = {derived("/b", R"({"cat": [{"var": "data.a"}, "!"]})"_json),
                        derived("/a", R"({"var": "applicant.full_name"})"_json)};
  const auto values = derive(definition, {{"full_name", "An"}}, kNothing);
  EXPECT_EQ(pointers(values), (std::vector<std::string>{"/a", "/b"}));
  EXPECT_EQ(with_values(kNothing, values), (json{{"a", "An"}, {"b", "An!"}}));
}

TEST(Derive, NeverOverwritesWhatWasGiven) {
  auto definition = small();
  definition.prefill = {derived("/a", "x"), derived("/b", false)};
  EXPECT_EQ(pointers(derive(definition, kNothing, {{"a", "given"}, {"b", false}})),
            std::vector<std::string>{});
  EXPECT_EQ(pointers(derive(definition, kNothing, {{"a", ""}, {"b", nullptr}})),
            (std::vector<std::string>{"/a", "/b"}));
  EXPECT_EQ(with_values({{"a", "given"}}, {{"/a", "other", nullptr}}), (json{{"a", "given"}}));
}

TEST(Derive, WhatCannotBeDecidedIsLeftOpen) {
  auto definition = small();
  definition.prefill = {derived("/a", R"({"var": "data.person.full_name"})"_json),
                        derived("/b", R"({"+": ["no number"]})"_json)};
  EXPECT_TRUE(derive(definition, kNothing, kNothing).empty());
  definition.prefill = {derived("/a", R"({"if": [false, "x", null]})"_json),
                        derived("/b", R"({"merge": [[1], [2]]})"_json)};
  EXPECT_TRUE(derive(definition, kNothing, kNothing).empty());  // null and a list are no value of a leaf
}

/// A form that takes nothing at `/a` but "x".
class OnlyX final : public FormShape {
 public:
  [[nodiscard]] std::vector<ShapeViolation> check(const json& data) const override {
    const auto* value = given_at(data, "/a");
    return value == nullptr || *value == "x" ? std::vector<ShapeViolation>{}
                                             : std::vector<ShapeViolation>{{"/a", "only x"}};
  }
};

TEST(Derive, LeavesOutWhatTheFormsShapeRefusesAndKeepsTheRest) {
  auto definition = small();
  definition.shape = std::make_shared<OnlyX>();
  definition.prefill = {derived("/a", "y"), derived("/b", "z"), derived("/a", "x")};
  const auto values = derive(definition, kNothing, kNothing);
  EXPECT_EQ(with_values(kNothing, values), (json{{"a", "x"}, {"b", "z"}}));
}

TEST(Derive, SurvivesDataOfAnotherShape) {
  auto definition = small();
  definition.prefill = {derived("/person/full_name", "x")};
  EXPECT_TRUE(derive(definition, kNothing, {{"person", "text"}}).empty());
  EXPECT_EQ(derive(definition, "no object", json::array()).size(), 1U);
  EXPECT_EQ(with_values({{"person", 7}}, {{"/person/full_name", "x", nullptr}}), (json{{"person", 7}}));
}

TEST(FormValues, ReadAndPutByPointer) {
  json data;
  EXPECT_TRUE(put(data, "/a/b/c", 1));
  EXPECT_EQ(data, R"({"a": {"b": {"c": 1}}})"_json);
  EXPECT_FALSE(put(data, "/a/b/c/d", 1));
  EXPECT_FALSE(put(data, "", 1));
  EXPECT_EQ(data, R"({"a": {"b": {"c": 1}}})"_json);
  EXPECT_EQ(*value_below(data, "/a/b/c"), 1);
  EXPECT_EQ(value_below(data, "/a/x"), nullptr);
  EXPECT_EQ(value_below(data, ""), &data);
  EXPECT_EQ(given_at({{"a", ""}}, "/a"), nullptr);
  EXPECT_NE(given_at({{"a", 0}}, "/a"), nullptr);
}

TEST(Agrees, NamesAreComparedFoldedDatesByWhatIsKnownAllElseByteByByte) {
  EXPECT_TRUE(agrees("name", "nguyen  van an", "NGUYỄN VĂN AN"));
  EXPECT_FALSE(agrees("name", "Nguyễn Văn Ơn", "NGUYỄN VĂN AN"));
  EXPECT_TRUE(agrees("year_or_date", "1992-03-04", "1992"));
  EXPECT_TRUE(agrees("date", "1992", "1992-03-04"));
  EXPECT_FALSE(agrees("date", "1992-03-04", "1992-03-05"));
  EXPECT_FALSE(agrees("date", "1991", "1992-03-05"));
  EXPECT_FALSE(agrees("date", "19", "1992"));
  EXPECT_FALSE(agrees("text", "kinh", "Kinh"));
  EXPECT_TRUE(agrees("text", "Kinh", "Kinh"));
  EXPECT_FALSE(agrees("name", 1, "1"));
  EXPECT_TRUE(agrees("number", 1, 1));
}

TEST(Conflicts, NameTheFieldBothValuesAndTheRuleThatDecides) {
  auto definition = small();
  definition.prefill = {from_register("/person/full_name", "/person", "full_name"),
                        from_register("/person/birth_date", "/person", "birth_date"),
                        from_register("/person/residence", "/person", "permanent_residence")};
  definition.prefill[2].on_conflict = OnConflict::register_wins;
  definition.prefill[2].lock = true;
  const json given =
      R"({"person": {"full_name": "nguyễn văn an", "birth_date": "1990", "residence": "Huế"}})"_json;
  const auto found = conflicts(definition, "/person", tests::father(), kNothing, given);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pointer, "/person/residence");
  EXPECT_EQ(found[0].given, "Huế");
  EXPECT_EQ(found[0].registered, "12 Lê Duẩn, phường Tân Lập, Đắk Lắk");
  EXPECT_EQ(found[0].rule->on_conflict, OnConflict::register_wins);
  EXPECT_TRUE(found[0].rule->lock);
  EXPECT_TRUE(conflicts(definition, "/person", tests::father(), kNothing, kNothing).empty());
}

TEST(Conflicts, ADerivedValueIsNoClaimOfTheRegister) {
  auto definition = small();
  definition.prefill = {from_register("/a", "/person", "hometown")};
  definition.prefill[0].source = "derived";
  EXPECT_TRUE(conflicts(definition, "/person", tests::father(), kNothing, {{"a", "Huế"}}).empty());
}

TEST(SubjectsToLookUp, NameEachPersonWithThreeIdentifiersOnce) {
  auto definition = small();
  definition.prefill = {from_register("/a", "/applicant", "ethnicity"),
                        from_register("/b", "/applicant", "religion"),
                        from_register("/person/residence", "/person", "permanent_residence")};
  const json applicant = tests::identifiers(tests::father());
  json person = applicant;
  person["full_name"] = "nguyen van an";
  EXPECT_EQ(subjects_to_look_up(definition, applicant, {{"person", person}}),
            (std::vector<PersonToLookUp>{
                {"/applicant", "000000000101", "NGUYỄN VĂN AN", "1990-05-17", ""},
                {"/person", "000000000101", "nguyen van an", "1990-05-17", "/applicant"}}));
  person.erase("birth_date");
  EXPECT_EQ(subjects_to_look_up(definition, applicant, {{"person", person}}).size(), 1U);
  EXPECT_TRUE(subjects_to_look_up(definition, kNothing, {{"person", "text"}}).empty());
}

TEST(SubjectsToLookUp, LeavesOutPeopleForWhomNoRuleHasAUse) {
  auto definition = small();
  definition.prefill = {from_register("/person/residence", "/person", "permanent_residence")};
  definition.prefill[0].when = R"({"==": [{"var": ["data.a", ""]}, "yes"]})"_json;
  const json person = tests::identifiers(tests::father());
  EXPECT_TRUE(subjects_to_look_up(definition, kNothing, {{"person", person}}).empty());
  EXPECT_EQ(subjects_to_look_up(definition, kNothing, {{"person", person}, {"a", "yes"}}).size(), 1U);
}

}  // namespace
}  // namespace motcua::engine

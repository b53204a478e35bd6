#include "adapters/population/soap_request.hpp"
#include "tests/population/register_process.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace motcua::tests {
namespace {

using nlohmann::json;

/// Of the first 500 people as the list shows them.
constexpr std::uint64_t kPeopleOfSeed42 = 17971458971951849150ULL;

std::uint64_t fnv1a(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

TEST(PopulationService, MakesTheSamePeopleFromTheSameSeedOnAnyMachine) {
  const RegisterProcess first({"--people", "500", "--seed", "42"});
  const RegisterProcess again({"--people", "500", "--seed", "42"});
  const RegisterProcess other({"--people", "500", "--seed", "43"});
  const auto people = first.people(500);
  ASSERT_EQ(people.size(), 500U);
  EXPECT_EQ(people, again.people(500));
  EXPECT_NE(people, other.people(500));
  EXPECT_EQ(fnv1a(people.dump()), kPeopleOfSeed42) << "people of seed 42 have changed for everybody";
}

TEST(PopulationService, HasFamiliesWhoseLinksResolveAndNumbersThatSayWhoTheyBelongTo) {
  const RegisterProcess service({"--people", "1000", "--seed", "7"});
  const auto people = service.people(1000);
  std::map<std::string, json> by_number;
  for (const auto& person : people) by_number[person.at("personal_id")] = person;
  EXPECT_EQ(by_number.size(), 1000U);
  std::size_t with_parents = 0;
  for (const auto& person : people) {
    const std::string number = person.at("personal_id");
    const std::string born = person.at("birth_date");
    ASSERT_EQ(number.size(), 12U);
    EXPECT_EQ(number.substr(4, 2), born.substr(2, 2));
    const int century_and_sex = (born.starts_with("20") ? 2 : 0) + (person.at("sex") == "female" ? 1 : 0);
    EXPECT_EQ(number.substr(3, 1), std::to_string(century_and_sex));
    for (const char* link : {"mother", "father", "spouse"}) {
      if (person.at(link).is_null()) continue;
      const auto& relative = by_number.at(person.at(link));
      if (std::string(link) == "spouse") {
        EXPECT_EQ(relative.at("spouse"), person.at("personal_id"));
        continue;
      }
      EXPECT_EQ(relative.at("sex"), std::string(link) == "mother" ? "female" : "male");
      EXPECT_LT(std::stoi(relative.at("birth_date").get<std::string>().substr(0, 4)) + 15,
                std::stoi(born.substr(0, 4)));
    }
    if (!person.at("mother").is_null() && !person.at("father").is_null()) ++with_parents;
  }
  EXPECT_GT(with_parents, 400U);
}

TEST(PopulationService, AnswersTheThreeIdentifiersTogetherAndNothingLess) {
  const RegisterProcess service;
  const auto people = service.people();
  const auto matched = [&](const engine::PersonQuery& query) {
    return service.send("POST", "/lgsp/037", adapters::soap_request(query, {})).body.find("<ns1:CongDan>") !=
           std::string::npos;
  };
  for (std::size_t i = 0; i < 20; ++i) EXPECT_TRUE(matched(query_for(people.at(i)))) << i;
  auto query = query_for(people.at(3));
  query.personal_id = people.at(4).at("personal_id");
  EXPECT_FALSE(matched(query));
  query = query_for(people.at(3));
  query.full_name += " X";
  EXPECT_FALSE(matched(query));
  query = query_for(people.at(3));
  query.birth_date = "1901-01-01";
  EXPECT_FALSE(matched(query));
}

TEST(PopulationService, RefusesNonsenseAndStaysAsItWas) {
  const RegisterProcess service;
  service.behave({{"mode", "errors"}});
  for (const char* nonsense :
       {"", "[]", "{}", R"({"mode":"odd"})", R"({"mode":""})", R"({"mode":1})", R"({"variant":"html"})",
        R"({"mode":"normal","variant":"html"})", R"({"mode":"down","variant":"empty"})",
        R"({"mode":"garbled","variant":"odd"})", R"({"mode":"slow","delay_ms":-1})",
        R"({"mode":"slow","delay_ms":"1"})", R"({"mode":"slow","delay_ms":600001})",
        R"({"mode":"slow","rate":2})", R"({"mode":"slow","rate":-0.1})", R"({"mode":"slow","more":1})",
        R"({"mode":"slow")"}) {
    EXPECT_EQ(service.send("POST", "/_control", nonsense).status, 400U) << nonsense;
  }
  EXPECT_EQ(json::parse(service.send("GET", "/_control").body).at("mode"), "errors");
  EXPECT_EQ(service.send("GET", "/_people?limit=x").status, 400U);
  EXPECT_EQ(service.send("GET", "/_odd").status, 404U);
  EXPECT_EQ(service.send("PUT", "/_stats").status, 405U);
}

TEST(PopulationService, WhenDownClosesEveryConnectionButThoseOfItsTests) {
  const RegisterProcess service;
  service.behave({{"mode", "down"}});
  EXPECT_EQ(service.send("POST", "/lgsp/037", "x").status, 0U);
  EXPECT_EQ(service.send("GET", "/").status, 0U);
  EXPECT_EQ(service.people(3).size(), 3U);
  EXPECT_EQ(service.stats().at("by_mode").at("down"), 2);
  service.reset_stats();
  EXPECT_EQ(service.stats().at("calls"), 0);
}

TEST(PopulationService, MisbehavesAsOftenAsItIsTold) {
  const RegisterProcess service;
  service.behave({{"mode", "errors"}, {"rate", 0.5}});
  for (int i = 0; i < 100; ++i) static_cast<void>(service.send("POST", "/lgsp/037", "x"));
  const int errors = service.stats().at("by_mode").at("errors");
  EXPECT_GT(errors, 25);
  EXPECT_LT(errors, 75);
}

TEST(PopulationService, GreetsInOneLineWithoutAPersonAndEndsOnATerminationSignal) {
  RegisterProcess service;
  EXPECT_NE(service.greeting().find("200 synthetic people"), std::string::npos);
  EXPECT_EQ(service.end(), 0);
}

}  // namespace
}  // namespace motcua::tests

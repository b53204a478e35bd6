#include "api/json/command_json.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace motcua::tests {
namespace {

using nlohmann::json;

constexpr const char* kLookup = "019389a2-7c4e-7b1a-8f00-3d5e6a7b8c9d";

/// Pointers that a rejection names; empty for what was accepted.
template <class T>
std::set<std::string> faults(const engine::Result<T>& result) {
  std::set<std::string> pointers;
  if (result) return pointers;
  const engine::Rejection rejection = result.error();
  EXPECT_EQ(rejection.code, engine::RejectionCode::invalid_data);
  for (const auto& fault : rejection.members["pointers"]) {
    pointers.insert(fault.at("pointer").template get<std::string>());
  }
  return pointers;
}

json command(const char* name, json data) {
  return {{"command", name}, {"expected_version", 3U}, {"data", std::move(data)}};
}

template <class Body>
Body read(const char* name, json data) {
  const auto parsed = api::parse_command(command(name, std::move(data)));
  EXPECT_TRUE(parsed.kind && std::holds_alternative<Body>(*parsed.kind));
  if (!parsed.command || !std::holds_alternative<Body>(parsed.command->body)) {
    ADD_FAILURE() << name << " is not read";
    return {};
  }
  return std::get<Body>(parsed.command->body);
}

std::set<std::string> refused(const char* name, json data) {
  return faults(api::parse_command(command(name, std::move(data))).command);
}

TEST(ParseCommand, ReadsWhatMovesTheClock) {
  EXPECT_EQ(read<engine::PauseClock>("pause", {{"reason_code", "verification"}}).reason_code, "verification");
  static_cast<void>(read<engine::ResumeClock>("resume", json::object()));
  const auto extended = read<engine::ExtendDeadline>(
      "extend",
      {{"due_at", "2026-03-06T17:00:00+07:00"}, {"reason_code", "workload"}, {"signer", "signatory-1"}});
  EXPECT_EQ(engine::to_rfc3339(extended.due_at), "2026-03-06T17:00:00+07:00");
  EXPECT_EQ(extended.reason_code, "workload");
  EXPECT_EQ(extended.signer.value, "signatory-1");
}

TEST(ParseCommand, ReadsPaymentsAndNamesTheirFaults) {
  EXPECT_EQ(read<engine::RequestPayment>("request_payment", {{"fee_code", "fee"}}).fee_code, "fee");
  const json whole{{"fee_code", "fee"}, {"amount_vnd", 15000U}, {"reference", "BL 0001"}};
  const auto paid = read<engine::RecordPayment>("record_payment", whole);
  EXPECT_EQ(paid.fee_code, "fee");
  EXPECT_EQ(paid.amount_vnd, 15'000);
  EXPECT_EQ(paid.reference, "BL 0001");
  EXPECT_EQ(refused("request_payment", json::object()), (std::set<std::string>{"/data/fee_code"}));
  EXPECT_EQ(refused("record_payment", json::object()),
            (std::set<std::string>{"/data/fee_code", "/data/amount_vnd", "/data/reference"}));
  for (const auto& amount : {json(0), json(-5), json(1.5), json("15000"), json(1'000'000'000'001)}) {
    auto wrong = whole;
    wrong["amount_vnd"] = amount;
    EXPECT_EQ(refused("record_payment", wrong), (std::set<std::string>{"/data/amount_vnd"})) << amount;
  }
}

TEST(ParseCommand, ReadsMigrationsAndNamesTheirFaults) {
  const json whole{
      {"version", 2U}, {"law", "law-1"}, {"map", {{"a", "b"}, {"c", {"d", "e"}}, {"f", json::array()}}}};
  const auto read_one = read<engine::MigrateCase>("migrate", whole);
  EXPECT_EQ(read_one.version, 2);
  EXPECT_EQ(read_one.law, "law-1");
  EXPECT_EQ(read_one.limit, engine::MigratedLimit::kept);
  const engine::StepMap map{{engine::StepName("a"), {engine::StepName("b")}},
                            {engine::StepName("c"), {engine::StepName("d"), engine::StepName("e")}},
                            {engine::StepName("f"), {}}};
  EXPECT_EQ(read_one.map, map);
  EXPECT_EQ(refused("migrate", json::object()), (std::set<std::string>{"/data/version", "/data/law"}));
  for (const auto& [member, value, pointer] :
       {std::tuple{"version", json(0U), "/data/version"},
        std::tuple{"version", json(1'000'000'001U), "/data/version"},
        std::tuple{"version", json("2"), "/data/version"}, std::tuple{"limit", json("longer"), "/data/limit"},
        std::tuple{"map", json({{"a/b", 7}}), "/data/map/a~1b"},
        std::tuple{"map", json({{"a", ""}}), "/data/map/a"},
        std::tuple{"map", json({{"a", json::array({"b", nullptr})}}), "/data/map/a"},
        std::tuple{"map", json({{"a", std::vector<std::string>(17, "b")}}), "/data/map/a"},
        std::tuple{"map", json::array(), "/data/map"}, std::tuple{"law", json("a b"), "/data/law"},
        std::tuple{"more", json(1), "/data/more"}}) {
    auto wrong = whole;
    wrong[member] = value;
    EXPECT_EQ(refused("migrate", wrong), (std::set<std::string>{pointer})) << member << ' ' << value;
  }
}

TEST(ParseCommand, NamesEveryFaultOfWhatMovesTheClock) {
  EXPECT_EQ(refused("pause", json::object()), (std::set<std::string>{"/data/reason_code"}));
  EXPECT_EQ(refused("pause", {{"reason_code", "a b"}}), (std::set<std::string>{"/data/reason_code"}));
  EXPECT_EQ(refused("resume", {{"reason_code", "x"}}), (std::set<std::string>{"/data/reason_code"}));
  EXPECT_EQ(refused("extend", json::object()),
            (std::set<std::string>{"/data/due_at", "/data/reason_code", "/data/signer"}));
  for (const json& due_at : {json("2026-03-06"), json("tomorrow"), json(1772773200), json(nullptr)}) {
    EXPECT_EQ(refused("extend", {{"due_at", due_at}, {"reason_code", "x"}, {"signer", "y"}}),
              (std::set<std::string>{"/data/due_at"}));
  }
}

json filing(json more) {
  json body{
      {"procedure", "1.001193"}, {"channel", "counter"}, {"applicant", {{"full_name", "Nguyễn Văn An"}}}};
  body.update(more);
  return body;
}

TEST(ParseFiling, TakesLookupsAndAReason) {
  const auto filed = api::parse_filing(filing({{"lookups",
                                                {{{"lookup_id", kLookup}, {"subject", "/applicant"}},
                                                 {{"lookup_id", kLookup}, {"subject", "/mother"}}}},
                                               {"reason", "khai khác"}}));
  ASSERT_TRUE(filed);
  ASSERT_EQ(filed->lookups.size(), 2U);
  EXPECT_EQ(filed->lookups[0].lookup_id, kLookup);
  EXPECT_EQ(filed->lookups[0].subject, "/applicant");
  EXPECT_EQ(filed->lookups[1].subject, "/mother");
  EXPECT_EQ(filed->reason, "khai khác");
  const auto plain = api::parse_filing(filing(json::object()));
  ASSERT_TRUE(plain);
  EXPECT_TRUE(plain->lookups.empty());
  EXPECT_FALSE(plain->reason);
}

TEST(ParseFiling, NamesEveryFaultOfALookup) {
  const auto with = [](json lookups) { return faults(api::parse_filing(filing({{"lookups", lookups}}))); };
  EXPECT_EQ(with({{{"lookup_id", "7"}, {"subject", "mother"}}}),
            (std::set<std::string>{"/lookups/0/lookup_id", "/lookups/0/subject"}));
  EXPECT_EQ(with({{{"lookup_id", kLookup}, {"subject", "/mother"}, {"class", "MATCH"}}}),
            (std::set<std::string>{"/lookups/0/class"}));
  EXPECT_EQ(with(json::array({json::object()})),
            (std::set<std::string>{"/lookups/0/lookup_id", "/lookups/0/subject"}));
  EXPECT_EQ(with(json::array({"x"})), (std::set<std::string>{"/lookups/0"}));
  EXPECT_EQ(with({{{"lookup_id", kLookup}, {"subject", "/mother"}},
                  {{"lookup_id", kLookup}, {"subject", "/mother"}}}),
            (std::set<std::string>{"/lookups/1/subject"}));
  EXPECT_EQ(with(json::object()), (std::set<std::string>{"/lookups"}));
  json many = json::array();
  for (int i = 0; i < 33; ++i)
    many.push_back({{"lookup_id", kLookup}, {"subject", "/p" + std::to_string(i)}});
  EXPECT_EQ(with(many), (std::set<std::string>{"/lookups"}));
  many.erase(0);
  EXPECT_TRUE(with(many).empty());
  EXPECT_EQ(faults(api::parse_filing(filing({{"reason", 7}}))), (std::set<std::string>{"/reason"}));
}

json person() {
  return {{"personal_id", "000000000101"}, {"full_name", "Nguyễn Văn An"}, {"birth_date", "1990"}};
}

TEST(ParseLookup, ReadsThePersonFlatOrAsASubject) {
  json flat = person();
  flat.update({{"procedure", "1.001193"}, {"purpose", "đăng ký khai sinh"}});
  const json nested{
      {"subject", person()}, {"procedure", "1.001193"}, {"purpose", "đăng ký khai sinh"}, {"case", kLookup}};
  for (const auto& body : {flat, nested}) {
    const auto asked = api::parse_lookup(body);
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->personal_id, "000000000101");
    EXPECT_EQ(asked->full_name, "Nguyễn Văn An");
    EXPECT_EQ(asked->birth_date, "1990");
    EXPECT_EQ(asked->procedure.value, "1.001193");
    EXPECT_EQ(asked->purpose, "đăng ký khai sinh");
    EXPECT_EQ(asked->case_id.has_value(), body.contains("case"));
  }
  EXPECT_EQ(engine::to_text(*api::parse_lookup(nested)->case_id), kLookup);
}

TEST(ParseLookup, NamesEveryFault) {
  EXPECT_EQ(faults(api::parse_lookup(json::object())),
            (std::set<std::string>{"/personal_id", "/full_name", "/birth_date", "/procedure", "/purpose"}));
  json body = person();
  body.update({{"procedure", "1.001193"}, {"purpose", "x"}});
  const auto with = [&](const char* pointer, json value) {
    auto changed = body;
    changed[json::json_pointer(pointer)] = std::move(value);
    return faults(api::parse_lookup(changed));
  };
  EXPECT_EQ(with("/full_name", ""), (std::set<std::string>{"/full_name"}));
  EXPECT_EQ(with("/full_name", std::string(257, 'x')), (std::set<std::string>{"/full_name"}));
  EXPECT_TRUE(with("/full_name", std::string(256, 'x')).empty());
  EXPECT_EQ(with("/personal_id", 101), (std::set<std::string>{"/personal_id"}));
  EXPECT_EQ(with("/purpose", std::string(513, 'x')), (std::set<std::string>{"/purpose"}));
  EXPECT_EQ(with("/case", "H15.50.05-260302-0001"), (std::set<std::string>{"/case"}));
  EXPECT_EQ(with("/why", "x"), (std::set<std::string>{"/why"}));
  // Both places at once: the one at the top is too much.
  EXPECT_EQ(with("/subject", person()), (std::set<std::string>{"/personal_id", "/full_name", "/birth_date"}));
  const json half{{"subject", {{"full_name", "x"}, {"sex", "male"}}}, {"procedure", "1"}, {"purpose", "x"}};
  EXPECT_EQ(faults(api::parse_lookup(half)),
            (std::set<std::string>{"/subject/personal_id", "/subject/birth_date", "/subject/sex"}));
  EXPECT_EQ(faults(api::parse_lookup({{"subject", "An"}, {"procedure", "1"}, {"purpose", "x"}})),
            (std::set<std::string>{"/subject"}));
}

}  // namespace
}  // namespace motcua::tests

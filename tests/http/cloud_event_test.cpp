// Events as CloudEvents: valid by the published schema, instants readable, nothing that tells a name.
#include "api/json/cloud_event.hpp"

#include "tests/support/office.hpp"
#include "workflows/loader/schema_check.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace motcua::tests {
namespace {

using nlohmann::json;

constexpr const char* kLog = "0102030405060708090a0b0c0d0e0f10";

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

engine::Record record_of(std::string type, std::string public_bytes) {
  engine::Record record;
  record.position = 42;
  record.stream = {engine::StreamKind::case_, std::string(16, '\x01')};
  record.version = 3;
  record.type = std::move(type);
  record.recorded_at = engine::kMonday8h + std::chrono::microseconds{1};
  record.occurred_at = engine::kMonday8h;
  record.actor = engine::ActorId("case_officer-1");
  record.agency = engine::AgencyId("H15.50.05");
  record.public_bytes = std::move(public_bytes);
  record.sealed.push_back({engine::SubjectName("applicant"), {}, {}, "ciphertext"});
  return record;
}

json shown(const engine::Record& record, const engine::Case* after = nullptr) {
  return json::parse(api::cloud_event(kLog, record, after));
}

TEST(CloudEvent, OfEveryTypeIsValidByThePublishedSchema) {
  const auto schema =
      json::parse(text_of(std::string(SOURCE_DIR) + "/tests/http/data/cloudevents/cloudevents.schema.json"));
  std::size_t count = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(std::string(SOURCE_DIR) + "/tests/golden/events")) {
    const auto name = file.path().filename().string();
    const auto end = name.find(".v1.json");
    if (end == std::string::npos) continue;
    const engine::Case state;
    const auto event = shown(record_of(name.substr(0, end), text_of(file.path())), &state);
    for (const auto& violation : workflows::violations_of(schema, event)) {
      ADD_FAILURE() << name << ' ' << violation.pointer << ' ' << violation.message;
    }
    EXPECT_EQ(event["type"], name.substr(0, end));
    EXPECT_TRUE(event["data"]["payload"].is_object()) << name;
    ++count;
  }
  EXPECT_GE(count, 22U);
  EXPECT_FALSE(workflows::violations_of(schema, json{{"id", ""}, {"source", "/"}}).empty());
}

TEST(CloudEvent, NamesTheLogThePositionTheCaseAndWhereItStands) {
  engine::Case after;
  after.stage = engine::Stage::in_process;
  after.steps = {engine::StepName("check")};
  after.due.due_at = engine::kMonday8h;
  const auto event = shown(record_of("case.noted", R"({"outcome":{}})"), &after);

  EXPECT_EQ(event["id"], std::string(kLog) + "-42");
  EXPECT_EQ(event["source"], std::string("/motcua/") + kLog);
  EXPECT_EQ(event["subject"], "01010101-0101-0101-0101-010101010101");
  EXPECT_EQ(event["time"], "2026-03-02T08:00:00.000001+07:00");
  EXPECT_EQ(event["data"], (json{{"version", 3},
                                 {"type_version", 1},
                                 {"occurred_at", "2026-03-02T08:00:00+07:00"},
                                 {"actor", "case_officer-1"},
                                 {"agency", "H15.50.05"},
                                 {"stage", "in_process"},
                                 {"steps", {"check"}},
                                 {"due_at", "2026-03-02T08:00:00+07:00"},
                                 {"payload", {{"outcome", json::object()}}}}));
}

TEST(CloudEvent, ShowsInstantsWhereverTheyStandAndLeavesSearchTokensOut) {
  const auto micros = std::to_string(engine::to_micros(engine::kMonday8h));
  const auto event = shown(record_of(
      "case.consulted", R"({"acknowledge_by":)" + micros + R"(,"outcome":{"clock":{"at":)" + micros +
                            R"(},"limit":7,"search_tokens":["a",["b"],{"c":1}],"step_due":{"check":)" +
                            micros + R"(,"sign":)" + micros + R"(},"timers_set":[{"due_at":)" + micros +
                            R"(,"kind":"due"}]},"until":5})"));

  const json at = "2026-03-02T08:00:00+07:00";
  EXPECT_EQ(event["data"]["payload"], (json{{"acknowledge_by", at},
                                            {"outcome",
                                             {{"clock", {{"at", at}}},
                                              {"limit", 7},
                                              {"step_due", {{"check", at}, {"sign", at}}},
                                              {"timers_set", {{{"due_at", at}, {"kind", "due"}}}}}},
                                            {"until", "1970-01-01T07:00:00.000005+07:00"}}));
}

TEST(CloudEvent, IsOneLineWithoutCharactersThatTurnIt) {
  const auto text = api::cloud_event(
      kLog, record_of("case.noted", "{\"outcome\":{},\"x\":\"a\\nb\xE2\x80\xAE\xE2\x80\xA8\"}"), nullptr);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_EQ(text.find("\xE2\x80"), std::string::npos);
  EXPECT_EQ(json::parse(text)["data"]["payload"]["x"], "a\nb\xE2\x80\xAE\xE2\x80\xA8");
}

TEST(CloudEvent, OfAPublicationHasItsCodeAsSubject) {
  auto record = record_of("calendar.published", R"({"code":"vn","hash":"00","version":2})");
  record.stream = {engine::StreamKind::calendar, "vn"};
  EXPECT_EQ(shown(record)["subject"], "vn");
}

}  // namespace
}  // namespace motcua::tests

/// Events are for ever: what is written is read back the same, canonical, and what is unknown stops the
/// reader.
#include "tests/cases/event_samples.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace motcua::engine {
namespace {

const std::filesystem::path kGolden = std::filesystem::path(SOURCE_DIR) / "tests" / "golden" / "events";

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool is_update() { return std::getenv("UPDATE_GOLDEN") != nullptr; }

void write_text(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::filesystem::path golden_file(std::string_view type, const std::string& what) {
  return kGolden / (std::string(type) + ".v" + std::to_string(kEventTypeVersion) + what + ".json");
}

EventMeta sample_meta() {
  return {CaseId{Id128{1}}, 5, kMonday8h + std::chrono::hours{1}, ActorId("desk-1"), "chief-1"};
}

/// Keys ASCII and ascending, no float, integers below 2^53, and the text is what a canonical writer gives.
bool is_canonical(const nlohmann::json& value) {
  if (value.is_number_float()) return false;
  if (value.is_number_integer()) return value.get<std::int64_t>() <= std::int64_t{1} << 53;
  bool fits = true;
  if (value.is_array()) {
    for (const auto& item : value) fits = fits && is_canonical(item);
  }
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) fits = fits && is_canonical(member);
  }
  return fits;
}

RC_GTEST_PROP(EventCodec, ReadsBackWhatItWrote, ()) {
  const auto event = *any_event();
  const auto bytes = encode(event);

  const auto read = decode_event(type_of(event), kEventTypeVersion, bytes);

  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == event);
  RC_ASSERT(encode(*read) == bytes);
}

RC_GTEST_PROP(EventCodec, WritesCanonicalJson, ()) {
  const auto bytes = encode(*any_event());
  const auto parsed = nlohmann::json::parse(bytes);
  RC_ASSERT(parsed.dump() == bytes);
  RC_ASSERT(is_canonical(parsed));
}

/// Whatever a byte is changed to: a fault, or another event's own text.
RC_GTEST_PROP(EventCodec, AcceptsOnlyWhatItWouldWrite, ()) {
  const auto event = *any_event();
  auto bytes = encode(event);
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] = *rc::gen::arbitrary<char>();

  const auto read = decode_event(type_of(event), kEventTypeVersion, bytes);

  if (read.has_value()) RC_ASSERT(encode(*read) == bytes);
}

TEST(EventCodec, WhatIsNotCanonicalIsAFault) {
  const std::string type = "case.paused";
  const std::string plain = R"({"outcome":{"limit":1},"reason_code":"verification"})";
  ASSERT_TRUE(decode_event(type, 1, plain).has_value());
  for (const auto* other : {R"({"outcome":{"limit":01},"reason_code":"verification"})",
                            R"({"outcome":{"limit":1.0},"reason_code":"verification"})",
                            R"({"outcome":{"limit":1,"limit":1},"reason_code":"verification"})",
                            R"({"outcome":{"limit":1},"reason_code":"verification"} )",
                            R"({"outcome": {"limit":1},"reason_code":"verification"})",
                            R"({"reason_code":"verification","outcome":{"limit":1}})",
                            R"({"outcome":{"limit":1,"unknown":1},"reason_code":"verification"})",
                            R"({"outcome":{"flags_added":[],"limit":1},"reason_code":"verification"})",
                            R"({"outcome":{"limit":1},"reason_code":"\u0076erification"})",
                            R"({"outcome":{"limit":1},"reason_code":"verification"}})",
                            R"({"outcome":{"limit":-1},"reason_code":"verification"})",
                            R"({"outcome":{"limit":1},"reason_code":"verification")",
                            R"({"outcome":{"limit":18446744073709551616},"reason_code":"verification"})"}) {
    EXPECT_TRUE(decode_event(type, 1, other).has_error()) << other;
  }
}

TEST(EventCodec, MemberNamesAreAsciiAndAscending) {
  for (const auto& event : sample_events()) {
    std::string last;
    const auto ordered = nlohmann::ordered_json::parse(encode(event));
    for (const auto& [key, member] : ordered.at("outcome").items()) {
      EXPECT_LT(last, key);
      for (const char c : key) EXPECT_TRUE(c > ' ' && c < 127) << key;
      last = key;
    }
  }
}

TEST(EventCodec, AnUnknownTypeOrVersionIsAFault) {
  const auto bytes = encode(sample_events().front());
  EXPECT_TRUE(decode_event("case.filed", 1, bytes).has_value());
  EXPECT_TRUE(decode_event("case.filed", 0, bytes).has_error());
  EXPECT_TRUE(decode_event("case.filed", 2, bytes).has_error());
  EXPECT_TRUE(decode_event("case.fileD", 1, bytes).has_error());
  EXPECT_TRUE(decode_event("", 1, bytes).has_error());
}

TEST(EventCodec, GarbageIsAFaultAndNeverAnException) {
  for (const auto& event : sample_events()) {
    const auto type = type_of(event);
    auto own = nlohmann::json::parse(encode(event));
    for (const auto* outcome :
         {"null", "[]", "7", R"({"due":7})", R"({"steps":"appraisal"})", R"({"missing":{}})",
          R"({"assigned":["case-1"]})", R"({"provenance":[]})", R"({"steps_final":1})"}) {
      own["outcome"] = nlohmann::json::parse(outcome);
      EXPECT_TRUE(decode_event(type, 1, own.dump()).has_error()) << type << " with outcome " << outcome;
    }
    for (const auto* garbage :
         {"", "{", "null", "[]", "7", "{}", R"({"outcome":null})", R"({"outcome":{"stage":"asleep"}})",
          "\xff", R"({"outcome":{"stage":7}})", R"({"outcome":{"clock":{}}})", R"({"outcome":{"due":7}})",
          R"({"outcome":{"steps":"appraisal"}})", R"({"outcome":{"assigned":["case-1"]}})"}) {
      EXPECT_TRUE(decode_event(type, 1, garbage).has_error()) << type << ' ' << garbage;
    }
  }
}

TEST(EventCodec, ACutPayloadIsAFault) {
  for (const auto& event : sample_events()) {
    const auto bytes = encode(event);
    for (std::size_t size = 0; size < bytes.size(); size += 7) {
      EXPECT_TRUE(decode_event(type_of(event), 1, bytes.substr(0, size)).has_error());
    }
  }
}

TEST(EventCodec, AMissingOwnMemberIsAFaultUnlessItMayBeAbsent) {
  const std::set<std::string> optional{
      "case.consulted acknowledge_by",     "case.consulted due_at", "case.step_delegated until",
      "case.payment_requested amount_vnd", "case.migrated map",     "case.migrated delegated"};
  for (const auto& event : sample_events()) {
    const auto whole = nlohmann::json::parse(encode(event));
    for (const auto& [key, member] : whole.items()) {
      if (optional.contains(std::string(type_of(event)) + ' ' + key)) continue;
      auto cut = whole;
      cut.erase(key);
      EXPECT_TRUE(decode_event(type_of(event), 1, cut.dump()).has_error())
          << type_of(event) << " without " << key;
    }
  }
}

TEST(EventTypes, EachAlternativeHasItsOwnNameAndASample) {
  std::set<std::string_view> types;
  for (const auto& event : sample_events()) types.insert(type_of(event));
  EXPECT_EQ(types.size(), std::variant_size_v<Event>);
  for (const auto type : types) EXPECT_TRUE(type.starts_with("case.")) << type;
}

TEST(EventTypes, WhatAMachineAddsBesideTheOfficersWorkIsBackground) {
  std::set<std::string_view> background;
  for (const auto& event : sample_events()) {
    if (is_background(type_of(event))) background.insert(type_of(event));
  }
  EXPECT_EQ(background,
            (std::set<std::string_view>{"case.timer_fired", "case.lookup_answered", "case.lookup_unavailable",
                                        "case.answer_ignored", "case.switch_refused"}));
}

TEST(GoldenEvents, EveryAlternativeHasItsBytesAndTheStateTheyFoldTo) {
  for (const auto& event : sample_events()) {
    SCOPED_TRACE(type_of(event));
    const auto payload = golden_file(type_of(event), "");
    const auto state = golden_file(type_of(event), ".state");
    const auto folded = evolve(case_before_samples(), event, sample_meta());
    if (is_update()) {
      write_text(payload, encode(event));
      write_text(state, as_json(folded).dump(2) + '\n');
    }
    const auto stored = read_text(payload);
    EXPECT_EQ(encode(event), stored);
    const auto read = decode_event(type_of(event), kEventTypeVersion, stored);
    ASSERT_TRUE(read.has_value());
    EXPECT_TRUE(*read == event);
    EXPECT_EQ(as_json(evolve(case_before_samples(), *read, sample_meta())).dump(2) + '\n', read_text(state));
  }
}

TEST(GoldenEvents, EveryFileIsOfAKnownTypeAndIsStillRead) {
  std::size_t payloads = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kGolden)) {
    auto name = entry.path().filename().string();
    if (name.ends_with(".state.json")) continue;
    ASSERT_TRUE(name.ends_with(".json"));
    name.resize(name.size() - 5);
    const auto mark = name.rfind(".v");
    ASSERT_NE(mark, std::string::npos);
    const auto version = static_cast<std::uint16_t>(std::stoul(name.substr(mark + 2)));
    EXPECT_TRUE(decode_event(name.substr(0, mark), version, read_text(entry.path())).has_value()) << name;
    payloads += 1;
  }
  EXPECT_GE(payloads, std::variant_size_v<Event>);
}

}  // namespace
}  // namespace motcua::engine

#include "api/http/json_gate.hpp"

#include "api/http/limits.hpp"
#include "tests/http/raw_client.hpp"
#include "tests/http/running_server.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace motcua::tests {
namespace {

using api::JsonRefusal;
using api::parse_json_body;
using api::Problem;
using nlohmann::json;

const std::string kTexts = std::string(SOURCE_DIR) + "/tests/http/data/json-torture/test_parsing";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The problem of a refused body; fails the test if it is accepted.
Problem problem_of(const std::string& body) {
  const auto parsed = parse_json_body(body);
  const auto* refusal = std::get_if<JsonRefusal>(&parsed);
  EXPECT_NE(refusal, nullptr) << body.substr(0, 80);
  return refusal == nullptr ? Problem::overloaded : refusal->problem;
}

bool is_accepted(const std::string& body) { return std::holds_alternative<json>(parse_json_body(body)); }

std::string nested(std::size_t levels) {
  // The object is level 1.
  return "{\"a\":" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
}

TEST(JsonGate, TakesThirtyTwoLevelsAndNoMore) {
  EXPECT_TRUE(is_accepted(nested(32)));
  EXPECT_EQ(problem_of(nested(33)), Problem::bad_json);
  EXPECT_EQ(problem_of(std::string(1'000'000, '[')), Problem::bad_json);
}

TEST(JsonGate, TakesHundredThousandTokensAndNoMore) {
  const auto list = [](std::size_t ones) {
    std::string body = "{\"a\":[1";
    for (std::size_t index = 1; index < ones; ++index) {
      body += ",1";
    }
    return body + "]}";
  };
  EXPECT_TRUE(is_accepted(list(api::kJsonTokensMax - 3)));  // object, key, array
  EXPECT_EQ(problem_of(list(api::kJsonTokensMax - 2)), Problem::bad_json);
}

TEST(JsonGate, TakesStringsOfSixtyFourKibibytesAndNoMore) {
  EXPECT_TRUE(is_accepted("{\"a\":\"" + std::string(64 * 1024, 'x') + "\"}"));
  EXPECT_EQ(problem_of("{\"a\":\"" + std::string(64 * 1024 + 1, 'x') + "\"}"), Problem::bad_json);
  EXPECT_EQ(problem_of("{\"" + std::string(64 * 1024 + 1, 'x') + "\":1}"), Problem::bad_json);
}

TEST(JsonGate, RefusesNumbersThatWouldLoseDigits) {
  EXPECT_TRUE(is_accepted(R"({"a":[18446744073709551615,-9223372036854775808,1.5e300,0.1,-0]})"));
  for (const char* number : {"18446744073709551616", "-9223372036854775809", "1e400", "-1e400", "NaN",
                             "Infinity", "01", "+1", "1.", ".5", "0x10", "123456789012345678901234567890"}) {
    EXPECT_EQ(problem_of(std::string("{\"a\":") + number + "}"), Problem::bad_json) << number;
  }
}

TEST(JsonGate, RefusesAKeyNamedTwiceAtAnyLevel) {
  EXPECT_EQ(problem_of(R"({"a":1,"a":1})"), Problem::duplicate_key);
  EXPECT_EQ(problem_of(R"({"b":[{"a":1,"\u0061":2}]})"), Problem::duplicate_key);
  EXPECT_TRUE(is_accepted(R"({"a":{"a":1},"b":{"a":1}})"));
}

TEST(JsonGate, RefusesNulInValuesAndKeysAsInvalidData) {
  EXPECT_EQ(problem_of(R"({"a":"x\u0000y"})"), Problem::invalid_data);
  EXPECT_EQ(problem_of(R"({"a\u0000":1})"), Problem::invalid_data);
  EXPECT_EQ(problem_of(std::string("{}\0", 3)), Problem::bad_json);
  EXPECT_EQ(problem_of(std::string("{}\0x", 4)), Problem::bad_json);
}

TEST(JsonGate, RefusesWhatIsNotUtf8OrNotWhole) {
  for (const char* body :
       {"{\"a\":\"\xff\"}", "{\"a\":\"\xc0\x80\"}", "{\"a\":\"\xed\xa0\x80\"}", R"({"a":"\ud800"})",
        R"({"a":"\udc00"})", R"({"a":"\ud800\u0041"})", "\xEF\xBB\xBF{}", "{} x", "{}{}", "", " ",
        "{\"a\":1,}", "{'a':1}", "{\"a\":1 /* c */}", "{\"a\":\"\x01\"}"}) {
    EXPECT_EQ(problem_of(body), Problem::bad_json) << body;
  }
}

TEST(JsonGate, RefusesWhatIsNotAnObjectAsBadRequest) {
  for (const char* body : {"[]", "1", "null", "\"a\"", "[{}]"}) {
    EXPECT_EQ(problem_of(body), Problem::bad_request) << body;
  }
}

TEST(JsonGate, NamesTheByteAndNeverTheContent) {
  const auto parsed = parse_json_body(R"({"a":"Nguyen","a":2})");
  EXPECT_EQ(std::get<JsonRefusal>(parsed).detail, "An object names a key twice; the second ends at byte 17.");
  for (const char* body : {R"({"secret":truth})", R"({"secret")", "{\"secret\":\"\xff\"}"}) {
    const auto refused = parse_json_body(body);
    EXPECT_EQ(std::get<JsonRefusal>(refused).detail.find("secret"), std::string::npos);
    EXPECT_NE(std::get<JsonRefusal>(refused).detail.find("at byte"), std::string::npos);
  }
}

TEST(JsonGate, TellsWhatTheLibraryTellsForEveryTextOfTheSuite) {
  for (const auto& entry : std::filesystem::directory_iterator(kTexts)) {
    const auto text = read_file(entry.path());
    const auto wrapped = "{\"v\":" + text + "}";
    if (is_accepted(wrapped)) {
      EXPECT_EQ(std::get<json>(parse_json_body(wrapped)), json::parse(wrapped)) << entry.path().filename();
    }
  }
}

class JsonSuite : public ::testing::Test {
 protected:
  int status_of(const std::string& body) {
    RawClient client(server_.port());
    client.send(post_json("/shape", body));
    return client.read().status;
  }
  RunningServer server_{};
};

TEST_F(JsonSuite, TextsThatAreNotJsonGet400) {
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kTexts)) {
    if (entry.path().filename().string().starts_with("n_")) {
      EXPECT_EQ(status_of(read_file(entry.path())), 400) << entry.path().filename();
      ++seen;
    }
  }
  EXPECT_EQ(seen, 188);
  EXPECT_EQ(server_.handled(), 0U);
}

TEST_F(JsonSuite, TextsThatAreJsonReachTheHandlerUnlessTheyNameAKeyTwice) {
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kTexts)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with("y_")) {
      continue;
    }
    const bool names_twice = name.starts_with("y_object_duplicated_key");
    // U+0000 is JSON, but no text that an office can have written.
    const bool has_nul = name == "y_object_escaped_null_in_key.json" || name == "y_string_null_escape.json";
    EXPECT_EQ(status_of("{\"v\":" + read_file(entry.path()) + "}"), names_twice ? 400
                                                                    : has_nul   ? 422
                                                                                : 200)
        << name;
    ++seen;
  }
  EXPECT_EQ(seen, 95);
}

TEST_F(JsonSuite, TextsOnWhichParsersDifferNeverCrash) {
  for (const auto& entry : std::filesystem::directory_iterator(kTexts)) {
    if (entry.path().filename().string().starts_with("i_")) {
      const int status = status_of("{\"v\":" + read_file(entry.path()) + "}");
      EXPECT_TRUE(status == 200 || status == 400) << entry.path().filename() << " " << status;
    }
  }
}

TEST_F(JsonSuite, EveryNaughtyStringComesBackByteEqual) {
  const auto strings =
      json::parse(read_file(std::string(SOURCE_DIR) + "/tests/http/data/naughty-strings/blns.json"));
  ASSERT_EQ(strings.size(), 515U);
  RawClient client(server_.port());
  for (const auto& text : strings) {
    client.send(post_json("/echo", json{{"text", text}}.dump()));
    const auto answer = client.read();
    ASSERT_EQ(answer.status, 200) << text;
    EXPECT_EQ(json::parse(answer.body)["text"], text);
    for (const char* hazard : {"\xE2\x80\xAE", "\xE2\x80\xAD", "\xE2\x81\xA6", "\xE2\x80\x8F", "\xE2\x80\xA8",
                               "\xD8\x9C", "\x7F", "\xC2\x85"}) {
      EXPECT_EQ(answer.body.find(hazard), std::string::npos) << text;
    }
  }
}

}  // namespace
}  // namespace motcua::tests

#include "workflows/loader/form_shape.hpp"

#include "engine/procedure/definition.hpp"
#include "tests/workflows/support.hpp"
#include "workflows/loader/form.hpp"
#include "workflows/loader/schema_check.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace motcua::workflows {
namespace {

using nlohmann::json;

const char* const kForm = R"({"form": {"type": "object", "required": ["person"], "properties": {
  "person": {"type": "object", "required": ["name", "pet"], "x-subject": true, "properties": {
    "name": {"type": "string", "maxLength": 5, "minLength": 2, "x-source": "citizen", "x-label": {"vi": "a", "en": "a"}},
    "born": {"type": "string", "x-kind": "date", "x-source": "citizen", "x-label": {"vi": "a", "en": "a"}},
    "since": {"type": "string", "x-kind": "year_or_date", "x-source": "citizen", "x-label": {"vi": "a", "en": "a"}},
    "pet": {"type": "object", "required": ["kind"], "properties": {
      "kind": {"type": "string", "enum": ["cat", "dog"], "x-source": "citizen", "x-label": {"vi": "a", "en": "a"}}}},
    "plot": {"type": "object", "required": ["area"], "properties": {
      "area": {"type": "integer", "minimum": 1, "maximum": 9, "x-source": "citizen", "x-label": {"vi": "a", "en": "a"}}}}}},
  "tags": {"type": "array", "maxItems": 2, "minItems": 1, "items": {"type": "string", "maxLength": 3},
           "x-source": "citizen", "x-label": {"vi": "a", "en": "a"}},
  "agreed": {"type": "boolean", "x-source": "citizen", "x-label": {"vi": "a", "en": "a"}}}}})";

CompiledForm compiled(const std::string& text) {
  auto located = parse_located(text, "form");
  auto form = compile_form(located);
  EXPECT_EQ(to_text(located.findings), "");
  return form;
}

std::string violations(const json& data) {
  static const auto form = compiled(kForm);
  std::string text;
  for (const auto& violation : form.shape->check(data)) {
    text += violation.pointer + ": " + violation.reason + "\n";
  }
  return text;
}

TEST(FormShape, LetsIncompleteDataPass) {
  EXPECT_EQ(violations(json::object()), "");
  EXPECT_EQ(violations(R"({"person": {}})"_json), "");
  EXPECT_EQ(violations(
                R"({"person": {"name": "Ánh", "pet": {"kind": "cat"}}, "tags": ["a"], "agreed": true})"_json),
            "");
}

TEST(FormShape, NamesThePointerAndWhatIsExpectedButNeverTheValue) {
  EXPECT_EQ(violations(R"({"person": {"name": 5}})"_json), "/person/name: must be a string\n");
  EXPECT_EQ(violations(R"({"person": []})"_json), "/person: must be an object\n");
  EXPECT_EQ(violations(R"({"person": {"pet": {"kind": "cow"}}})"_json),
            "/person/pet/kind: must be one of the listed values\n");
  EXPECT_EQ(violations(R"({"agreed": "true"})"_json), "/agreed: must be true or false\n");
  EXPECT_EQ(violations(R"({"tags": ["a", 1]})"_json), "/tags/1: must be a string\n");
  EXPECT_EQ(violations(R"({"tags": ["a", "b", "c"]})"_json), "/tags: must have 1 to 2 elements\n");
  EXPECT_EQ(violations("text"), ": must be an object\n");
  EXPECT_EQ(violations(R"({"agreed": null})"_json), "/agreed: must be true or false\n");
}

TEST(FormShape, RefusesMembersThatTheFormDoesNotHave) {
  EXPECT_EQ(violations(R"({"person": {"age": 5}})"_json), "/person/age: is not a member of the form\n");
  EXPECT_EQ(violations(R"({"person": {"Nguyễn Văn A": 5}})"_json),
            "/person: has a member that the form does not have\n");
}

TEST(FormShape, CountsLettersAndCapsBytes) {
  EXPECT_EQ(violations(R"({"person": {"name": "ắắắắắ"}})"_json), "");
  EXPECT_EQ(violations(R"({"person": {"name": "ắắắắắắ"}})"_json),
            "/person/name: must not be longer than 5 characters\n");
  EXPECT_EQ(violations(R"({"person": {"name": "a"}})"_json),
            "/person/name: must not be shorter than 2 characters\n");
  EXPECT_EQ(violations({{"person", {{"name", std::string(65'537, 'x')}}}}),
            "/person/name: must not be longer than 65536 bytes\n");
  EXPECT_EQ(violations(R"({"person": {"name": "a\u0000b"}})"_json),
            "/person/name: must not contain U+0000\n");
}

TEST(FormShape, KnowsRealCalendarDates) {
  EXPECT_EQ(violations(R"({"person": {"born": "2024-02-29", "since": "1950"}})"_json), "");
  EXPECT_EQ(violations(R"({"person": {"since": "2024-02-29"}})"_json), "");
  EXPECT_EQ(violations(R"({"person": {"born": "2025-02-29"}})"_json),
            "/person/born: must be a calendar date YYYY-MM-DD\n");
  EXPECT_EQ(violations(R"({"person": {"born": "1950"}})"_json),
            "/person/born: must be a calendar date YYYY-MM-DD\n");
  EXPECT_EQ(violations(R"({"person": {"since": "195"}})"_json),
            "/person/since: must be a year YYYY or a calendar date YYYY-MM-DD\n");
}

TEST(FormShape, KeepsIntegersInsideTheirLimits) {
  EXPECT_EQ(violations(R"({"person": {"plot": {"area": 9}}})"_json), "");
  EXPECT_EQ(violations(R"({"person": {"plot": {"area": 0}}})"_json),
            "/person/plot/area: must not be less than 1\n");
  EXPECT_EQ(violations(R"({"person": {"plot": {"area": 10}}})"_json),
            "/person/plot/area: must not be more than 9\n");
  for (const char* number : {"1.0", "9007199254740993", "18446744073709551615", "-9007199254740993", "1e3"}) {
    EXPECT_EQ(violations({{"person", {{"plot", {{"area", json::parse(number)}}}}}}),
              "/person/plot/area: must be an integer\n")
        << number;
  }
}

TEST(FormShape, NamesAtMostAHundredViolations) {
  json data = json::object();
  for (int i = 0; i < 500; ++i) {
    data["m" + std::string(static_cast<std::size_t>(i % 60), 'a') +
         std::string(static_cast<std::size_t>(i / 60), 'b')] = 1;
  }
  EXPECT_EQ(compiled(kForm).shape->check(data).size(), 100U);
}

TEST(Form, RequiredLeavesOfAnOptionalObjectAreRequiredWithinIt) {
  const auto form = compiled(kForm);
  std::string text;
  for (const auto& leaf : form.leaves) {
    text += leaf.pointer + (leaf.required ? " required" : "") + " " + leaf.required_within + " " +
            leaf.subject.value + "\n";
  }
  EXPECT_EQ(text,
            "/person/name required  /person\n"
            "/person/born  /person\n"
            "/person/since  /person\n"
            "/person/pet/kind required  /person\n"
            "/person/plot/area required /person/plot /person\n"
            "/tags  data\n"
            "/agreed  data\n");
}

/// The JSON Schema that the shape stands for: nothing required, nothing unknown.
json as_json_schema(json schema) {
  if (schema.is_object()) {
    schema.erase("required");
    if (schema.contains("properties")) {
      schema["additionalProperties"] = false;
      for (auto& property : schema["properties"]) {
        property = as_json_schema(property);
      }
    }
  }
  return schema;
}

json random_value(int depth) {
  switch (*rc::gen::element(0, 1, 2, 3, 4, 5, 6, 7)) {
    case 0:
      return *rc::gen::element(0, 1, 9, 10, -1);
    case 1:
      return *rc::gen::element<std::string>("", "a", "ab", "cat", "ắắắắắ", "ắắắắắắ", "2024-02-29", "1950");
    case 2:
      return *rc::gen::element(json(true), json(nullptr), json(1.5));
    case 3: {
      json array = json::array();
      for (int i = *rc::gen::element(0, 1, 2, 3); i > 0; --i) {
        array.push_back(depth > 0 ? random_value(depth - 1) : json("ab"));
      }
      return array;
    }
    default:
      break;
  }
  json object = json::object();
  for (int i = *rc::gen::element(0, 1, 2, 3); depth > 0 && i > 0; --i) {
    const auto name = *rc::gen::element<std::string>("person", "name", "pet", "kind", "plot", "area", "tags",
                                                     "agreed", "x");
    object[name] = random_value(depth - 1);
  }
  return object;
}

// The form without its kinds of text means what JSON Schema says it means.
RC_GTEST_PROP(FormShapeProperty, AgreesWithJsonSchema, ()) {
  static const auto form = compiled(kForm);
  static const json schema = as_json_schema(json::parse(kForm).at("form"));
  json data = *rc::gen::element(0, 1, 2) == 0 ? random_value(4)
                                              : R"({"person": {"pet": {}, "plot": {}}, "tags": ["a"]})"_json;
  if (data.is_object() && data.contains("person") && data["person"].is_object()) {
    data["person"].erase("born");
    data["person"].erase("since");
    data["person"]["name"] = *rc::gen::element<std::string>("", "a", "ab", "ắắắắắ", "ắắắắắắ");
    data["person"]["pet"] = {{"kind", *rc::gen::element(json("cat"), json("cow"), json(1))}};
    data["person"]["plot"] = {{"area", *rc::gen::element(json(1), json(9), json(10), json("1"), json(1.5))}};
  }
  const bool fits = form.shape->check(data).empty();
  RC_CLASSIFY(fits, "fits");
  RC_ASSERT(fits == violations_of(schema, data).empty());
}

}  // namespace
}  // namespace motcua::workflows

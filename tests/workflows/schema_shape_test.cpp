// The compiled schemas against the library: what fits one fits the other.
#include "workflows/loader/schema_shape.hpp"

#include "tests/workflows/support.hpp"
#include "workflows/loader/schema_check.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace motcua::workflows {
namespace {

const SchemaShape& procedure_shape() {
  static const SchemaShape shape(Json::parse(schema_text(FileKind::procedure)));
  return shape;
}

bool library_says(const Json& document) {
  static const auto schema = nlohmann::json::parse(schema_text(FileKind::procedure));
  return violations_of(schema, nlohmann::json(document)).empty();
}

TEST(SchemaShape, FitsEveryShippedFile) {
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(SOURCE_DIR) + "/workflows/catalogue")) {
    const auto name = "workflows/catalogue/" + entry.path().filename().string() + "/procedure.json";
    EXPECT_TRUE(procedure_shape().fits(Json::parse(source_file(name)))) << name;
  }
  const SchemaShape organisation(Json::parse(schema_text(FileKind::organisation)));
  EXPECT_TRUE(organisation.fits(Json::parse(source_file("workflows/organisation/dak-lak.json"))));
}

TEST(SchemaShape, FitsNothingIfTheSchemaHasAKeywordItDoesNotKnow) {
  EXPECT_TRUE(SchemaShape(Json::parse(R"({"type": "integer"})")).fits(3));
  EXPECT_FALSE(SchemaShape(Json::parse(R"({"type": "integer", "multipleOf": 3})")).fits(3));
  EXPECT_FALSE(SchemaShape(Json::parse(R"({"patternProperties": {"^y-": {}}})")).fits(Json::object()));
}

/// Holds every example of the schema against the place that shows it. Returns how many there are.
int check_examples(const nlohmann::json& node, const nlohmann::json& definitions, const std::string& at) {
  int examples = 0;
  if (node.is_object() && node.contains("examples") && node["examples"].is_array()) {
    auto schema = node;
    schema["definitions"] = definitions;
    schema.erase("examples");
    for (const auto& example : node["examples"]) {
      const auto violations = violations_of(schema, example);
      EXPECT_TRUE(violations.empty()) << at << " " << example << ": " << violations.front().message;
      ++examples;
    }
  }
  if (!node.is_structured()) return examples;
  for (const auto& [name, inner] : node.items()) {
    if (name != "examples" && name != "enum") examples += check_examples(inner, definitions, at + "/" + name);
  }
  return examples;
}

TEST(SchemaExamples, FitThePlacesThatShowThem) {
  const auto schema = nlohmann::json::parse(schema_text(FileKind::procedure));
  EXPECT_GT(check_examples(schema, schema["definitions"], ""), 80);
}

Json changed(Json document) {
  Json* at = &document;
  for (int steps = *rc::gen::inRange(1, 8); steps > 0 && at->is_structured() && !at->empty(); --steps) {
    auto next = at->begin();
    std::advance(next, *rc::gen::inRange<std::size_t>(0, at->size()));
    at = &*next;
  }
  *at = *rc::gen::element(Json(nullptr), Json(true), Json(0), Json(-7), Json(1'000'001), Json(""),
                          Json("abc"), Json("2025-07-01"), Json::array(), Json::object(),
                          Json{{"x-note", "x"}}, Json{{"vi", "x"}});
  return document;
}

RC_GTEST_PROP(SchemaShapeProperty, WhatFitsIsWhatTheLibraryAccepts, ()) {
  static const Json sound = Json::parse(source_file("workflows/catalogue/2.001159/procedure.json"));
  const Json document = changed(sound);
  RC_CLASSIFY(procedure_shape().fits(document), "fits");
  RC_ASSERT(procedure_shape().fits(document) == library_says(document));
}

}  // namespace
}  // namespace motcua::workflows

#include "api/json/problem.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace motcua::tests {
namespace {

using nlohmann::json;

json read_document() {
  std::ifstream file(std::string(SOURCE_DIR) + "/api/openapi.json");
  return json::parse(file);
}

template <class Visit>
void walk(const json& value, const Visit& visit) {
  visit(value);
  if (value.is_structured()) {
    for (const auto& member : value) {
      walk(member, visit);
    }
  }
}

/// Every operation with its path and method.
template <class Visit>
void each_operation(const json& document, const Visit& visit) {
  for (const auto& [path, item] : document["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      if (method != "parameters") {
        visit(path, method, operation, item);
      }
    }
  }
}

TEST(OpenApi, HoldsNothingThatTheBuildWouldFillIn) {
  std::ifstream file(std::string(SOURCE_DIR) + "/api/openapi.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_FALSE(text.empty());
  EXPECT_EQ(text.find('@'), std::string::npos);
}

TEST(OpenApi, EveryReferenceResolvesAndEveryComponentIsUsed) {
  const auto document = read_document();
  std::set<std::string> used;
  walk(document, [&](const json& value) {
    if (value.is_object() && value.contains("$ref")) {
      const auto target = value["$ref"].get<std::string>();
      ASSERT_TRUE(target.starts_with("#/")) << target;
      EXPECT_TRUE(document.contains(json::json_pointer(target.substr(1)))) << target;
      used.insert(target);
    }
  });
  for (const auto& [kind, components] : document["components"].items()) {
    for (const auto& [name, component] : components.items()) {
      EXPECT_TRUE(kind == "securitySchemes" || used.contains("#/components/" + kind + "/" + name)) << name;
    }
  }
}

TEST(OpenApi, ListsTheCallsOfTheContract) {
  std::set<std::string> calls;
  each_operation(read_document(), [&](const std::string& path, const std::string& method, const json&,
                                      const json&) { calls.insert(method + " " + path); });
  EXPECT_EQ(calls, (std::set<std::string>{"get /api/v1/procedures",
                                          "get /api/v1/procedures/{code}",
                                          "get /api/v1/procedures/{code}/versions",
                                          "post /api/v1/procedures",
                                          "post /api/v1/procedures/lint",
                                          "post /api/v1/procedures/{code}/backtest",
                                          "post /api/v1/procedures/{code}/migrations",
                                          "post /api/v1/cases",
                                          "get /api/v1/cases/{id}",
                                          "get /api/v1/cases/{id}/events",
                                          "get /api/v1/cases/{id}/deadline",
                                          "get /api/v1/cases/{id}/once-only",
                                          "get /api/v1/cases/{id}/prints/receipt",
                                          "get /api/v1/events",
                                          "post /api/v1/people/lookups",
                                          "post /api/v1/cases/{id}/commands",
                                          "get /api/v1/worklists",
                                          "get /api/v1/worklists/{queue}",
                                          "post /api/v1/cases/bulk",
                                          "get /api/v1/reports/{name}",
                                          "post /api/v1/search",
                                          "get /api/v1/calendars",
                                          "post /api/v1/calendars",
                                          "get /api/v1/calendars/{id}/proposals",
                                          "post /api/v1/calendars/{id}/decisions",
                                          "get /api/v1/substitutions",
                                          "post /api/v1/substitutions",
                                          "post /api/v1/clock/confirm",
                                          "get /health/live",
                                          "get /health/ready",
                                          "get /metrics",
                                          "get /openapi.json",
                                          "get /dev/clock",
                                          "post /dev/clock"}));
}

TEST(OpenApi, EveryOperationHasANameASuccessAndItsPathParameters) {
  std::set<std::string> names;
  each_operation(read_document(), [&](const std::string& path, const std::string& method,
                                      const json& operation, const json& item) {
    SCOPED_TRACE(method + " " + path);
    EXPECT_TRUE(names.insert(operation.at("operationId").get<std::string>()).second);
    EXPECT_TRUE(operation.contains("summary"));
    EXPECT_TRUE(operation["responses"].contains("200") || operation["responses"].contains("201"));
    const bool is_open = operation.contains("security") && operation["security"].empty();
    EXPECT_EQ(is_open, !path.starts_with("/api/v1/"));
    EXPECT_EQ(operation["responses"].contains("401"), !is_open);
    EXPECT_EQ(method == "post", operation.contains("requestBody"));
    const auto parameters =
        (item.contains("parameters") ? item["parameters"] : json::array()).dump() +
        (operation.contains("parameters") ? operation["parameters"] : json::array()).dump();
    if (path.find('{') != std::string::npos) {
      EXPECT_TRUE(parameters.find("CaseId") != std::string::npos ||
                  parameters.find("CalendarId") != std::string::npos ||
                  parameters.find("\"in\":\"path\"") != std::string::npos);
    }
    const bool is_read = path.starts_with("/api/v1/search") || path.ends_with("/lint") ||
                         path.ends_with("/backtest") || path.ends_with("/migrations");
    const bool is_write = method == "post" && path.starts_with("/api/v1/") && !is_read;
    EXPECT_EQ(is_write, parameters.find("IdempotencyKey") != std::string::npos);
  });
}

TEST(OpenApi, NamesEveryProblemTypeAndNoOther) {
  std::set<std::string> expected;
  for (std::size_t index = 0; index <= static_cast<std::size_t>(api::Problem::overloaded); ++index) {
    expected.insert(std::string("/problems/") + api::name_of(static_cast<api::Problem>(index)));
  }
  const auto listed = read_document()["components"]["schemas"]["Problem"]["properties"]["type"]["enum"];
  EXPECT_EQ(listed.get<std::set<std::string>>(), expected);
}

TEST(OpenApi, ExamplesOfProblemsAreWhatTheServerWouldSend) {
  const auto responses = read_document()["components"]["responses"];
  for (const auto& [name, response] : responses.items()) {
    const auto example = response["content"]["application/problem+json"]["example"];
    for (std::size_t index = 0; index <= static_cast<std::size_t>(api::Problem::overloaded); ++index) {
      const auto problem = static_cast<api::Problem>(index);
      if (example["type"] == std::string("/problems/") + api::name_of(problem)) {
        EXPECT_EQ(example["title"], api::title_of(problem)) << name;
        EXPECT_EQ(example["status"], api::status_of(problem)) << name;
      }
    }
  }
}

TEST(OpenApi, HasASchemaForEachCommandAndMapsItsName) {
  const auto schemas = read_document()["components"]["schemas"];
  const auto mapping = schemas["Command"]["discriminator"]["mapping"];
  EXPECT_EQ(mapping.size(), 24U);
  EXPECT_EQ(schemas["Command"]["oneOf"].size(), mapping.size());
  for (const auto& [name, target] : mapping.items()) {
    const auto text = target.get<std::string>();
    const auto schema = schemas.at(text.substr(text.rfind('/') + 1));
    EXPECT_EQ(schema["properties"]["command"]["const"], name);
    EXPECT_TRUE(schema["properties"].contains("data"));
  }
}

}  // namespace
}  // namespace motcua::tests

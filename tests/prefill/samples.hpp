/// Procedures and synthetic register answers that the tests of prefill share.
#pragma once

#include "engine/prefill/prefill.hpp"
#include "workflows/loader/loaded_catalogue.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace motcua::tests {

/// A shipped definition, read from the catalogue.
inline const engine::Definition& shipped(const char* code) {
  static workflows::LoadedCatalogue catalogue;
  static const auto findings = catalogue.load_folder(std::string(SOURCE_DIR) + "/workflows");
  EXPECT_EQ(workflows::to_text(findings), "");
  return *catalogue.definition(engine::ProcedureCode(code), 1);
}

/// A small definition of two people, for rules that no shipped procedure needs.
inline engine::Definition small() {
  engine::Definition definition;
  const auto leaf = [&](const char* pointer, const char* source, const char* kind) {
    engine::FormLeaf one;
    one.pointer = pointer;
    one.source = source;
    one.kind = kind;
    one.title = {"Trường", "Field"};
    definition.leaves.push_back(one);
  };
  leaf("/person/full_name", "population", "name");
  leaf("/person/birth_date", "population", "year_or_date");
  leaf("/person/residence", "population", "address");
  leaf("/a", "derived", "text");
  leaf("/b", "derived", "text");
  return definition;
}

inline engine::PrefillRule from_register(const char* field, const char* subject, const char* attribute) {
  engine::PrefillRule rule;
  rule.field = field;
  rule.source = "population";
  rule.subject = subject;
  rule.attribute = attribute;
  return rule;
}

inline engine::PrefillRule derived(const char* field, nlohmann::json logic) {
  engine::PrefillRule rule;
  rule.field = field;
  rule.source = "derived";
  rule.rule = std::move(logic);
  return rule;
}

/// What the register answers; nobody real.
inline nlohmann::json father() {
  return R"({"personal_id": "000000000101", "full_name": "NGUYỄN VĂN AN", "birth_date": "1990-05-17", "sex": "male",
             "ethnicity": "Kinh", "nationality": "Việt Nam", "marital_status": "married",
             "hometown": {"text": "Xã Ea Kao, Đắk Lắk", "commune": "24169", "province": "66", "country": "VN"},
             "permanent_residence": {"text": "12 Lê Duẩn, phường Tân Lập, Đắk Lắk", "province": "66"},
             "spouse": {"full_name": "TRẦN THỊ BÌNH", "personal_id": "000000000102"}})"_json;
}

inline nlohmann::json mother() {
  return R"({"personal_id": "000000000102", "full_name": "TRẦN THỊ BÌNH", "birth_date": "1992", "sex": "female",
             "ethnicity": "Kinh", "nationality": "Việt Nam", "marital_status": "married",
             "hometown": "Xã Hòa Sơn, Đắk Lắk",
             "permanent_residence": {"text": "12 Lê Duẩn, phường Tân Lập, Đắk Lắk"}})"_json;
}

/// The three identifiers of a register's answer, as a citizen types them.
inline nlohmann::json identifiers(const nlohmann::json& person) {
  return {{"personal_id", person.at("personal_id")},
          {"full_name", person.at("full_name")},
          {"birth_date", person.at("birth_date")}};
}

}  // namespace motcua::tests

/// Invented answers to a form (tờ khai giả định): of the right shape, of plausible kinds, and now and then
/// exactly what a condition of the definition asks about.
#pragma once

#include "api/trial/draw.hpp"
#include "engine/procedure/definition.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace motcua::api {

class InventedForm {
 public:
  explicit InventedForm(const engine::Definition& definition);

  /// Who files: number, name, birth date.
  [[nodiscard]] static nlohmann::json applicant(Draw& draw);
  /// A form with every required answer and some of the others.
  [[nodiscard]] nlohmann::json data(Draw& draw) const;
  /// An answer at a pointer into the form; null if the form has none there.
  [[nodiscard]] nlohmann::json value(const std::string& pointer, Draw& draw) const;

 private:
  [[nodiscard]] nlohmann::json answer(const nlohmann::json& schema, const std::string& pointer,
                                      Draw& draw) const;
  [[nodiscard]] nlohmann::json object(const nlohmann::json& schema, const std::string& pointer,
                                      Draw& draw) const;
  void collect_constants(const nlohmann::json& part);
  void collect_pair(const nlohmann::json& variable, const nlohmann::json& constant);

  nlohmann::json form_{};
  /// What conditions compare a leaf with, by pointer.
  std::map<std::string, std::vector<nlohmann::json>> constants_{};
};

}  // namespace motcua::api

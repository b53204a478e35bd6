/// What the national population database (cơ sở dữ liệu quốc gia về dân cư) answers about one person. The one
/// list: the linter, the rules of prefill and the adapters name attributes from here.
#pragma once

#include <nlohmann/json.hpp>

#include <array>
#include <optional>
#include <string_view>

namespace motcua::engine {

/// Names of attributes; a dot leads into an object. Addresses are objects {text, province, district, commune,
/// country, code_date?} whose `text` is what people read, or plain text. `birth_date` is a date or a year;
/// `sex` is male or female; `marital_status` is single, married, divorced or widowed; other values are text.
/// @law population/once-only
inline constexpr std::array<std::string_view, 30> kRegisterAttributes{"personal_id",
                                                                      "old_id_number",
                                                                      "full_name",
                                                                      "birth_date",
                                                                      "sex",
                                                                      "ethnicity",
                                                                      "religion",
                                                                      "nationality",
                                                                      "marital_status",
                                                                      "birth_registration_place",
                                                                      "hometown",
                                                                      "permanent_residence",
                                                                      "current_residence",
                                                                      "father.full_name",
                                                                      "father.personal_id",
                                                                      "father.nationality",
                                                                      "mother.full_name",
                                                                      "mother.personal_id",
                                                                      "mother.nationality",
                                                                      "spouse.full_name",
                                                                      "spouse.personal_id",
                                                                      "spouse.nationality",
                                                                      "representative.full_name",
                                                                      "representative.personal_id",
                                                                      "representative.nationality",
                                                                      "household_head.relation",
                                                                      "household_head.full_name",
                                                                      "household_head.personal_id",
                                                                      "household_head.nationality",
                                                                      "household_book"};

[[nodiscard]] bool is_register_attribute(std::string_view name);

/// True if a leaf of this name (`home_town`, `residence`, `father_full_name`), or at this path below the
/// person (`father/full_name`), asks for something that the register holds
/// about the person. Names that identify the person are held too.
[[nodiscard]] bool register_holds(std::string_view leaf_name);

/// The attribute's value as a leaf takes it: an address becomes its `text`. Nothing if the answer lacks it,
/// or has null, an empty text or an object without text there.
[[nodiscard]] std::optional<nlohmann::json> attribute_of(const nlohmann::json& person,
                                                         std::string_view attribute);

}  // namespace motcua::engine

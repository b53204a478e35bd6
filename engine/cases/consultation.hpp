/// Consultation (lấy ý kiến cơ quan phối hợp): a question to another agency, with a time limit of its own.
/// Our clock goes on meanwhile.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/cases/event.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace motcua::engine {

/// Who answers for the agency that is asked.
inline constexpr const char* kConsultedRole = "case_officer";

/// The question that `agency` still has to answer; null if there is none. A case that ends leaves none open.
[[nodiscard]] const Consultation* open_consultation(const Case& current, const AgencyId& agency);
/// True while the agency has a question open, or has answered one.
[[nodiscard]] bool is_consulted(const Case& current, const AgencyId& agency);

/// The mark that a timer of a consultation sets when it fires; none if the timer is of another kind.
[[nodiscard]] std::optional<std::string> consultation_mark(const Case& current, std::string_view timer);

}  // namespace motcua::engine

/// Turns documents into the engine's values. Reads what is there and assumes that the checks were made when
/// the file was published; what cannot be represented at all is a finding `unreadable`.
#pragma once

#include "engine/deadline/working_calendar.hpp"
#include "engine/procedure/definition.hpp"
#include "engine/procedure/organisation.hpp"
#include "workflows/loader/form.hpp"
#include "workflows/loader/located_json.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace motcua::workflows {

/// SHA-256 of `bytes`.
[[nodiscard]] engine::Digest sha256(const std::string& bytes);

/// `{vi, en}`; what is absent is empty.
[[nodiscard]] engine::Label read_label(const Json& label);

/// The flat machine, states in document order, children after their parent; null if a state that must exist
/// does not. `not_same_person_as` of a compound state becomes the names of the atomic states inside it.
[[nodiscard]] std::optional<engine::Machine> read_machine(LocatedJson& located);

/// `linked[]`, each branch at the state that opens its case.
void read_linked(const Json& document, engine::Machine& machine);
/// `prerequisites[]`, in document order.
[[nodiscard]] std::vector<engine::Prerequisite> read_prerequisites(const Json& document);

/// One limit: amount, unit, counting, cut-off, law; without what is added to it.
[[nodiscard]] engine::Limit read_limit(const Json& json);

/// `time_limit`, one object or a list, into `time_limits` and `max_extensions` (of the last alternative).
/// Null is one limit of unit `none` with the law of `no_time_limit`.
void read_time_limits(const Json& document, engine::Definition& definition);

/// `consultations[]`, `supplement.reply_within` and `on_silence`, `delivery`: limits of others and after the
/// resolution.
void read_other_limits(const Json& document, engine::Definition& definition);

/// `effective` beside its first day.
void read_effective(const Json& document, engine::Definition& definition);
/// `fees[]`, in document order.
[[nodiscard]] std::vector<engine::FeeRule> read_fees(const Json& fees);

/// `prefill[]`, in document order.
[[nodiscard]] std::vector<engine::PrefillRule> read_prefill(const Json& document);

/// What the finding says of a definition that cannot be read.
inline constexpr const char* kDefinitionNeeds =
    "code, version, effective.from and machine are what a definition needs at least";
/// Null after a finding `unreadable`.
[[nodiscard]] std::shared_ptr<const engine::Definition> read_procedure(LocatedJson& located,
                                                                       const std::string& bytes,
                                                                       CompiledForm form);
/// A calendar with a parent is read from the text that resolved_text makes of both.
[[nodiscard]] std::shared_ptr<const engine::WorkingCalendar> read_calendar(
    LocatedJson& located, const std::string& bytes, const engine::WorkingCalendar* parent = nullptr);
[[nodiscard]] std::shared_ptr<const engine::Organisation> read_organisation(LocatedJson& located,
                                                                            const std::string& bytes);

}  // namespace motcua::workflows

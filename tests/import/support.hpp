/// Files of the import's tests, and what the tests look for in a report.
#pragma once

#include "tests/support/scenario.hpp"
#include "workflows/import/bpmn.hpp"
#include "workflows/import/digit.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::workflows {

/// The business services that DIGIT publishes, without `.json`.
inline constexpr std::array<std::string_view, 11> kDigitFiles{"BPA--01",
                                                              "BPA-LOW--01",
                                                              "ESTIMATE--01",
                                                              "FIRENOC--01",
                                                              "FSM--01",
                                                              "MR--01",
                                                              "NewTL--03",
                                                              "PGR--02",
                                                              "PT.CREATE--01",
                                                              "PT.MUTATION--01",
                                                              "order-managelifecycle--01"};

/// Bytes of `tests/import/data/<name>`.
[[nodiscard]] std::string data_file(const std::string& name);
[[nodiscard]] ImportReport digit_report(std::string_view name, ImportOptions options = {});
[[nodiscard]] ImportReport bpmn_report(const std::string& name);

/// `rule pointer` of every finding of a severity about the source, in order.
[[nodiscard]] std::vector<std::string> said(const ImportReport& report, Severity severity);
/// True if some finding has this rule and pointer.
[[nodiscard]] bool says(const ImportReport& report, const std::string& rule, const std::string& pointer);

/// The definition as the engine reads it; a failure of the test, and an empty one, if the loader refuses it.
[[nodiscard]] engine::Definition loaded(const ImportedProcedure& procedure);

/// A path: events in order, `after:STATE` for the timer of a state.
using Path = std::vector<std::string>;

/// A case of the definition, received by the desk.
[[nodiscard]] engine::Scenario received_case(const engine::Definition& definition);
/// Takes the events one after the other through decide and evolve, by somebody who has every role, lets the
/// timers come due, and resolves the case at the end.
void run_to_the_end(engine::Scenario scenario, const Path& path);

}  // namespace motcua::workflows

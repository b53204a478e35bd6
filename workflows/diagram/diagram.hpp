/// Drawings and exports of a step machine. Pure functions of the chart; every text is escaped for its format.
#pragma once

#include "workflows/diagram/chart.hpp"

#include <string>

namespace motcua::workflows {

/// Mermaid `stateDiagram-v2`.
[[nodiscard]] std::string to_mermaid(const Chart& chart);

/// W3C SCXML 1.0, null data model. Guards, requirements, roles and counts are attributes of the namespace
/// `urn:motcua:procedure`, which interpreters pass over; `done.state.ID` stands for on_done, `after.ID` for
/// the timer of a state. One in days of the calendar is sent with a delay of as many days of 24 hours, and
/// cancelled when the state is left; SCXML has no working time and no months, so that nobody sends the
/// others.
[[nodiscard]] std::string to_scxml(const Chart& chart);

/// Graphviz DOT, from which `dot -Tsvg` makes the SVG.
[[nodiscard]] std::string to_dot(const Chart& chart);

}  // namespace motcua::workflows

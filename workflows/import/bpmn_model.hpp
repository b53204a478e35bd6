/// A BPMN process as a graph: its nodes and sequence flows, read from XML.
#pragma once

#include "workflows/import/imported.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace motcua::workflows {

enum class BpmnKind { start, end, task, exclusive, parallel, timer, unsupported };

struct BpmnNode {
  std::string id{};
  std::string name{};  ///< as the file writes it, line breaks as spaces; the id if it has none
  BpmnKind kind = BpmnKind::unsupported;
  SourcePlace place{};
  std::vector<std::size_t> incoming{};  ///< indices of flows
  std::vector<std::size_t> outgoing{};
  std::string timer{};               ///< of a timer event: what the file says, e.g. `PT4H`
  std::string timer_kind{};          ///< the element that says it: timeDuration, timeDate or timeCycle
  std::string attached_to{};         ///< of a boundary event: id of its task
  std::vector<std::string> roles{};  ///< lanes and candidate groups
};

struct BpmnFlow {
  std::string id{};
  std::string name{};
  SourcePlace place{};
  std::size_t source = 0;  ///< index of a node
  std::size_t target = 0;
  std::string condition{};  ///< text of the condition; empty if there is none
  std::string language{};   ///< of the condition; empty if the file does not say
};

struct BpmnProcess {
  std::string id{};
  std::string name{};
  SourcePlace place{};
  std::vector<BpmnNode> nodes{};  ///< in document order
  std::vector<BpmnFlow> flows{};
};

/// The processes of a file. What lies outside the subset is a finding; unknown nodes stay as `unsupported`,
/// so that ways into them can be named.
[[nodiscard]] std::vector<BpmnProcess> read_bpmn(const std::string& bytes, Reporter& reporter);

}  // namespace motcua::workflows

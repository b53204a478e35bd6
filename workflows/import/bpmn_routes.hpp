/// Where the flows of a BPMN process lead, through its gateways.
#pragma once

#include "workflows/import/bpmn_model.hpp"

#include <set>
#include <string>
#include <vector>

namespace motcua::workflows {

/// A way from an element to the next one in which the case can rest.
struct BpmnRoute {
  std::size_t target = 0;  ///< index of a node that is no exclusive gateway
  std::string choice{};    ///< what is chosen at the gateways on the way, `.` between them; may be empty
  std::string label{};     ///< the same in words
  std::string gateway{};   ///< name of the first gateway at which something is chosen; may be empty
  SourcePlace place{};     ///< of the last flow that was chosen, else of the first
  Json conditions = Json::array();  ///< `{language, text}` of each flow on the way that has one
};

/// Follows flows through exclusive gateways, and through parallel ones that neither split nor join. Findings,
/// each once: condition-not-carried, gateway-circle, missing-reference, too-many-ways.
class BpmnRoutes {
 public:
  BpmnRoutes(const BpmnProcess& process, Reporter& reporter) : process_(process), reporter_(reporter) {}

  [[nodiscard]] std::vector<BpmnRoute> along(std::size_t flow);
  /// Along the only flow out of the node; none, after an error, where there are several (implicit-split).
  [[nodiscard]] std::vector<BpmnRoute> out_of(const BpmnNode& node);

 private:
  void follow(std::size_t flow, BpmnRoute route, std::set<std::size_t> passed, std::vector<BpmnRoute>& found);
  void choose(std::size_t flow, const BpmnNode& gateway, BpmnRoute& route);
  void note_condition(const BpmnFlow& flow, BpmnRoute& route);

  const BpmnProcess& process_;
  Reporter& reporter_;
  std::set<std::string> said_{};
  int steps_ = 0;  ///< of the search that goes on
};

/// True for a parallel gateway that begins work side by side; one that also joins is neither.
[[nodiscard]] bool is_split(const BpmnNode& node);
/// True for one that ends it.
[[nodiscard]] bool is_join(const BpmnNode& node);

}  // namespace motcua::workflows

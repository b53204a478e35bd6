#include "workflows/import/bpmn_routes.hpp"

#include "workflows/import/code_names.hpp"

#include <utility>

namespace motcua::workflows {
namespace {

bool passes_through(const BpmnNode& node) {
  return node.kind == BpmnKind::exclusive ||
         (node.kind == BpmnKind::parallel && node.incoming.size() <= 1 && node.outgoing.size() == 1);
}

/// Ways out of one element, and flows that the search for them follows.
constexpr std::size_t kRoutesMax = 32;
constexpr int kStepsMax = 1'000;

}  // namespace

bool is_split(const BpmnNode& node) {
  return node.kind == BpmnKind::parallel && node.incoming.size() == 1 && node.outgoing.size() > 1;
}

bool is_join(const BpmnNode& node) {
  return node.kind == BpmnKind::parallel && node.incoming.size() > 1 && node.outgoing.size() == 1;
}

std::vector<BpmnRoute> BpmnRoutes::along(std::size_t flow) {
  std::vector<BpmnRoute> found;
  BpmnRoute route;
  route.place = process_.flows[flow].place;
  route.label = process_.flows[flow].name;
  steps_ = 0;
  follow(flow, std::move(route), {}, found);
  return found;
}

std::vector<BpmnRoute> BpmnRoutes::out_of(const BpmnNode& node) {
  if (node.outgoing.size() > 1) {
    if (said_.insert("split " + node.id).second) {
      reporter_.error(node.place, "implicit-split",
                      "several flows leave `" + node.name +
                          "` without a gateway, which begins all of them at once: they are left out");
    }
    return {};
  }
  return node.outgoing.empty() ? std::vector<BpmnRoute>{} : along(node.outgoing.front());
}

void BpmnRoutes::note_condition(const BpmnFlow& flow, BpmnRoute& route) {
  if (flow.condition.empty()) return;
  route.conditions.push_back(
      Json{{"language", flow.language.empty() ? "not stated" : flow.language}, {"text", flow.condition}});
  if (!said_.insert("condition " + flow.id).second) return;
  reporter_.warning(flow.place, "condition-not-carried",
                    "the condition `" + flow.condition + "` (" +
                        (flow.language.empty() ? std::string("language not stated") : flow.language) +
                        ") is not translated: an officer chooses the way; write a guard to have it decided");
}

void BpmnRoutes::choose(std::size_t flow, const BpmnNode& gateway, BpmnRoute& route) {
  const auto& chosen = process_.flows[flow];
  std::string code = code_of_name(chosen.name);
  if (code.empty()) code = code_of_name(chosen.id);
  if (code.empty()) code = "way";
  route.choice += (route.choice.empty() ? "" : ".") + code;
  const std::string words = chosen.name.empty() ? code : chosen.name;
  route.label = route.gateway.empty() ? words : route.label + ", " + words;
  if (route.gateway.empty()) route.gateway = gateway.name;
  route.place = chosen.place;
}

void BpmnRoutes::follow(std::size_t flow, BpmnRoute route, std::set<std::size_t> passed,
                        std::vector<BpmnRoute>& found) {
  const auto& way = process_.flows[flow];
  note_condition(way, route);
  const auto& node = process_.nodes[way.target];
  if (!passes_through(node)) {
    route.target = way.target;
    found.push_back(std::move(route));
    return;
  }
  const bool circle = !passed.insert(way.target).second;
  const bool too_many = found.size() >= kRoutesMax || ++steps_ > kStepsMax;
  if (circle || too_many || node.outgoing.empty()) {
    const char* rule = circle ? "gateway-circle" : too_many ? "too-many-ways" : "missing-reference";
    const char* what = circle     ? "leads back to itself without a step"
                       : too_many ? "lies on more ways than can be followed"
                                  : "leads nowhere";
    if (said_.insert(rule + node.id).second) {
      reporter_.error(node.place, rule, "the gateway `" + node.name + "` " + what + ": the way is left out");
    }
    return;
  }
  for (const auto next : node.outgoing) {
    BpmnRoute further = route;
    if (node.outgoing.size() > 1) choose(next, node, further);
    follow(next, std::move(further), passed, found);
  }
}

}  // namespace motcua::workflows

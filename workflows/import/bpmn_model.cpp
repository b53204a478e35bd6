#include "workflows/import/bpmn_model.hpp"

#include "workflows/import/bpmn_xml.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace motcua::workflows {
namespace {

constexpr std::string_view kModel = "http://www.omg.org/spec/BPMN/20100524/MODEL";

/// Elements that say nothing about the flow: notes, and what was read elsewhere.
constexpr std::array<std::string_view, 7> kSilent{
    "documentation", "extensionElements", "textAnnotation", "association",
    "group",         "laneSet",           "sequenceFlow"};

bool is_event_definition(std::string_view name) { return name.ends_with("EventDefinition"); }

/// Candidate groups are written `a, b`.
std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    if (auto part = words_of(std::string_view(text).substr(at, end - at)); !part.empty()) {
      parts.push_back(std::move(part));
    }
    at = end + 1;
  }
  return parts;
}

/// The document as UTF-8, whatever its encoding was.
struct Utf8Text final : pugi::xml_writer {
  std::string text{};
  void write(const void* data, std::size_t size) override {
    text.append(static_cast<const char*>(data), size);
  }
};

/// pugixml takes bytes as they come.
bool is_utf8(const pugi::xml_document& document) {
  Utf8Text whole;
  document.save(whole, "", pugi::format_raw, pugi::encoding_utf8);
  try {
    static_cast<void>(Json(whole.text).dump());
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

class ProcessReader {
 public:
  ProcessReader(const LineIndex& lines, Reporter& reporter) : lines_(lines), reporter_(reporter) {}

  BpmnProcess read(const pugi::xml_node& element) {
    made_.id = element.attribute("id").value();
    made_.place = {"/" + made_.id, lines_.line_at(element.offset_debug())};
    made_.name = words_of(std::string_view(element.attribute("name").value()));
    if (made_.name.empty()) made_.name = made_.id;
    if (std::string_view(element.attribute("isExecutable").value()) == "false") {
      reporter_.warning(made_.place, "not-executable", "the process is drawn to be read, not to be executed");
    }
    for (const auto& child : element.children()) {
      if (child.type() == pugi::node_element) read_child(child);
    }
    check_hosts();
    for (const auto& child : element.children()) {
      if (child.type() != pugi::node_element) continue;
      if (local_name(child) == "sequenceFlow") read_flow(child);
      if (local_name(child) == "laneSet") read_lanes(child);
    }
    return std::move(made_);
  }

 private:
  [[nodiscard]] SourcePlace place_of(const pugi::xml_node& element) const {
    const std::string id = element.attribute("id").value();
    return {"/" + made_.id + "/" + (id.empty() ? std::string(local_name(element)) : id),
            lines_.line_at(element.offset_debug())};
  }
  void read_child(const pugi::xml_node& element);
  void read_task(const pugi::xml_node& element, std::string_view kind, BpmnNode& node);
  void read_event(const pugi::xml_node& element, std::string_view kind, BpmnNode& node);
  void read_timer(const pugi::xml_node& definition, BpmnNode& node);
  void read_flow(const pugi::xml_node& element);
  void read_lanes(const pugi::xml_node& set);
  void check_hosts();
  void add(BpmnNode node);
  void unsupported(const pugi::xml_node& element, const BpmnNode& node);

  const LineIndex& lines_;
  Reporter& reporter_;
  BpmnProcess made_{};
  std::map<std::string, std::size_t> index_{};
  std::set<std::string> reported_{};
};

void ProcessReader::add(BpmnNode node) {
  if (node.id.empty()) {
    reporter_.error(node.place, "missing-reference", "an element without an id: it is left out");
  } else if (!index_.emplace(node.id, made_.nodes.size()).second) {
    reporter_.error(node.place, "duplicate-id",
                    "the id `" + node.id + "` is given twice: the second is left out");
  } else {
    made_.nodes.push_back(std::move(node));
  }
}

void ProcessReader::unsupported(const pugi::xml_node& element, const BpmnNode& node) {
  reporter_.error(node.place, "unsupported-element",
                  "`" + std::string(local_name(element)) + "` `" + node.name +
                      "` is not in the subset that is carried over: it is left out");
}

void ProcessReader::read_child(const pugi::xml_node& element) {
  const std::string_view kind = local_name(element);
  if (std::find(kSilent.begin(), kSilent.end(), kind) != kSilent.end()) return;
  BpmnNode node;
  node.id = element.attribute("id").value();
  node.name = words_of(std::string_view(element.attribute("name").value()));
  if (node.name.empty()) node.name = node.id;
  node.place = place_of(element);
  const bool task = kind == "task" || kind.ends_with("Task");
  const bool event = kind.ends_with("Event");
  if (task) {
    read_task(element, kind, node);
  } else if (event) {
    read_event(element, kind, node);
  } else if (kind == "exclusiveGateway") {
    node.kind = BpmnKind::exclusive;
  } else if (kind == "parallelGateway") {
    node.kind = BpmnKind::parallel;
  } else if (kind.ends_with("Gateway") || kind == "subProcess" || kind == "callActivity" ||
             kind == "transaction" || kind == "adHocSubProcess") {
    unsupported(element, node);
  } else {
    if (reported_.insert(std::string(kind)).second) {
      reporter_.warning(node.place, "element-not-carried",
                        "`" + std::string(kind) + "` has no counterpart: all of them are left out");
    }
    return;
  }
  add(std::move(node));
}

void ProcessReader::read_task(const pugi::xml_node& element, std::string_view kind, BpmnNode& node) {
  if (kind != "userTask" && kind != "serviceTask" && kind != "task" && kind != "manualTask") {
    unsupported(element, node);
    return;
  }
  node.kind = BpmnKind::task;
  if (kind == "serviceTask") {
    reporter_.warning(
        node.place, "service-task",
        "`" + node.name + "` is done by a program in the source: here it is a step that somebody completes");
  } else if (kind != "userTask") {
    reporter_.warning(node.place, "plain-task",
                      "`" + node.name + "` does not say who does it: it became a step as a user task does");
  }
  node.roles = split_list(attribute_named(element, "candidateGroups"));
  if (const auto assignee = attribute_named(element, "assignee"); !assignee.empty()) {
    reporter_.warning(node.place, "task-detail",
                      "the assignee `" + assignee + "` is not carried over: steps have roles");
  }
  for (const auto& child : element.children()) {
    const auto name = local_name(child);
    if (name == "multiInstanceLoopCharacteristics" || name == "standardLoopCharacteristics") {
      reporter_.error(node.place, "unsupported-element",
                      "`" + node.name + "` is repeated (" + std::string(name) + "): here it is done once");
    } else if (name == "potentialOwner" || name == "humanPerformer" || name == "performer") {
      reporter_.warning(node.place, "task-detail",
                        "`" + std::string(name) + "` of `" + node.name + "` is not carried over");
    }
  }
}

void ProcessReader::read_event(const pugi::xml_node& element, std::string_view kind, BpmnNode& node) {
  pugi::xml_node definition;
  int definitions = 0;
  for (const auto& child : element.children()) {
    if (!is_event_definition(local_name(child))) continue;
    if (definitions++ == 0) definition = child;
  }
  const std::string_view what = local_name(definition);
  if (kind == "startEvent" || kind == "endEvent") {
    node.kind = kind == "startEvent" ? BpmnKind::start : BpmnKind::end;
    if (definitions > 0) {
      reporter_.warning(node.place, "event-definition",
                        "`" + std::string(what) + "` of `" + node.name + "` is not carried over: a plain " +
                            (kind == "startEvent" ? "start" : "end"));
    }
    return;
  }
  const bool boundary = kind == "boundaryEvent";
  if ((kind != "intermediateCatchEvent" && !boundary) || what != "timerEventDefinition" || definitions != 1) {
    unsupported(element, node);
    return;
  }
  node.kind = BpmnKind::timer;
  node.attached_to = element.attribute("attachedToRef").value();
  read_timer(definition, node);
  const std::string_view cancels = element.attribute("cancelActivity").value();
  if (boundary && (cancels == "false" || cancels == "0")) {
    reporter_.error(node.place, "timer-not-carried",
                    "`" + node.name + "` fires beside the step without ending it: it is left out");
    node.kind = BpmnKind::unsupported;
  }
}

void ProcessReader::read_timer(const pugi::xml_node& definition, BpmnNode& node) {
  for (const char* kind : {"timeDuration", "timeDate", "timeCycle"}) {
    if (const auto element = child_named(definition, kind)) {
      node.timer = words_of(element);
      node.timer_kind = kind;
    }
  }
}

void ProcessReader::check_hosts() {
  for (const auto& node : made_.nodes) {
    if (node.attached_to.empty() || index_.count(node.attached_to) != 0) continue;
    reporter_.error(node.place, "missing-reference",
                    "`" + node.name + "` stands on `" + node.attached_to +
                        "`, which the process does not have: it is left out");
  }
}

void ProcessReader::read_flow(const pugi::xml_node& element) {
  BpmnFlow flow;
  flow.id = element.attribute("id").value();
  flow.name = words_of(std::string_view(element.attribute("name").value()));
  flow.place = place_of(element);
  const auto source = index_.find(element.attribute("sourceRef").value());
  const auto target = index_.find(element.attribute("targetRef").value());
  if (source == index_.end() || target == index_.end()) {
    reporter_.error(flow.place, "missing-reference",
                    "the flow begins or ends at an element that the process does not have: it is left out");
    return;
  }
  flow.source = source->second;
  flow.target = target->second;
  if (const auto condition = child_named(element, "conditionExpression")) {
    flow.condition = words_of(condition);
    flow.language = condition.attribute("language").value();
  }
  made_.nodes[flow.source].outgoing.push_back(made_.flows.size());
  made_.nodes[flow.target].incoming.push_back(made_.flows.size());
  made_.flows.push_back(std::move(flow));
}

/// A lane that holds lanes adds nothing: the innermost name counts.
void ProcessReader::read_lanes(const pugi::xml_node& set) {
  for (const auto& lane : set.children()) {
    if (local_name(lane) != "lane") continue;
    if (const auto inner = child_named(lane, "childLaneSet")) {
      read_lanes(inner);
      continue;
    }
    const std::string name = words_of(std::string_view(lane.attribute("name").value()));
    for (const auto& reference : lane.children()) {
      const auto found =
          local_name(reference) == "flowNodeRef" ? index_.find(words_of(reference)) : index_.end();
      if (found == index_.end() || name.empty()) continue;
      auto& node = made_.nodes[found->second];
      if (node.roles.empty()) node.roles.push_back(name);
    }
  }
}

}  // namespace

std::vector<BpmnProcess> read_bpmn(const std::string& bytes, Reporter& reporter) {
  const LineIndex lines(bytes);
  pugi::xml_document document;
  const auto outcome = document.load_buffer(bytes.data(), bytes.size());
  if (!outcome) {
    reporter.error({"", lines.line_at(outcome.offset)}, "not-xml", outcome.description());
    return {};
  }
  if (!is_utf8(document)) {
    reporter.error({"", 1}, "not-utf-8", "the text is not UTF-8");
    return {};
  }
  const auto root = document.document_element();
  if (local_name(root) != "definitions" || namespace_of(root) != kModel) {
    reporter.error({"", 1}, "not-bpmn",
                   "the root is not `definitions` of BPMN 2.0 (" + std::string(kModel) + ")");
    return {};
  }
  std::vector<BpmnProcess> processes;
  for (const auto& child : root.children()) {
    if (local_name(child) == "process") processes.push_back(ProcessReader(lines, reporter).read(child));
    if (local_name(child) != "collaboration") continue;
    if (const auto flow = child_named(child, "messageFlow")) {
      reporter.warning({"/" + std::string(child.attribute("id").value()), lines.line_at(flow.offset_debug())},
                       "message-flow", "messages between pools are not carried over");
    }
  }
  if (processes.empty()) reporter.error({"", 1}, "no-process", "the file defines no process");
  return processes;
}

}  // namespace motcua::workflows

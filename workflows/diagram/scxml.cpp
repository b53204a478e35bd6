#include "workflows/diagram/chart_ids.hpp"
#include "workflows/diagram/diagram.hpp"

namespace motcua::workflows {
namespace {

/// For attribute values.
std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : drawable(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string attribute(const char* name, const std::string& value) {
  return value.empty() ? std::string() : std::string(" ") + name + "=\"" + escaped(value) + "\"";
}

class ScxmlWriter {
 public:
  explicit ScxmlWriter(const Chart& chart) : chart_(chart), ids_(ids_of(chart, "-.", {})) {}

  std::string write() {
    text_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    text_ += "<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" xmlns:motcua=\"urn:motcua:procedure\"";
    text_ += " version=\"1.0\" datamodel=\"null\"" + attribute("name", chart_.code);
    if (!chart_.states.empty()) text_ += attribute("initial", ids_[chart_.initial]);
    text_ += attribute("motcua:title", chart_.title) + ">\n";
    for (std::size_t i = 0; i < chart_.states.size(); ++i) {
      if (!chart_.states[i].parent) state(i, 1);
    }
    text_ += "</scxml>\n";
    return std::move(text_);
  }

 private:
  void line(int depth, const std::string& what) {
    text_ += std::string(static_cast<std::size_t>(depth) * 2, ' ') + what + "\n";
  }

  void state(std::size_t index, int depth) {
    const auto& at = chart_.states[index];
    const std::string element = at.kind == ChartKind::parallel ? "parallel"
                                : at.kind == ChartKind::final  ? "final"
                                                               : "state";
    line(depth, "<" + element + attribute("id", ids_[index]) +
                    (at.initial ? attribute("initial", ids_[*at.initial]) : std::string()) +
                    attribute("motcua:name", ids_[index] == at.name ? std::string() : at.name) +
                    attribute("motcua:label", at.label) + attribute("motcua:role", at.role) + ">");
    for (const auto& way : chart_.ways) {
      if (way.source == index) transition(way, depth + 1);
    }
    for (const auto child : at.children) state(child, depth + 1);
    line(depth, "</" + element + ">");
  }

  void transition(const ChartWay& way, int depth) {
    const bool done = way.name.event == "done" && !chart_.states[way.source].children.empty();
    std::string required;
    for (const auto& pointer : way.requires_) required += (required.empty() ? "" : " ") + pointer;
    line(depth, "<transition" + attribute("event", done ? "done.state." + ids_[way.source] : way.name.event) +
                    attribute("target", ids_[way.target]) + attribute("motcua:label", way.label) +
                    attribute("motcua:guard", way.guard.is_null() ? std::string() : way.guard.dump()) +
                    attribute("motcua:requires", required) + attribute("motcua:after", way.after) +
                    attribute("motcua:count", way.count ? std::to_string(*way.count) : std::string()) + "/>");
  }

  const Chart& chart_;
  std::vector<std::string> ids_;
  std::string text_{};
};

}  // namespace

std::string to_scxml(const Chart& chart) { return ScxmlWriter(chart).write(); }

}  // namespace motcua::workflows

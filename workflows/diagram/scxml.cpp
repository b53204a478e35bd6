#include "workflows/diagram/chart_ids.hpp"
#include "workflows/diagram/diagram.hpp"

#include <algorithm>

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
    timer(index, depth + 1);
    for (const auto& way : chart_.ways) {
      if (way.source == index) transition(way, depth + 1);
    }
    for (const auto child : at.children) state(child, depth + 1);
    line(depth, "</" + element + ">");
  }

  [[nodiscard]] std::string timer_event(std::size_t index) const { return "after." + ids_[index]; }

  void timer(std::size_t index, int depth) {
    const auto way = std::find_if(chart_.ways.begin(), chart_.ways.end(), [&](const ChartWay& each) {
      return each.source == index && each.after_days.has_value();
    });
    if (way == chart_.ways.end()) return;
    const auto event = timer_event(index);
    line(depth, "<onentry>");
    line(depth + 1, "<send" + attribute("event", event) + attribute("id", event) +
                        attribute("delay", std::to_string(*way->after_days) + "d") + "/>");
    line(depth, "</onentry>");
    line(depth, "<onexit>");
    line(depth + 1, "<cancel" + attribute("sendid", event) + "/>");
    line(depth, "</onexit>");
  }

  [[nodiscard]] std::string event_of(const ChartWay& way) const {
    const bool done = way.name.event == "done" && !chart_.states[way.source].children.empty();
    if (done) return "done.state." + ids_[way.source];
    return way.after.empty() ? way.name.event : timer_event(way.source);
  }

  void transition(const ChartWay& way, int depth) {
    std::string required;
    for (const auto& pointer : way.requires_) required += (required.empty() ? "" : " ") + pointer;
    line(depth, "<transition" + attribute("event", event_of(way)) + attribute("target", ids_[way.target]) +
                    attribute("motcua:label", way.label) +
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

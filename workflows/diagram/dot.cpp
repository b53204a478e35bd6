#include "workflows/diagram/diagram.hpp"

namespace motcua::workflows {
namespace {

/// A quoted string of DOT. Labels are read twice, for escapes and for entities of HTML: `\` and `&` are kept
/// from both.
std::string quoted(const std::string& text) {
  std::string safe = "\"";
  for (const char c : drawable(text)) {
    switch (c) {
      case '"':
        safe += "\\\"";
        break;
      case '\\':
        safe += "\\\\";
        break;
      case '&':
        safe += "&amp;";
        break;
      default:
        safe += c;
    }
  }
  return safe + "\"";
}

class DotWriter {
 public:
  explicit DotWriter(const Chart& chart) : chart_(chart) {}

  std::string write() {
    text_ = "digraph procedure {\n";
    line(1, "graph [rankdir=TB, compound=true, fontname=\"sans-serif\", fontsize=12, labelloc=t, label=" +
                quoted(chart_.code + "  " + chart_.title) + "];");
    line(1, "node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];");
    line(1, "edge [fontname=\"sans-serif\", fontsize=10];");
    for (std::size_t i = 0; i < chart_.states.size(); ++i) {
      if (!chart_.states[i].parent) box(i, 1);
    }
    if (!chart_.states.empty()) begin(chart_.initial, "start", 1);
    for (const auto& way : chart_.ways) arrow(way);
    text_ += "}\n";
    return std::move(text_);
  }

 private:
  void line(int depth, const std::string& what) {
    text_ += std::string(static_cast<std::size_t>(depth) * 2, ' ') + what + "\n";
  }
  static std::string node(std::size_t index) { return "s" + std::to_string(index); }
  static std::string cluster(std::size_t index) { return "cluster_" + std::to_string(index); }

  /// A box that stands for `index`: itself, or the first one inside.
  [[nodiscard]] std::size_t leaf_of(std::size_t index) const {
    while (!chart_.states[index].children.empty()) {
      index = chart_.states[index].initial.value_or(chart_.states[index].children.front());
    }
    return index;
  }
  [[nodiscard]] bool lies_in(std::size_t state, std::size_t around) const {
    for (std::optional<std::size_t> at = state; at; at = chart_.states[*at].parent) {
      if (*at == around) return true;
    }
    return false;
  }

  void begin(std::size_t target, const std::string& name, int depth) {
    line(depth, name + " [shape=point, width=0.12, label=\"\"];");
    const bool box = !chart_.states[target].children.empty();
    line(depth, name + " -> " + node(leaf_of(target)) + (box ? " [lhead=" + cluster(target) + "];" : ";"));
  }

  void box(std::size_t index, int depth) {
    const auto& state = chart_.states[index];
    if (state.children.empty()) {
      line(depth,
           node(index) + " [id=" + quoted("state-" + state.name) + ", label=" + quoted(state.label) +
               ", tooltip=" + quoted(state.name + (state.role.empty() ? "" : " (" + state.role + ")")) +
               (state.kind == ChartKind::final ? ", peripheries=2" : "") + "];");
      return;
    }
    const bool region = state.parent && chart_.states[*state.parent].kind == ChartKind::parallel;
    line(depth, "subgraph " + cluster(index) + " {");
    line(depth + 1, "id=" + quoted("state-" + state.name) + "; label=" + quoted(state.label) +
                        "; style=" + quoted(region ? "dashed" : "rounded") + ";");
    for (const auto child : state.children) box(child, depth + 1);
    if (state.initial) begin(*state.initial, "start_" + std::to_string(index), depth + 1);
    line(depth, "}");
  }

  void arrow(const ChartWay& way) {
    const auto from = leaf_of(way.source);
    const auto to = leaf_of(way.target);
    std::string more;
    // An arrow is cut at the edge of a box only where it crosses that edge.
    if (from != way.source && !lies_in(to, way.source)) more += ", ltail=" + cluster(way.source);
    if (to != way.target && !lies_in(from, way.target)) more += ", lhead=" + cluster(way.target);
    if (way.count && *way.count == 0) more += ", style=dashed, color=gray50, fontcolor=gray30";
    line(1, node(from) + " -> " + node(to) + " [label=" + quoted(" " + words_on(way) + " ") +
                ", tooltip=" + quoted(way.name.state + ": " + way.name.event) + more + "];");
  }

  const Chart& chart_;
  std::string text_{};
};

}  // namespace

std::string to_dot(const Chart& chart) { return DotWriter(chart).write(); }

}  // namespace motcua::workflows

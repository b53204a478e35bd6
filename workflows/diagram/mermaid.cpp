#include "workflows/diagram/chart_ids.hpp"
#include "workflows/diagram/diagram.hpp"

#include <set>

namespace motcua::workflows {
namespace {

/// Words that Mermaid reads as its own at the begin of a line, and names it keeps for itself.
const std::vector<std::string>& reserved_words() {
  static const std::vector<std::string> words{
      "state",    "end",   "note",       "direction", "as",   "class", "classDef",
      "style",    "root",  "root_start", "root_end",  "hide", "scale", "accTitle",
      "accDescr", "click", "default",    "of",        "left", "right", "stateDiagram"};
  return words;
}

/// Mermaid's entities: `#59;` for `;`.
std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : drawable(text)) {
    switch (c) {
      case '"':
      case '#':
      case ';':
      case '<':
      case '>':
      case '&':
      case ':':
      case '%':
      case '{':
      case '}':
      case '\\':
      case '`':
        safe += "#" + std::to_string(static_cast<unsigned char>(c)) + ";";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

class MermaidWriter {
 public:
  explicit MermaidWriter(const Chart& chart)
      : chart_(chart), ids_(ids_of(chart, "", reserved_words())), written_(chart.ways.size(), false) {}

  std::string write() {
    text_ = "stateDiagram-v2\n";
    if (chart_.states.empty()) return text_;
    line(1, "accTitle: " + escaped(chart_.code + " " + chart_.title));
    level(std::nullopt, 1);
    return std::move(text_);
  }

 private:
  void line(int depth, const std::string& what) {
    text_ += std::string(static_cast<std::size_t>(depth) * 4, ' ') + what + "\n";
  }

  [[nodiscard]] std::vector<std::size_t> states_of(std::optional<std::size_t> parent) const {
    if (parent) return chart_.states[*parent].children;
    std::vector<std::size_t> top;
    for (std::size_t i = 0; i < chart_.states.size(); ++i) {
      if (!chart_.states[i].parent) top.push_back(i);
    }
    return top;
  }

  [[nodiscard]] bool lies_in(std::size_t state, std::optional<std::size_t> parent) const {
    if (!parent) return true;
    for (auto at = chart_.states[state].parent; at; at = chart_.states[*at].parent) {
      if (at == parent) return true;
    }
    return false;
  }

  void level(std::optional<std::size_t> parent, int depth) {
    const auto initial = parent ? chart_.states[*parent].initial : std::optional(chart_.initial);
    for (const auto state : states_of(parent)) box(state, depth);
    if (initial) line(depth, "[*] --> " + ids_[*initial]);
    // A way stands with the innermost box around both of its ends.
    for (std::size_t i = 0; i < chart_.ways.size(); ++i) {
      const auto& way = chart_.ways[i];
      if (written_[i] || !lies_in(way.source, parent) || !lies_in(way.target, parent)) continue;
      written_[i] = true;
      line(depth, ids_[way.source] + " --> " + ids_[way.target] + " : " + escaped(words_on(way)));
    }
    for (const auto state : states_of(parent)) {
      if (chart_.states[state].kind == ChartKind::final) line(depth, ids_[state] + " --> [*]");
    }
  }

  void box(std::size_t index, int depth) {
    const auto& state = chart_.states[index];
    line(depth, "state \"" + escaped(state.label) + "\" as " + ids_[index]);
    if (state.children.empty()) return;
    line(depth, "state " + ids_[index] + " {");
    if (state.kind == ChartKind::parallel) {
      for (std::size_t i = 0; i < state.children.size(); ++i) {
        if (i > 0) line(depth + 1, "--");
        region(state.children[i], depth + 1);
      }
    } else {
      level(index, depth + 1);
    }
    line(depth, "}");
  }

  /// What runs side by side is divided by lines; the region itself is not drawn.
  void region(std::size_t index, int depth) {
    if (chart_.states[index].children.empty()) {
      box(index, depth);
    } else {
      level(index, depth);
    }
  }

  const Chart& chart_;
  std::vector<std::string> ids_;
  std::vector<bool> written_;
  std::string text_{};
};

}  // namespace

std::string to_mermaid(const Chart& chart) { return MermaidWriter(chart).write(); }

}  // namespace motcua::workflows

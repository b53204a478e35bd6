#include "workflows/diagram/chart.hpp"

#include "engine/procedure/definition_rules_graph.hpp"

#include <utility>

namespace motcua::workflows {
namespace {

using engine::GraphState;
using engine::StateGraph;

/// Letters of a guard that an arrow carries.
constexpr std::size_t kGuardLettersMax = 60;

std::string label_in(const Json& owner, const std::string& language, const std::string& otherwise) {
  const Json& label = member(owner, "label").is_null() ? member(owner, "name") : member(owner, "label");
  const auto wanted = text_of(label, language);
  if (!wanted.empty()) return wanted;
  const auto other = text_of(label, language == "vi" ? "en" : "vi");
  return other.empty() ? otherwise : other;
}

ChartKind kind_of(const GraphState& state) {
  if (state.parallel) return ChartKind::parallel;
  if (!state.children.empty()) return ChartKind::compound;
  return state.final ? ChartKind::final : ChartKind::atomic;
}

/// `text` cut before a letter that would make it longer than `most` bytes.
std::string shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

std::string duration_of(const Json& timer) {
  const Json& amount = member(timer, "amount");
  return (amount.is_number_integer() ? amount.dump() : "?") + " " + text_of(timer, "unit");
}

std::optional<std::uint64_t> days_of(const Json& timer) {
  const Json& amount = member(timer, "amount");
  const bool counts_days = text_of(timer, "unit") == "calendar_day" && amount.is_number_unsigned();
  return counts_days ? std::optional(amount.get<std::uint64_t>()) : std::nullopt;
}

class ChartMaker {
 public:
  ChartMaker(const Json& document, const ChartOptions& options)
      : options_(options), graph_(member(document, "machine")) {
    chart_.code = text_of(document, "code");
    chart_.title = label_in(document, options.language, chart_.code);
  }

  Chart make(const std::string& initial) {
    for (const auto& state : graph_.states) add(state);
    chart_.initial = graph_.find(initial).value_or(0);
    for (std::size_t i = 0; i < graph_.states.size(); ++i) add_ways(i);
    return std::move(chart_);
  }

 private:
  void add(const GraphState& state) {
    ChartState made;
    made.name = state.name;
    made.label = label_in(*state.json, options_.language, state.name);
    made.role = text_of(*state.json, "role");
    made.kind = kind_of(state);
    made.parent = state.parent;
    made.children = state.children;
    if (made.kind == ChartKind::compound) {
      made.initial = graph_.child(chart_.states.size(), text_of(*state.json, "initial"));
    }
    chart_.states.push_back(std::move(made));
  }

  void add_ways(std::size_t source) {
    std::map<std::string, std::size_t> seen;
    for (const auto& exit : graph_.states[source].exits) {
      const WayName name{graph_.states[source].name, exit.event, seen[exit.event]++};
      const auto target = graph_.find(text_of(*exit.transition, "target"));
      if (!target) continue;
      ChartWay way;
      way.name = name;
      way.source = source;
      way.target = *target;
      way.label = label_in(*exit.transition, options_.language, exit.event);
      if (exit.by_timer) {
        const Json& timer = member(*graph_.states[source].json, "after");
        way.after = duration_of(timer);
        way.after_days = days_of(timer);
      }
      way.guard = member(*exit.transition, "guard");
      engine::each_element(member(*exit.transition, "requires"), "", [&](const auto&, const Json& pointer) {
        if (pointer.is_string()) way.requires_.push_back(pointer.get<std::string>());
      });
      way.count = count_of(name);
      chart_.ways.push_back(std::move(way));
    }
  }

  [[nodiscard]] std::optional<std::uint64_t> count_of(const WayName& name) const {
    if (options_.counts == nullptr) return std::nullopt;
    const auto found = options_.counts->find(name);
    return found == options_.counts->end() ? 0 : found->second;
  }

  const ChartOptions& options_;
  StateGraph graph_;
  Chart chart_{};
};

}  // namespace

Chart chart_of(const Json& document, const ChartOptions& options) {
  return ChartMaker(document, options).make(text_of(member(document, "machine"), "initial"));
}

std::string drawable(const std::string& text) {
  std::string safe;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto three = text.substr(i, 3);
    if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") {  // U+FFFE, U+FFFF
      safe += ' ';
      i += 2;
    } else {
      safe += byte < 0x20 || byte == 0x7F ? ' ' : text[i];
    }
  }
  return safe;
}

std::string words_on(const ChartWay& way) {
  std::string words = way.label;
  if (!way.after.empty()) words += " (after " + way.after + ")";
  if (!way.guard.is_null()) words += " [" + shortened(way.guard.dump(), kGuardLettersMax) + "]";
  if (way.count) words += " ×" + std::to_string(*way.count);
  return words;
}

WayCounts read_counts(LocatedJson& located) {
  WayCounts counts;
  if (!located.document.is_array())
    located.error("", "counts-shape", "a list of {state, event, count} is expected");
  engine::each_element(located.document, "", [&](const std::string& at, const Json& entry) {
    const WayName name{text_of(entry, "state"), text_of(entry, "event"), 0};
    const Json& ordinal = member(entry, "ordinal");
    const Json& count = member(entry, "count");
    const bool sound = !name.state.empty() && !name.event.empty() && count.is_number_unsigned() &&
                       (ordinal.is_null() || ordinal.is_number_unsigned());
    if (!sound) {
      located.error(at, "counts-shape",
                    "a count has a state, an event, perhaps an ordinal, and a count from 0");
      return;
    }
    counts[{name.state, name.event, ordinal.is_null() ? 0 : ordinal.get<std::size_t>()}] +=
        count.get<std::uint64_t>();
  });
  return counts;
}

}  // namespace motcua::workflows

/// A step machine as a drawing sees it: boxes, arrows, words, and how often each arrow was taken.
#pragma once

#include "workflows/loader/located_json.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace motcua::workflows {

/// A transition as others name it: the state that gives it, the event (`done` for on_done, `after` for a
/// timer), and which of the
/// transitions of that event it is, from 0 in document order.
struct WayName {
  std::string state{};
  std::string event{};
  std::size_t ordinal = 0;
  friend auto operator<=>(const WayName&, const WayName&) = default;
};

/// How often transitions were taken, as a simulation or the log counts them. A transition that is not in it
/// was never taken.
using WayCounts = std::map<WayName, std::uint64_t>;

enum class ChartKind { atomic, compound, parallel, final };

struct ChartState {
  std::string name{};
  std::string label{};  ///< in the language asked for, else in the other, else the name
  std::string role{};
  ChartKind kind = ChartKind::atomic;
  std::optional<std::size_t> parent{};
  std::optional<std::size_t> initial{};  ///< child entered first; none for a parallel state
  std::vector<std::size_t> children{};   ///< in document order
};

struct ChartWay {
  WayName name{};
  std::size_t source = 0;
  std::size_t target = 0;
  std::string label{};
  Json guard = nullptr;
  std::vector<std::string> requires_{};
  std::string after{};                        ///< of a way that a timer takes: `2 working_hour`
  std::optional<std::uint64_t> after_days{};  ///< how many, of a timer in days of the calendar
  std::optional<std::uint64_t> count{};       ///< none if nobody counted
};

struct Chart {
  std::string code{};
  std::string title{};
  std::size_t initial = 0;
  std::vector<ChartState>
      states{};                  ///< in document order, children after their parent; empty: nothing to draw
  std::vector<ChartWay> ways{};  ///< in document order
};

struct ChartOptions {
  std::string language = "vi";        ///< of labels: vi | en
  const WayCounts* counts = nullptr;  ///< null: arrows without numbers
};

/// The machine of a definition. Assumes nothing about its shape: what leads to a state that is not there is
/// left out (the linter names it).
[[nodiscard]] Chart chart_of(const Json& document, const ChartOptions& options = {});

/// `text` on one line, without characters that XML does not allow: each is a space.
[[nodiscard]] std::string drawable(const std::string& text);

/// Words on an arrow: label, `(after 2 working_hour)` of a timer's, `[guard]` cut to a readable length,
/// `×count`.
[[nodiscard]] std::string words_on(const ChartWay& way);

/// Counts as `[{state, event, ordinal?, count}]`. Findings about what is not of that shape: counts-shape.
[[nodiscard]] WayCounts read_counts(LocatedJson& located);

}  // namespace motcua::workflows

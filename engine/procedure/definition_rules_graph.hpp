/// The states of a document's machine as a graph, for the rules that follow its paths. Assumes nothing about
/// the document's shape.
#pragma once

#include "engine/procedure/definition_rules_json.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// A way out of a state as the document gives it.
struct GraphExit {
  std::string pointer{};
  std::string event{};
  const OrderedJson* transition = nullptr;
  bool on_done = false;
  bool by_timer = false;
  bool of_linked = false;  ///< `on_done` of a step that waits for linked cases: time passes before it
};

struct GraphState {
  std::string name{};
  std::string pointer{};
  const OrderedJson* json = nullptr;
  std::optional<std::size_t> parent{};
  std::vector<std::size_t> children{};
  std::vector<GraphExit> exits{};
  bool final = false;
  bool parallel = false;
};

/// The machine of a document, flat, in document order. Points into the document.
class StateGraph {
 public:
  using Index = std::size_t;
  explicit StateGraph(const OrderedJson& machine);

  std::vector<GraphState> states{};
  std::map<std::string, Index> by_name{};
  std::vector<Index> repeated{};

  /// The states in which the machine comes to rest on entering `state`: one, or one in each region of a
  /// parallel state. None where an initial child is missing.
  [[nodiscard]] std::vector<Index> resting(Index state) const;
  /// The states in which it comes to rest when a way of `source` leads to `target`: also those in which the
  /// other regions begin, where the way leads into one from outside.
  [[nodiscard]] std::vector<Index> entering(Index source, Index target) const;
  /// The states in which the machine starts; none if it names no initial state.
  [[nodiscard]] std::vector<Index> start() const;
  /// True if `state` is a region: a child of a parallel state.
  [[nodiscard]] bool is_region(Index state) const;
  [[nodiscard]] std::optional<Index> child(Index state, const std::string& name) const;
  [[nodiscard]] bool lies_in(Index state, Index around) const;
  [[nodiscard]] std::optional<Index> find(const std::string& name) const;
  /// Resting states that one event can lead to from the resting state `state`.
  [[nodiscard]] std::vector<Index> next(Index state) const;

 private:
  [[nodiscard]] bool next_of_done(Index parent, std::vector<Index>& found) const;
  /// What a way of `source` to `target` does not leave: a compound state around both; none: nothing.
  [[nodiscard]] std::optional<Index> domain_of(Index source, Index target) const;
  void collect(const OrderedJson& object, const std::string& at, std::optional<Index> parent);
  void collect_exits(GraphState& state) const;

  std::string initial_{};
};

}  // namespace motcua::engine

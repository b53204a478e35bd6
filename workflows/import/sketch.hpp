/// A process on its way from another notation to a step machine: states and ways as the source has them, each
/// with its place, so that what is left out can be named.
#pragma once

#include "workflows/import/imported.hpp"

#include <string>
#include <vector>

namespace motcua::workflows {

/// One way out of a state.
struct SketchWay {
  std::string event{};
  std::string label{};   ///< as the source writes it
  std::string target{};  ///< name of a state of the same level
  SourcePlace place{};
  Json notes = Json::object();  ///< members `x-...` of the transition
  bool by_timer = false;        ///< taken by the timer of the state; `event` is `after`
};

struct SketchRegion;

/// A step, an end, or work side by side (`regions`).
struct SketchState {
  std::string name{};
  std::string label{};
  SourcePlace place{};
  bool final = false;
  std::vector<std::string> roles{};  ///< who works here, in the words of the source
  Json time_limit = nullptr;
  Json after = nullptr;  ///< timer of a step, without its transitions: these are the ways `by_timer`
  Json notes = Json::object();
  std::vector<SketchWay> ways{};      ///< of one with regions: where it goes on when all of them are over
  std::vector<SketchRegion> regions;  // without {}: what it holds is not complete yet
};

/// One level of states; each region of a parallel state is one.
struct SketchRegion {
  std::string name{};
  std::string label{};
  std::string initial{};
  std::vector<SketchState> states{};
};

/// Leaves out ways whose target is not there, states that nothing leads to, and states from which no final
/// state can be reached, until what is left always comes to an end. Each is a finding: unknown-target,
/// unreachable-state (warning), dead-end. A level without its initial state is empty afterwards.
void prune(SketchRegion& level, Reporter& reporter);

/// Members `machine` of a definition. Roles are translated with `options`; a step whose role nobody named
/// gets `case_officer` as a stand-in. Findings: role-not-mapped, several-roles.
[[nodiscard]] Json machine_of(const SketchRegion& level, const ImportOptions& options, Reporter& reporter);

/// `{vi, en}` of a text in the language of the source; the other language says `[unverified]`.
[[nodiscard]] Json label_of(const std::string& text, const ImportOptions& options);

}  // namespace motcua::workflows

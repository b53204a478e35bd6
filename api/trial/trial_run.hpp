/// A run of many invented cases through one office, and what became of them.
#pragma once

#include "api/trial/trial_life.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace motcua::api {

/// Stands for the event of a way that a state's timer took.
inline constexpr const char* kAfter = "after";
/// Event of a way that is taken when linked cases have ended.
inline constexpr const char* kDone = "done";

struct TrialPlan {
  std::size_t cases = 100;
  std::uint64_t seed = 1;
  std::size_t a_day = 20;  ///< arrivals on each working day
  Pace pace{};
};

/// One case, as the log tells it.
struct TrialCase {
  std::string id{};
  std::string stage{};
  engine::Instant filed_at{};
  std::optional<engine::Instant> received_at{};
  std::optional<engine::Instant> due_at{};      ///< the first promise
  std::optional<engine::Instant> legal_due{};   ///< with what pauses and extensions made of it
  std::optional<engine::Instant> decided_at{};  ///< resolved, stopped or withdrawn
  std::int64_t working_seconds = 0;             ///< of processing, the clock running
  bool late = false;                            ///< against the last date that was due
  std::vector<std::string> path{};              ///< commands and events of steps, in order
  std::string stuck{};                          ///< empty: it came to an end
};

/// A way of the machine that cases took: state, event, where it led.
struct TakenWay {
  std::string from{};
  std::string event{};
  std::string to{};
  friend auto operator<=>(const TakenWay&, const TakenWay&) = default;
};

struct TrialFigures {
  std::vector<TrialCase> cases{};
  std::map<std::string, std::size_t> stages{};  ///< at the end
  std::map<std::string, std::vector<std::int64_t>>
      step_seconds{};  ///< working seconds of each visit, by step
  std::map<TakenWay, std::size_t> ways{};
  std::map<std::vector<std::string>, std::size_t> paths{};
  std::map<std::string, std::size_t> stuck{};
  std::map<std::string, std::size_t> refusals{};
  std::size_t late = 0;
};

/// Plays the cases of `plan` on the definition, arrivals spread over working days, and reads the log.
[[nodiscard]] TrialFigures play(TrialOffice& office, const engine::Definition& definition,
                                const TrialPlan& plan);
/// Adds what the log says about one case.
void add_case(TrialFigures& figures, const TrialOffice& office, const engine::CaseId& id,
              const std::string& stuck);

}  // namespace motcua::api

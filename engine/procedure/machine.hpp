/// The step machine (quy trình nội bộ): where the office is inside a case. Data from a definition; atomic,
/// compound, parallel and final states; one event is one macrostep. Pure.
#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/result.hpp"
#include "engine/deadline/limit.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// A text in Vietnamese and English (`{vi, en}` in definitions).
struct Label {
  std::string vi{};
  std::string en{};
  friend bool operator==(const Label&, const Label&) = default;
};

/// What a way does to the case itself, right behind the step (tác động lên vòng đời, đồng hồ): one of the
/// commands of the life cycle or of the clock, which says yes or no as it does to an officer.
struct CaseEffect {
  enum class Kind { request_supplement, request_payment, withdraw, stop, pause, resume };
  Kind kind = Kind::resume;
  std::string code{};                ///< request_payment: fee; stop: law; pause: reason
  std::vector<std::string> items{};  ///< request_supplement: codes of papers, pointers into the form
};
/// The effect of this name: a trigger of the life cycle that a way can fire, `pause` or `resume`.
[[nodiscard]] std::optional<CaseEffect::Kind> case_effect_from(std::string_view name);

/// One way out of a state.
struct Transition {
  std::string event{};  ///< name in the `step` command
  StepName target{};
  nlohmann::json guard = nullptr;        ///< JsonLogic; null = always
  std::vector<std::string> requires_{};  ///< JSON pointers into `data` that must be present after the command
  Label label{};
  std::optional<CaseEffect> effect{};
};

/// Hẹn giờ của bước: a state that nobody has left after some time is left by itself.
struct StateTimer {
  Limit after{};                   ///< from the entry; working hours and days in working time, or whole days
  std::vector<Transition> ways{};  ///< in document order; the first whose guard is true is taken
};

/// Where a value of a linked case comes from: a leaf of its form and what fills it.
struct LinkedValue {
  std::string field{};            ///< pointer of the leaf in the linked procedure's form
  nlohmann::json rule = nullptr;  ///< JsonLogic over `data`, `applicant` and what guards read
};

/// A paper that goes with a linked case.
struct LinkedPaper {
  PaperCode code{};  ///< of the linked procedure
  PaperCode from{};  ///< of this one: handed in with it
};

/// Thủ tục liên thông: a procedure of which a case is opened when the machine enters the state that has it.
/// The case has a stream, a clock and an agency of its own. @law one-stop/linked
struct LinkedProcedure {
  std::string code{};                 ///< of the branch, once in the definition
  ProcedureCode procedure{};          ///< the version in force when the case is opened
  nlohmann::json when = nullptr;      ///< JsonLogic; null: always
  AgencyId agency{};                  ///< that receives it; empty: the agency of this case
  bool waits = true;                  ///< the state is not done before that case has ended
  std::vector<LinkedValue> values{};  ///< in document order
  std::vector<LinkedPaper> papers{};
};

/// The states of a parallel state are its regions: work that goes on side by side.
enum class StateKind { atomic, compound, parallel, final };

/// One state of the machine, in document order; children follow their parent.
struct MachineState {
  StepName name{};
  StateKind kind = StateKind::atomic;
  std::optional<std::size_t> parent{};   ///< index of the compound or parallel state that holds it
  std::optional<std::size_t> initial{};  ///< of a compound state: index of the child entered first
  std::string role{};  ///< who works here: case_officer, signatory, ...; inherited from the parent
  std::vector<StepName>
      not_same_person_as{};  ///< nobody who completed one of these steps, nor anyone acting for them
  /// `on` and then `on_done` (event `done`) of one that holds others, or that waits for linked cases.
  std::vector<Transition> transitions{};
  Label label{};
  std::optional<Limit>
      time_limit{};  ///< of an atomic state, in working time; the office's own, not the law's
  std::optional<StateTimer> timer{};      ///< of any state but a final one
  std::vector<LinkedProcedure> linked{};  ///< of an atomic state, in document order

  /// True if the state is done when linked cases have ended.
  [[nodiscard]] bool waits_for_linked() const;
};

struct Machine {
  std::size_t initial = 0;
  std::vector<MachineState> states{};

  [[nodiscard]] const MachineState* find(const StepName& name) const;
};

/// A way that was taken.
struct TakenWay {
  std::vector<StepName>
      steps{};  ///< active states that offered it: several if it leads out of a parallel state
  const Transition* transition = nullptr;
};

/// Outcome of one macrostep. Names are in document order.
struct MachineMove {
  std::vector<TakenWay> taken{};            ///< by the event itself; one for each region that it moves
  std::vector<const Transition*> joined{};  ///< ways of `on_done` that followed, in their order
  std::vector<StepName> left{};             ///< atomic states left
  std::vector<StepName> entered{};          ///< atomic or top-level final states entered
  std::vector<StepName> active{};  ///< all active atomic (or final) states afterwards; no region that is over
  std::vector<StepName> timers_begun{};  ///< states with a timer that were entered, perhaps anew, and last
  std::vector<StepName> timers_ended{};  ///< states with a timer that were left, also if only to come back
};

/// Microsteps one event may cost.
inline constexpr int kMicrostepsMax = 100;

/// Active states on entering the machine (at reception).
[[nodiscard]] std::vector<StepName> initial_steps(const Machine& machine);

/// States with a timer that stand around `active`, themselves included: on entering the machine, all begin.
[[nodiscard]] std::vector<StepName> timed_states(const Machine& machine, const std::vector<StepName>& active);

/// True if the machine stands in a top-level final state: `resolve` is permitted.
[[nodiscard]] bool in_final_state(const Machine& machine, const std::vector<StepName>& active);

/// Takes `event`: in each region innermost state first, then its ancestors; in each state the first
/// transition in document order whose guard is true. A later transition is looked at only if the earlier ones
/// are decided false. A way out of a parallel state is taken only if no region has a way of its own. A
/// parallel state is done when each of its regions has come to its final state. Rejections: not_allowed (no
/// active state offers the event, or every guard is false), guard_undecided (members `blocked_by`: pointers,
/// or the guard's error).
[[nodiscard]] Result<MachineMove> take(const Machine& machine, const std::vector<StepName>& active,
                                       const std::string& event, const nlohmann::json& facts,
                                       const std::vector<std::string>& provisional = {});

/// What happens when the timer of `state` has run out: its first way whose guard is true. Rejections:
/// not_allowed (the state is not active or has no timer, or every guard is false), guard_undecided as above.
[[nodiscard]] Result<MachineMove> take_timed(const Machine& machine, const std::vector<StepName>& active,
                                             const StepName& state, const nlohmann::json& facts,
                                             const std::vector<std::string>& provisional = {});

/// What happens when every linked case that `state` waits for has ended: its first `on_done` whose guard is
/// true. Rejections: as of `take_timed`.
[[nodiscard]] Result<MachineMove> take_done(const Machine& machine, const std::vector<StepName>& active,
                                            const StepName& state, const nlohmann::json& facts,
                                            const std::vector<std::string>& provisional = {});

/// One event that the active states offer, for `allowed_commands`.
struct OfferedEvent {
  StepName step{};                         ///< the atomic state in which it is offered
  const Transition* transition = nullptr;  ///< the one that would be taken, or the first blocked one
  nlohmann::json blocked_by = nullptr;     ///< null, or why it cannot be taken now (pointers or error)
};
/// Events offered now, each once per active state, in document order; events whose guards are all false are
/// left out.
[[nodiscard]] std::vector<OfferedEvent> offered_events(const Machine& machine,
                                                       const std::vector<StepName>& active,
                                                       const nlohmann::json& facts,
                                                       const std::vector<std::string>& provisional = {});

}  // namespace motcua::engine

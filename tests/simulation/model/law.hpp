/// What the law and the office make of a command: one function a command, each from its row of the contract.
#pragma once

#include "tests/simulation/model/command.hpp"
#include "tests/simulation/model/office_case.hpp"
#include "tests/simulation/model/procedure.hpp"

#include <set>
#include <string>

namespace motcua::simulation::model {

/// What the model expects of one command.
struct Verdict {
  bool may_be_accepted = false;
  std::set<std::string> refusals{};  ///< problem names; with `may_be_accepted` either may happen
  OfficeCase after{};                ///< if it is accepted
  bool background = false;           ///< its event makes no expected version stale
  bool is_repetition = false;        ///< of a command that was accepted: `after` is not meant

  [[nodiscard]] static Verdict refused(const char* problem) { return {false, {problem}, {}, false, false}; }
  [[nodiscard]] static Verdict accepted(OfficeCase after) {
    return {true, {}, std::move(after), false, false};
  }
};

/// Everything that a law reads.
struct Matter {
  const OfficeCase& before;
  const Command& command;
  const Procedure& procedure;
  const Agency& agency;
  const OfficeCalendar& calendar;
  Micros now = 0;
  Micros recorded_at = 0;
  const OfficeCalendar* asked_calendar = nullptr;  ///< of the agency that is consulted; null: nobody knows it
};

inline constexpr const char* kNotAllowed = "not-allowed";
inline constexpr const char* kInvalidData = "invalid-data";

/// Who may see a case, and who may command what (contract, sections 5 and 8).
[[nodiscard]] bool may_see(const Actor& actor, const OfficeCase& current);
/// True if personal values are shown.
[[nodiscard]] bool sees_values(const Actor& actor, const OfficeCase& current);
[[nodiscard]] bool may_command(const Actor& actor, const OfficeCase& current, const Command& command,
                               const Procedure& procedure);

/// Shape of what a command hands in, looked at before versions.
[[nodiscard]] bool has_shape(const Command& command, const Procedure& procedure);

[[nodiscard]] Verdict judge_filing(const Command& command, const Procedure* procedure, const Agency& agency,
                                   const OfficeCalendar& calendar, Micros now, Micros recorded_at);
/// Any command on a case, rights and versions aside.
[[nodiscard]] Verdict judge_law(const Matter& matter);

// By family.
[[nodiscard]] Verdict receive(const Matter& matter);
[[nodiscard]] Verdict refuse_reception(const Matter& matter);
[[nodiscard]] Verdict request_supplement(const Matter& matter);
[[nodiscard]] Verdict supply(const Matter& matter);
[[nodiscard]] Verdict correct(const Matter& matter);
[[nodiscard]] Verdict return_result(const Matter& matter);
[[nodiscard]] Verdict assign(const Matter& matter);
[[nodiscard]] Verdict claim(const Matter& matter);
[[nodiscard]] Verdict release(const Matter& matter);
[[nodiscard]] Verdict delegate(const Matter& matter);
[[nodiscard]] Verdict consult(const Matter& matter);
[[nodiscard]] Verdict acknowledge(const Matter& matter);
[[nodiscard]] Verdict answer_question(const Matter& matter);
[[nodiscard]] Verdict take_step(const Matter& matter);
[[nodiscard]] Verdict withdraw(const Matter& matter);
[[nodiscard]] Verdict stop(const Matter& matter);
[[nodiscard]] Verdict resolve(const Matter& matter);
[[nodiscard]] Verdict pause(const Matter& matter);
[[nodiscard]] Verdict resume(const Matter& matter);
[[nodiscard]] Verdict extend(const Matter& matter);
[[nodiscard]] Verdict fire_timer(const Matter& matter);
[[nodiscard]] Verdict record_answer(const Matter& matter);
[[nodiscard]] Verdict record_failure(const Matter& matter);

/// True while another agency has a question open, or has answered one.
[[nodiscard]] bool is_asked(const OfficeCase& current, const std::string& agency);
/// The flag that a timer of a question sets; empty if the timer is of another kind.
[[nodiscard]] std::string mark_of_question(const OfficeCase& current, const std::string& timer);
/// Codes that may stand in public.
[[nodiscard]] bool is_plain_code(const std::string& code);

// The legal clock, shared by families (clock.cpp).
void start_clock(OfficeCase& after, const Matter& matter);
void pause_clock(OfficeCase& after, const Matter& matter, const std::string& reason);
void resume_clock(OfficeCase& after, const Matter& matter);
/// Values typed in may put the case under another limit.
void reconsider_limit(OfficeCase& after, const Matter& matter);
void move_due(OfficeCase& after, const Matter& matter, Micros due);
/// The case is over or decided: nobody works on it any more.
void close(OfficeCase& after, const Matter& matter, bool end_clock);

/// Typed values enter the form; true if a value of the register would be replaced without a reason.
[[nodiscard]] bool type_in(OfficeCase& after, const Matter& matter, const nlohmann::json& given);

}  // namespace motcua::simulation::model

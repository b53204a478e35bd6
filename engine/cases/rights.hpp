/// Who may see a case and command what. Rights come from the token; the organisation file adds names only.
/// Pure.
#pragma once

#include "engine/cases/decision.hpp"

#include <string_view>
#include <vector>

namespace motcua::engine {

/// True if for this asker the case exists (else 404). Agencies that received it or are competent see it;
/// supervisors and leaders also those of descendant agencies; an auditor all; the portal what it filed; an
/// integrator none. An agency that is asked for its opinion sees it while the question is open or answered:
/// its case officers, supervisors and leaders.
[[nodiscard]] bool may_see(const Identity& asker, const Case& current);
/// True if personal values must be masked for this asker: it sees the case only as an auditor, or as a
/// supervisor or leader of an agency that is asked for its opinion. Case officers there must answer, and see
/// all.
[[nodiscard]] bool sees_masked(const Identity& asker, const Case& current);

/// The role by which the asker files a case: desk_officer, portal. Rejection: role_forbidden.
[[nodiscard]] Result<std::string_view> check_may_file(const Identity& asker);

/// Only admin may take a doubted clock for right.
[[nodiscard]] Result<void> check_may_confirm_clock(const Identity& asker);

/// Only integrator and admin publish calendars and definitions, and try definitions on past cases.
[[nodiscard]] Result<void> check_may_publish(const Identity& asker);
/// Integrator, supervisor and admin have a definition checked.
[[nodiscard]] Result<void> check_may_lint(const Identity& asker);
/// Only a supervisor decides on recalculations: of this case, or of any at all.
[[nodiscard]] Result<void> check_may_recalculate(const Identity& asker, const Case& current);
[[nodiscard]] Result<void> check_may_recalculate(const Identity& asker);

/// The role by which the asker gives a command on a visible case; it lives as long as the definition. Steps
/// ask for the role of the step meant; `delegate` is the holder's too. Rejection: role_forbidden.
[[nodiscard]] Result<std::string_view> check_role(const Identity& asker, const Case& current,
                                                  const CommandBody& body, const Definition& definition);

/// One entry of `allowed_commands`. Points into the contract or the definition, which must outlive it.
struct AllowedCommand {
  std::string_view command{};
  std::string_view event{};                             ///< of `step`; empty otherwise
  const Label* label = nullptr;                         ///< of the contract
  const std::vector<std::string>* requires_ = nullptr;  ///< members of `data`, or form pointers of a step
  nlohmann::json blocked_by = nullptr;                  ///< null, or why it cannot be done now
};
/// What this asker may do now, in the contract's order.
[[nodiscard]] std::vector<AllowedCommand> allowed_commands(const CaseView& current, const Rules& rules,
                                                           const Identity& asker,
                                                           const Attendance& attendance = {});

}  // namespace motcua::engine

/// One invented case from filing to its end: what the people around it do next. Chance comes from the case's
/// own number, so that its life does not hang on what other cases do.
#pragma once

#include "api/trial/draw.hpp"
#include "api/trial/invented_form.hpp"
#include "api/trial/trial_office.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace motcua::api {

/// How many working minutes people take, from .. to: `receive`, `supply`, `pay`, `step`, `resolve`, `return`,
/// `linked` (another agency's case), or the name of a step, which goes before `step`.
class Pace {
 public:
  void set(const std::string& what, int from, int to) { minutes_[what] = {from, to}; }
  [[nodiscard]] bool knows(const std::string& what) const { return minutes_.contains(what); }
  [[nodiscard]] engine::WorkingSeconds draw(const std::string& what, Draw& draw) const;

 private:
  std::map<std::string, std::pair<int, int>> minutes_{
      {"receive", {5, 30}}, {"supply", {240, 2400}}, {"pay", {30, 960}},    {"step", {30, 480}},
      {"resolve", {5, 30}}, {"return", {30, 960}},   {"linked", {60, 1440}}};
};

/// What ended a trial case, or keeps it from ending.
struct TrialEnd {
  bool stuck = false;
  std::string why{};  ///< of a stuck one: the step and what is in its way
};

class TrialLife {
 public:
  TrialLife(std::uint64_t seed, std::size_t number, const InventedForm& form, const Pace& pace);

  /// Files the case. A refusal is the end.
  void file(TrialOffice& office, const engine::Definition& definition);
  /// Does what comes next.
  void go_on(TrialOffice& office);

  [[nodiscard]] const std::optional<TrialEnd>& end() const { return end_; }
  /// When it goes on.
  [[nodiscard]] engine::Instant next_at() const { return next_at_; }
  [[nodiscard]] const std::optional<engine::CaseId>& id() const { return id_; }
  /// Refused commands by problem and sentence: tries that an officer would not repeat.
  [[nodiscard]] const std::map<std::string, int>& refusals() const { return refusals_; }

 private:
  bool run(TrialOffice& office, const std::string& role, const engine::LoadedCase& current,
           const engine::CommandBody& body, const std::string& reason = "");
  void at_desk(TrialOffice& office, const engine::LoadedCase& current);
  void supply(TrialOffice& office, const engine::LoadedCase& current);
  /// Pays what is owed, at once and in full.
  void pay(TrialOffice& office, const engine::LoadedCase& current);
  /// Until the timer of an active step comes due; false if none runs.
  bool dwell(const engine::LoadedCase& current);
  /// While linked cases are open: the next of them ends, or the case waits for it. False if none is open.
  bool await_linked(TrialOffice& office, const engine::CaseHandle& current);
  void take_step(TrialOffice& office, const engine::LoadedCase& current);
  /// Mostly a way that leads to where the case has not been.
  const engine::OfferedEvent& choose(const std::vector<engine::OfferedEvent>& offers);
  void resolve(TrialOffice& office, const engine::LoadedCase& current);
  void give_back(TrialOffice& office, const engine::LoadedCase& current);
  void wait_for_timer(TrialOffice& office, const engine::LoadedCase& current, const std::string& why);
  void after(TrialOffice& office, const std::string& what);
  void stick(const std::string& why) { end_ = TrialEnd{true, why}; }
  [[nodiscard]] nlohmann::json values_for(const std::vector<std::string>& pointers);

  Draw draw_;
  const InventedForm& form_;
  const Pace& pace_;
  std::optional<engine::CaseId> id_{};
  std::optional<TrialEnd> end_{};
  engine::Instant next_at_{};
  std::map<std::string, int> refusals_{};
  std::set<std::string> blocked_{};  ///< why offered events could not be taken, since the last success
  std::set<engine::StepName> seen_{};
  std::map<std::string, engine::Instant> linked_ends_{};  ///< when each open linked case ends
  int tries_ = 0;                                         ///< since the last success
  int steps_ = 0;
};

}  // namespace motcua::api

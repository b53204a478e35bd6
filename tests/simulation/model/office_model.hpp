/// The independent model of the office: what the contract makes of each command, in one sequential book. It
/// shares no code with the engine. What the contract leaves to registers and forms (derived values, which
/// questions are asked) it takes from the engine's answer as facts, and judges the rest.
#pragma once

#include "tests/simulation/model/law.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace motcua::simulation::model {

/// The rules that the office works by.
struct World {
  std::map<std::string, Procedure> procedures{};
  std::map<std::string, Agency> agencies{};
  std::map<std::string, OfficeCalendar> calendars{};
};

/// What the model takes from an answer.
struct Facts {
  std::string case_id{};
  std::string code{};
  nlohmann::json data = nlohmann::json::object();
  std::set<EffectName> effects{};
  bool overridden = false;  ///< a typed value stands against the register's
};

/// A command that was accepted, as repetitions must be answered.
struct Accepted {
  std::string body{};
  std::string case_id{};
  std::uint64_t version = 0;
  Micros recorded_at = 0;
};

/// A timer of some case.
struct Timer {
  Micros due_at = 0;
  std::string case_id{};
  std::string kind{};
  friend auto operator<=>(const Timer&, const Timer&) = default;
};

/// One line of a worklist, in the order of the contract.
struct WorkItem {
  std::string agency{};
  std::string queue{};
  std::string bucket{};
  std::int64_t rank = 0;  ///< due instant, what is left, or nothing
  Micros filed_at = 0;
  std::string case_id{};
  std::string code{};
  std::string stage{};
  std::string step{};
  std::string assignee{};
  std::uint64_t version = 0;
  std::set<std::string> flags{};
  friend auto operator<=>(const WorkItem&, const WorkItem&) = default;
};

class OfficeModel {
 public:
  explicit OfficeModel(const World& world) : world_(&world) {}

  /// What must come of the command at `now`. `suspect`: the clock is not trusted.
  [[nodiscard]] Verdict judge(const Command& command, Micros now, bool suspect = false) const;
  /// The engine accepted: the book follows the verdict, with the facts filled in.
  const OfficeCase& accept(const Command& command, const Verdict& verdict, const Facts& facts, Micros now);
  /// Everything accepted so far is durable.
  void settled() { durable_recorded_at_ = last_recorded_at_; }
  /// Something else was recorded (a look-up): the log's time follows.
  void recorded(Micros now) { last_recorded_at_ = recorded_at(now); }

  [[nodiscard]] const std::map<std::string, OfficeCase>& cases() const { return cases_; }
  [[nodiscard]] const OfficeCase* find(const std::string& id) const;
  /// The earlier acceptance that a repetition repeats.
  [[nodiscard]] const Accepted* earlier(const Command& command) const;
  /// Timers due by `until`, in the order in which they must fire.
  [[nodiscard]] std::vector<Timer> timers_until(Micros until) const;
  [[nodiscard]] std::optional<WorkItem> work_item(const OfficeCase& current) const;
  /// The same, and one for each question that another agency has to answer.
  [[nodiscard]] std::vector<WorkItem> work_items(const OfficeCase& current) const;
  /// Instant at which something recorded now is recorded: time in the log never goes back.
  [[nodiscard]] Micros recorded_at(Micros now) const { return std::max(now, last_recorded_at_); }
  /// The next case code of an agency.
  [[nodiscard]] std::string next_code(const std::string& agency, Micros now) const;

 private:
  [[nodiscard]] Verdict judge_new(const Command& command, Micros now) const;
  [[nodiscard]] Verdict judge_on_case(const Command& command, const OfficeCase& current, Micros now) const;
  [[nodiscard]] std::string day_prefix(const std::string& agency, Micros now) const;

  const World* world_;
  std::map<std::string, OfficeCase> cases_{};
  std::map<std::string, Accepted> accepted_{};
  std::map<std::string, int> codes_given_{};  ///< by prefix and day
  Micros last_recorded_at_ = 0;
  Micros durable_recorded_at_ = 0;
};

}  // namespace motcua::simulation::model

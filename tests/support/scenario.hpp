/// given / when / then for decide and evolve, on the small office.
#pragma once

#include "engine/cases/engine_command.hpp"
#include "tests/support/office.hpp"

#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// A case under test: the events given so far, and the decision under judgement. A Scenario is a value: a
/// copy is another future of the same past.
class Scenario {
 public:
  explicit Scenario(Rules rules = office_rules()) : rules_(std::move(rules)), versions_{rules_.definition} {}

  /// Moves the clock of the commands that follow.
  Scenario& at(Instant now);
  Scenario& later(std::chrono::seconds by) { return at(now_ + by); }

  /// Another published version of the procedure, to which the case may be moved.
  Scenario& version(Definition definition);

  /// Who stands in for whom from here on.
  Scenario& with(Substitution substitution);

  /// History that is stated, not decided.
  Scenario& given(const Event& event, const Identity& by = desk_officer(),
                  const std::vector<PersonalEntry>& personal = {});
  Scenario& given(const Decision& decision, const Identity& by);
  /// Lawful history: the command must be accepted.
  Scenario& filed(const FileCase& filing = complete_filing(), const Identity& by = desk_officer(),
                  const std::vector<PersonAnswer>& answers = {});
  Scenario& did(const Identity& by, const CommandBody& body, const std::optional<std::string>& reason = {});

  /// What the engine itself recorded: it must have been something to record.
  Scenario& happened(const EngineCommand& command);
  /// Every timer that is due by now fires, in order of due.
  Scenario& timers_fired();

  Scenario& when_filed(const FileCase& filing, const Identity& by = desk_officer(),
                       const std::vector<PersonAnswer>& answers = {});
  Scenario& when_engine(const EngineCommand& command);
  Scenario& when(const Identity& by, const CommandBody& body, const std::optional<std::string>& reason = {});
  /// The decision is exactly this event. The case then stands after it.
  Scenario& then(const Event& event);
  Scenario& then_rejected(RejectionCode code);

  /// The decided event of one type; fails the test and answers an empty one if it is none.
  template <class Alternative>
  [[nodiscard]] Alternative decided() const {
    if (result_ && result_->has_value()) {
      if (const auto* event = std::get_if<Alternative>(&(*result_)->event)) return *event;
    }
    complain("no such event was decided");
    return {};
  }
  /// The rejection; fails the test and answers an empty one if there is none.
  [[nodiscard]] Rejection rejection() const;
  /// What was decided to be sealed, by subject.
  [[nodiscard]] nlohmann::json sealed(const std::string& subject) const;

  [[nodiscard]] const Case& state() const { return state_; }
  [[nodiscard]] const CaseContent& content() const { return content_; }
  [[nodiscard]] CaseView view() const { return {state_, content_}; }
  [[nodiscard]] const Rules& rules() const { return rules_; }
  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] Attendance attendance() const { return {now_, &substitutions_}; }
  [[nodiscard]] const std::optional<Result<Decision>>& result() const { return result_; }

 private:
  void complain(const std::string& what) const;
  void fold_in(const Decision& decision, const Identity& by);
  [[nodiscard]] CommandContext context_of(const Identity& by, const CommandBody& body) const;

  /// Null if there is no such version.
  [[nodiscard]] std::shared_ptr<const Definition> published(std::int64_t version) const;

  void follow_pins();

  Rules rules_;
  std::vector<std::shared_ptr<const Definition>> versions_{};  ///< all that are published
  Instant now_ = kMonday8h;
  Case state_{};
  CaseContent content_{};
  Substitutions substitutions_{};
  std::optional<Result<Decision>> result_{};
  Identity judged_{};
};

/// Who commands for the engine.
[[nodiscard]] Identity engine_actor();

/// The case identifier of every scenario.
[[nodiscard]] CaseId scenario_case();

/// A history that ends in `stage`, all at kMonday8h; in process, case-1 holds the appraisal.
[[nodiscard]] Scenario standing_in(Stage stage);

struct Situation {
  std::string name{};
  Scenario scenario{};
};
/// Every stage, and those that come in more kinds: waiting for a supplement before reception, paused by
/// command, and finished steps.
[[nodiscard]] std::vector<Situation> situations();

// Commands in one line.
[[nodiscard]] CommandBody take(const std::string& event, nlohmann::json data = nlohmann::json::object());
[[nodiscard]] CommandBody assign(const std::string& officer, std::optional<std::string> step = {});
[[nodiscard]] CommandBody claim(std::optional<std::string> step = {});
[[nodiscard]] CommandBody release(std::optional<std::string> step = {});
[[nodiscard]] CommandBody delegate(const std::string& officer, std::optional<LocalDay> until = {});
[[nodiscard]] CommandBody consult(const std::string& agency);
[[nodiscard]] CommandBody answer(const std::string& opinion_code);
[[nodiscard]] CommandBody ask_for(const std::vector<std::string>& items);
[[nodiscard]] CommandBody supply(const std::vector<std::string>& papers,
                                 nlohmann::json data = nlohmann::json::object());
[[nodiscard]] CommandBody resolve(const std::vector<std::string>& results);
[[nodiscard]] CommandBody correct(const std::string& pointer, nlohmann::json value);
[[nodiscard]] CommandBody extend(Instant due_at, const std::string& signer = "sign-1");

}  // namespace motcua::engine

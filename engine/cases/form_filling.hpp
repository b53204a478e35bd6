/// How the form of a case grows (điền tờ khai): what was typed, what a register answered, what follows from
/// both; with the provenance of each value. Pure.
#pragma once

#include "engine/cases/decision.hpp"
#include "engine/prefill/prefill.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// Values added to a form and where everything came from.
struct FormChange {
  nlohmann::json data = nlohmann::json::object();   ///< the whole form afterwards
  nlohmann::json added = nlohmann::json::object();  ///< values that are new in it
  std::map<std::string, Provenance> provenance{};   ///< of leaves whose origin is new or better known
  /// A given value beside the register's.
  struct Difference {
    std::string pointer{};
    nlohmann::json registered{};
  };
  std::vector<Difference> differences{};  ///< given values that the register contradicts
  std::vector<Difference> agreed{};       ///< given values that it confirms, and what it says
};

/// A form as it is being filled: its values, who filed, and the origins known so far.
class FormFilling {
 public:
  FormFilling(const Definition& definition, const nlohmann::json& applicant, nlohmann::json data,
              std::map<std::string, Provenance> origins, Instant now);

  /// Values that a person typed. They replace what stood there; a register that is still to answer about the
  /// leaf is still to answer.
  void type(const nlohmann::json& given, std::string_view source);
  /// What the answer says about its subject and everybody with the same identifiers. Values that stand are
  /// never replaced: they agree, or they are differences.
  void answer(const PersonAnswer& answer);
  /// What follows from the values for leaves that are not given.
  void derive_rest();
  /// The leaves of `subject` that a look-up would fill or confirm: their class is `answer_class` until then.
  /// What an earlier answer confirmed stays confirmed.
  void wait_for(std::string_view subject, std::string_view answer_class);
  /// `subject` is somebody else than before: what was confirmed about the one before is not about this one.
  void wait_anew(std::string_view subject);

  [[nodiscard]] const FormChange& change() const { return change_; }
  /// The last word of its author: `take` moves it out.
  [[nodiscard]] FormChange take() { return std::move(change_); }

 private:
  void add(const std::string& pointer, const nlohmann::json& value, Provenance origin);
  [[nodiscard]] Provenance origin_of(const std::string& pointer) const;
  void answer_one(std::string_view subject, const PersonAnswer& answer);

  const Definition& definition_;
  const nlohmann::json& applicant_;
  std::map<std::string, Provenance> origins_;
  Instant now_;
  FormChange change_{};
};

/// Class of a leaf whose look-up is asked and not answered.
inline constexpr const char* kPending = "PENDING";
inline constexpr const char* kMatch = "MATCH";
inline constexpr const char* kUnavailable = "UNAVAILABLE";
/// Source of what an officer typed.
inline constexpr const char* kOfficer = "officer";
/// Kind of the effect that asks the register about one person.
inline constexpr const char* kLookupEffect = "population_lookup";
/// Kind of the task for a value that the register contradicts.
inline constexpr const char* kDifferenceTask = "difference";

/// Typed values enter the case: provenance, derived values, what is missing, new look-ups, tasks that they
/// answer, and the limit that now applies. For supply, step and correct.
void take_values(Outcome& outcome, std::vector<PersonalEntry>& personal, const CaseView& current,
                 const nlohmann::json& given, std::string_view source, const CommandContext& context,
                 const std::vector<CasePaper>& papers);

/// Look-ups follow the identifiers: whoever is new or somebody else now is asked for once, and questions
/// about whom the form no longer names are closed, so that a late answer to them is ignored. `asked`: the
/// people of the form before. Returns the leaves of those who are somebody else now.
std::set<std::string> follow_people(Outcome& outcome, FormFilling& filling, const CaseView& current,
                                    const std::vector<PersonToLookUp>& asked, const Definition& definition);

/// Pointers below `/data` whose value the register has still to confirm: conditions on them are undecided. An
/// officer who typed a value answers for it: an outage blocks no work.
[[nodiscard]] std::vector<std::string> provisional_pointers(const CaseView& current);

}  // namespace motcua::engine

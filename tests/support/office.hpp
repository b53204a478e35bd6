/// A small office built as values: one procedure, one calendar, three agencies and their people. Tests of
/// decide need no file and no loader.
#pragma once

#include "engine/cases/decision.hpp"
#include "engine/ports/catalogue.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// 2026-03-02, a Monday, 08:00 in Hà Nội: half an hour after the morning window opens.
inline constexpr Instant kMonday8h{std::chrono::seconds{1'772'413'200}};
inline constexpr std::int64_t kOfficeLimitDays = 2;

/// `9.000001`: child and mother as subjects; papers `declaration` (always) and `birth_notice` (unless a
/// foundling); appraisal -> signing (nobody who appraised) -> done, and back from signing to appraisal.
[[nodiscard]] Definition office_definition();
/// Monday to Friday 07:30-11:30 and 13:30-17:30; Wednesday 2026-03-04 is off by notice.
[[nodiscard]] WorkingCalendar office_calendar();
/// H15 above H15.50.05 (where the case lies) and H15.60.01 (which has nothing to do with it).
[[nodiscard]] Organisation office_organisation();
[[nodiscard]] Rules office_rules();

/// An officer of H15.50.05 unless another agency is named.
[[nodiscard]] Identity person(const std::string& sub, std::vector<std::string> roles,
                              const std::string& agency = "H15.50.05");
[[nodiscard]] Identity desk_officer();        ///< desk-1
[[nodiscard]] Identity case_officer();        ///< case-1
[[nodiscard]] Identity other_case_officer();  ///< case-2
[[nodiscard]] Identity signatory();           ///< sign-1
[[nodiscard]] Identity all_rounder();         ///< both-1: case_officer and signatory
[[nodiscard]] Identity supervisor();          ///< chief-1

/// The office's procedure with a register beside it. The mother (name, residence, ethnicity), the father
/// (residence) and the applicant (`/contact`) are looked up; the child's ethnicity follows from the mother's.
/// `confirm` leads from appraisal to signing unless the mother lives `nowhere`. A case whose remark is
/// `urgent` has one working day, `slow` four, any other two.
[[nodiscard]] Definition register_definition();
/// The office's rules with another definition.
[[nodiscard]] Rules rules_with(Definition definition);

/// Form data and papers of a case that lacks nothing.
[[nodiscard]] nlohmann::json complete_data();
[[nodiscard]] std::vector<CasePaper> complete_papers();
[[nodiscard]] FileCase complete_filing();

/// The definition, calendar and organisation above, or what a test puts in their place.
class OfficeCatalogue final : public Catalogue {
 public:
  OfficeCatalogue() : OfficeCatalogue(office_rules()) {}
  /// `newer`: further versions of the procedure, ascending.
  explicit OfficeCatalogue(Rules rules, const std::vector<Definition>& newer = {});

  [[nodiscard]] std::shared_ptr<const Definition> definition_on(const ProcedureCode& code,
                                                                LocalDay day) const override;
  [[nodiscard]] std::shared_ptr<const Definition> definition(const ProcedureCode& code,
                                                             std::int64_t version) const override;
  [[nodiscard]] std::vector<std::shared_ptr<const Definition>> versions(
      const ProcedureCode& code) const override;
  [[nodiscard]] std::shared_ptr<const Definition> definition_by_hash(const Digest& hash) const override;
  [[nodiscard]] std::vector<std::shared_ptr<const Definition>> definitions() const override;
  [[nodiscard]] std::shared_ptr<const WorkingCalendar> calendar(const std::string& code) const override;
  [[nodiscard]] std::shared_ptr<const WorkingCalendar> calendar_by_hash(const Digest& hash) const override;
  [[nodiscard]] std::shared_ptr<const Organisation> organisation_of(const AgencyId& agency) const override;
  [[nodiscard]] std::shared_ptr<const Organisation> organisation_by_hash(const Digest& hash) const override;

 private:
  Rules rules_;
  std::vector<std::shared_ptr<const Definition>> versions_{};
};

}  // namespace motcua::engine

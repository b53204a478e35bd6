#include "tests/support/office.hpp"

#include <algorithm>
#include <chrono>

namespace motcua::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

LocalDay day_of(int month, int day) { return LocalDay{std::chrono::year{2026} / month / day}; }

/// Texts of at most 200 bytes at the known pointers, and a boolean at `/child/foundling`.
class OfficeForm final : public FormShape {
 public:
  explicit OfficeForm(std::vector<std::string> pointers) : pointers_(std::move(pointers)) {}

  [[nodiscard]] std::vector<ShapeViolation> check(const nlohmann::json& data) const override {
    std::vector<ShapeViolation> violations;
    visit(data, "", violations);
    return violations;
  }

 private:
  void visit(const nlohmann::json& value, const std::string& at,
             std::vector<ShapeViolation>& violations) const {
    const bool leaf = std::find(pointers_.begin(), pointers_.end(), at) != pointers_.end();
    const bool inner = std::any_of(pointers_.begin(), pointers_.end(),
                                   [&](const std::string& pointer) { return pointer.starts_with(at + '/'); });
    if (leaf) {
      const bool fits = at == "/child/foundling"
                            ? value.is_boolean()
                            : value.is_string() && value.get_ref<const std::string&>().size() <= 200;
      if (!fits) violations.push_back({at, "has the wrong type or length"});
    } else if (!inner || !value.is_object()) {
      violations.push_back({at, "is not a member of the form"});
    } else {
      for (const auto& [key, member] : value.items()) visit(member, at + '/' + key, violations);
    }
  }

  std::vector<std::string> pointers_;
};

/// The form's shape is what its leaves say.
void shape_form(Definition& definition) {
  std::vector<std::string> pointers;
  for (const auto& one : definition.leaves) pointers.push_back(one.pointer);
  definition.shape = std::make_shared<OfficeForm>(std::move(pointers));
}

FormLeaf leaf(const char* pointer, const char* subject, bool required, const char* within = "") {
  FormLeaf one;
  one.pointer = pointer;
  one.subject = SubjectName(subject);
  one.required = required;
  one.required_within = within;
  one.source = "citizen";
  return one;
}

Transition way(const char* event, const char* target) {
  Transition one;
  one.event = event;
  one.target = StepName(target);
  one.label = {event, event};
  return one;
}

Machine office_machine() {
  MachineState appraisal;
  appraisal.name = StepName("appraisal");
  appraisal.role = "case_officer";
  auto submit = way("submit", "signing");
  submit.guard = nlohmann::json::parse(R"({"!=": [{"var": "data.child.birth_date"}, "unknown"]})");
  submit.requires_ = {"/child/full_name"};
  appraisal.transitions = {submit};
  MachineState signing;
  signing.name = StepName("signing");
  signing.role = "signatory";
  signing.not_same_person_as = {StepName("appraisal")};
  signing.transitions = {way("sign", "done"), way("send_back", "appraisal")};
  MachineState done;
  done.name = StepName("done");
  done.kind = StateKind::final;
  Machine machine;
  machine.states = {appraisal, signing, done};
  return machine;
}

PaperRule paper(const char* code, bool required) {
  PaperRule one;
  one.code = PaperCode(code);
  one.required = required;
  return one;
}

Agency agency(const char* id, const char* parent, std::vector<Officer> officers) {
  Agency one;
  one.id = AgencyId(id);
  if (*parent != '\0') one.parent = AgencyId(parent);
  one.calendar = "office";
  one.code_prefix = id;
  one.officers = std::move(officers);
  return one;
}

Officer officer(const char* sub, std::vector<std::string> roles) {
  return {ActorId(sub), sub, std::move(roles), ""};
}

}  // namespace

Definition office_definition() {
  Definition definition;
  definition.code = ProcedureCode("9.000001");
  definition.version = 1;
  definition.hash = Digest{1, 1};
  definition.name = {"Thủ tục mẫu", "Sample procedure"};
  definition.published = true;
  definition.effective_from = day_of(1, 1);
  definition.law = {{"law-1", "Act", "Article 1", ""}};
  definition.channels = {"counter", "online"};
  Limit limit;
  limit.amount = kOfficeLimitDays;
  limit.law = "law-1";
  definition.time_limits = {{limit, nullptr}};
  definition.max_extensions = 2;
  definition.pause_reasons = {{"supplement", "law-1"}, {"payment", "law-1"}, {"verification", "law-1"}};
  definition.refusal_reasons = {"not_competent", "duplicate"};
  definition.supplement_requests_max = 2;
  definition.fees = {{"fee", 20'000, 10'000}};
  definition.leaves = {
      leaf("/child/full_name", "/child", true),      leaf("/child/birth_date", "/child", false),
      leaf("/child/foundling", "/child", false),     leaf("/mother/full_name", "/mother", true, "/mother"),
      leaf("/mother/personal_id", "/mother", false), leaf("/remark", "data", false)};
  definition.subjects = {SubjectName("/child"), SubjectName("/mother")};
  shape_form(definition);
  auto notice = paper("birth_notice", false);
  notice.required_when =
      nlohmann::json::parse(R"({"!": [{"==": [{"var": ["data.child.foundling", false]}, true]}]})");
  definition.papers = {paper("declaration", true), notice, paper("mandate", false)};
  definition.machine = office_machine();
  definition.results = {{"certificate", {"Giấy chứng nhận", "Certificate"}},
                        {"extract", {"Trích lục", "Extract"}}};
  return definition;
}

namespace {

PrefillRule looked_up(const char* field, const char* subject, const char* attribute) {
  PrefillRule rule;
  rule.field = field;
  rule.source = "population";
  rule.subject = subject;
  rule.attribute = attribute;
  return rule;
}

TimeLimit limit_when(std::int64_t days, const char* remark) {
  TimeLimit limit;
  limit.limit.amount = days;
  limit.limit.law = "law-1";
  limit.when = {{"==", {{{"var", "data.remark"}}, remark}}};
  return limit;
}

}  // namespace

Definition register_definition() {
  auto definition = office_definition();
  definition.hash = Digest{1, 9};
  for (const auto* one : {"/mother/birth_date", "/mother/residence", "/mother/ethnicity"}) {
    definition.leaves.push_back(leaf(one, "/mother", false));
  }
  for (const auto* one :
       {"/father/full_name", "/father/personal_id", "/father/birth_date", "/father/residence"}) {
    definition.leaves.push_back(leaf(one, "/father", false));
  }
  definition.leaves.push_back(leaf("/contact", "applicant", false));
  definition.leaves.push_back(leaf("/child/ethnicity", "/child", false));
  for (auto& one : definition.leaves) {
    if (one.pointer.ends_with("/full_name")) one.kind = "name";
    if (one.pointer.ends_with("/birth_date")) one.kind = "year_or_date";
  }
  definition.subjects.push_back(SubjectName("/father"));
  shape_form(definition);
  PrefillRule derived;
  derived.field = "/child/ethnicity";
  derived.source = "derived";
  derived.rule = {{"var", "data.mother.ethnicity"}};
  definition.prefill = {looked_up("/contact", "/applicant", "current_residence"),
                        looked_up("/mother/full_name", "/mother", "full_name"),
                        looked_up("/mother/residence", "/mother", "permanent_residence"),
                        looked_up("/mother/ethnicity", "/mother", "ethnicity"),
                        looked_up("/father/residence", "/father", "permanent_residence"),
                        derived};
  auto confirm = way("confirm", "signing");
  confirm.guard = nlohmann::json::parse(R"({"!=": [{"var": "data.mother.residence"}, "nowhere"]})");
  definition.machine.states.front().transitions.push_back(confirm);
  auto& limits = definition.time_limits;
  limits.insert(limits.begin(), {limit_when(1, "urgent"), limit_when(4, "slow")});
  return definition;
}

Rules rules_with(Definition definition) {
  auto rules = office_rules();
  rules.definition = std::make_shared<const Definition>(std::move(definition));
  return rules;
}

WorkingCalendar office_calendar() {
  WorkingCalendar calendar;
  calendar.code = "office";
  calendar.version = 1;
  calendar.hash = Digest{2, 2};
  calendar.published_until = day_of(12, 31);
  for (std::size_t weekday = 1; weekday <= 5; ++weekday) {
    calendar.processing[weekday] = {{hours{7} + minutes{30}, hours{11} + minutes{30}},
                                    {hours{13} + minutes{30}, hours{17} + minutes{30}}};
  }
  calendar.reception = calendar.processing;
  calendar.overrides[day_of(3, 4)] = {DayKind::off, std::nullopt, "nghỉ", "notice-1", "law-1"};
  return calendar;
}

Organisation office_organisation() {
  Organisation organisation;
  organisation.code = "H15";
  organisation.version = 1;
  organisation.hash = Digest{3, 3};
  organisation.agencies = {
      agency("H15", "", {officer("chief-0", {"supervisor"})}),
      agency("H15.50.05", "H15",
             {officer("desk-1", {"desk_officer"}), officer("case-1", {"case_officer"}),
              officer("case-2", {"case_officer"}), officer("sign-1", {"signatory"}),
              officer("both-1", {"case_officer", "signatory"}), officer("chief-1", {"supervisor"})}),
      agency("H15.60.01", "H15", {officer("case-9", {"case_officer"}), officer("desk-9", {"desk_officer"})})};
  return organisation;
}

Rules office_rules() {
  static const Rules kRules{std::make_shared<const Definition>(office_definition()),
                            std::make_shared<const WorkingCalendar>(office_calendar()),
                            std::make_shared<const Organisation>(office_organisation())};
  return kRules;
}

Identity person(const std::string& sub, std::vector<std::string> roles, const std::string& agency) {
  return {ActorId(sub), sub, std::move(roles), AgencyId(agency), {}};
}
Identity desk_officer() { return person("desk-1", {"desk_officer"}); }
Identity case_officer() { return person("case-1", {"case_officer"}); }
Identity other_case_officer() { return person("case-2", {"case_officer"}); }
Identity signatory() { return person("sign-1", {"signatory"}); }
Identity all_rounder() { return person("both-1", {"case_officer", "signatory"}); }
Identity supervisor() { return person("chief-1", {"supervisor"}); }

nlohmann::json complete_data() {
  return {{"child", {{"full_name", "Nguyễn Thị An"}, {"birth_date", "2026-02-20"}}},
          {"mother", {{"full_name", "Nguyễn Thị Bình"}}}};
}
std::vector<CasePaper> complete_papers() {
  return {{PaperCode("declaration"), ""}, {PaperCode("birth_notice"), "doc-1"}};
}
FileCase complete_filing() {
  FileCase filing;
  filing.procedure = ProcedureCode("9.000001");
  filing.channel = "counter";
  filing.applicant = {{"full_name", "Trần Văn Cường"}, {"personal_id", "001090000001"}};
  filing.data = complete_data();
  filing.papers = complete_papers();
  return filing;
}

OfficeCatalogue::OfficeCatalogue(Rules rules, const std::vector<Definition>& newer)
    : rules_(std::move(rules)) {
  if (rules_.definition) versions_.push_back(rules_.definition);
  for (const auto& version : newer) versions_.push_back(std::make_shared<const Definition>(version));
}
std::shared_ptr<const Definition> OfficeCatalogue::definition_on(const ProcedureCode& code,
                                                                 LocalDay day) const {
  const auto found = std::find_if(versions_.rbegin(), versions_.rend(), [&](const auto& held) {
    return held->code == code && day >= held->effective_from;
  });
  return found == versions_.rend() ? nullptr : *found;
}
std::shared_ptr<const Definition> OfficeCatalogue::definition(const ProcedureCode& code,
                                                              std::int64_t version) const {
  const auto found = std::find_if(versions_.begin(), versions_.end(), [&](const auto& held) {
    return held->code == code && held->version == version;
  });
  return found == versions_.end() ? nullptr : *found;
}
std::vector<std::shared_ptr<const Definition>> OfficeCatalogue::versions(const ProcedureCode& code) const {
  if (versions_.empty() || versions_.front()->code != code) return {};
  return versions_;
}
std::shared_ptr<const Definition> OfficeCatalogue::definition_by_hash(const Digest& hash) const {
  const auto found =
      std::find_if(versions_.begin(), versions_.end(), [&](const auto& held) { return held->hash == hash; });
  return found == versions_.end() ? nullptr : *found;
}
std::vector<std::shared_ptr<const Definition>> OfficeCatalogue::definitions() const {
  if (versions_.empty()) return {};
  return {versions_.back()};
}
std::shared_ptr<const WorkingCalendar> OfficeCatalogue::calendar(const std::string& code) const {
  return rules_.calendar && rules_.calendar->code == code ? rules_.calendar : nullptr;
}
std::shared_ptr<const WorkingCalendar> OfficeCatalogue::calendar_by_hash(const Digest& hash) const {
  return rules_.calendar && rules_.calendar->hash == hash ? rules_.calendar : nullptr;
}
std::shared_ptr<const Organisation> OfficeCatalogue::organisation_of(const AgencyId& agency) const {
  return rules_.organisation && rules_.organisation->find(agency) != nullptr ? rules_.organisation : nullptr;
}
std::shared_ptr<const Organisation> OfficeCatalogue::organisation_by_hash(const Digest& hash) const {
  return rules_.organisation && rules_.organisation->hash == hash ? rules_.organisation : nullptr;
}

}  // namespace motcua::engine

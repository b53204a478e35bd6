#include "tests/simulation/office_rules.hpp"

#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace motcua::simulation {
namespace {

using Json = nlohmann::ordered_json;

const std::string kFolder = std::string(SOURCE_DIR) + "/workflows/";

std::string bytes_of(const std::string& path) {
  std::ifstream file(kFolder + path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void must(const workflows::Findings& findings) {
  for (const auto& finding : findings) {
    if (finding.severity == workflows::Severity::error)
      throw std::runtime_error(workflows::to_text(findings));
  }
}

void allow_pauses(Json& procedure) {
  procedure["pause_reasons"].push_back({{"code", "verification"},
                                        {"whose", "other_agency"},
                                        {"name", {{"vi", "Chờ xác minh"}, {"en", "Verification"}}},
                                        {"law", "unverified"}});
}

/// A residence procedure counted in whole days, with pauses by command and two extensions.
Json in_whole_days(Json procedure) {
  procedure["code"] = "9.000001";
  auto& limit = procedure["time_limit"];
  limit["counting"] = "civil_code";
  limit["max_extensions"] = 2;
  limit["extension_law"] = "luat-cu-tru-2020-dieu-28";
  allow_pauses(procedure);
  return procedure;
}

/// A birth procedure counted in working hours, with pauses by command and three extensions.
Json in_hours(Json procedure) {
  procedure["code"] = "9.000002";
  auto& limit = procedure["time_limit"][1];
  limit["amount"] = 12;
  limit["unit"] = "working_hour";
  limit.erase("cutoff");
  limit["max_extensions"] = 3;
  // A way that hangs on what the register says, without a default: undecided until it answers.
  procedure["machine"]["states"]["appraisal"]["states"]["check"]["on"]["compare"] =
      Json::array({{{"target", "check"},
                    {"guard", {{"==", {{{"var", "data.mother.ethnicity"}}, "Kinh"}}}},
                    {"label", {{"vi", "Đối chiếu lại"}, {"en", "Compare again"}}}}});
  allow_pauses(procedure);
  return procedure;
}

void add_procedure(OfficeRules& rules, const std::string& bytes) {
  must(rules.catalogue.add_procedure(bytes));
  auto procedure = model::Procedure::read(Json::parse(bytes));
  const auto code = procedure.code;
  rules.world.procedures[code] = std::move(procedure);
}

void add_organisation(OfficeRules& rules, const std::string& bytes) {
  must(rules.catalogue.add_organisation(bytes));
  for (auto& [id, agency] : model::read_agencies(nlohmann::json::parse(bytes)))
    rules.world.agencies[id] = agency;
}

engine::StreamKind stream_kind(workflows::FileKind kind) {
  switch (kind) {
    case workflows::FileKind::calendar:
      return engine::StreamKind::calendar;
    case workflows::FileKind::organisation:
      return engine::StreamKind::organisation;
    case workflows::FileKind::procedure:
      break;
  }
  return engine::StreamKind::procedure;
}

std::unique_ptr<const OfficeRules> load() {
  auto rules = std::make_unique<OfficeRules>();
  for (const auto* code : {"vn", "dak-lak", "dak-lak-suoi-mau"}) {
    must(rules->catalogue.add_calendar(bytes_of(std::string("calendars/") + code + ".json")));
    rules->world.calendars[code] = model::OfficeCalendar::read(kFolder + "calendars", code);
  }
  add_organisation(*rules, bytes_of("organisation/dak-lak.json"));
  auto other = Json::parse(bytes_of("organisation/ha-noi.json"));
  for (auto& agency : other["agencies"]) {
    if (agency["id"] == "H26.01") agency["calendar"] = "dak-lak-suoi-mau";
  }
  add_organisation(*rules, other.dump(1));
  for (const auto* code : {"1.001193", "1.000894", "1.004194"}) {
    add_procedure(*rules, bytes_of(std::string("catalogue/") + code + "/procedure.json"));
  }
  add_procedure(*rules, in_whole_days(Json::parse(bytes_of("catalogue/1.004194/procedure.json"))).dump(1));
  add_procedure(*rules, in_hours(Json::parse(bytes_of("catalogue/1.001193/procedure.json"))).dump(1));
  for (auto& artifact : rules->catalogue.artifacts()) {
    rules->files.push_back(
        {stream_kind(artifact.kind), artifact.code, artifact.version, artifact.hash, artifact.bytes});
  }
  return rules;
}

}  // namespace

const OfficeRules& office_rules() {
  static const auto rules = load();
  return *rules;
}

}  // namespace motcua::simulation

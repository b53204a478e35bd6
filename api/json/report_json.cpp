#include "api/json/report_json.hpp"

namespace motcua::api {
namespace {

using nlohmann::json;

json budgets_json(const engine::Budgets& budgets) {
  json agencies = json::object();
  for (const auto& [agency, time] : budgets.agencies) agencies[agency] = time.count;
  return {{"ours", budgets.ours.count},
          {"applicant", budgets.applicant.count},
          {"agencies", std::move(agencies)},
          {"not_stated", budgets.not_stated.count}};
}

json line_json(const engine::LatenessLine& line) {
  return {{"cases", line.cases},
          {"ended", line.ended},
          {"late_as_promised", line.late_as_promised},
          {"late_as_extended", line.late_as_extended},
          {"whose", line.whose},
          {"causes", line.causes},
          {"working_seconds", budgets_json(line.budgets)}};
}

json unreadable_ids(const std::vector<engine::UnreadableCase>& unreadable) {
  json ids = json::array();
  for (const auto& one : unreadable) ids.push_back(engine::to_text(one.id));
  return ids;
}

json scope_json(const char* name, const engine::ReportScope& scope) {
  return {{"report", name}, {"agency", scope.agency.value}, {"at", engine::to_rfc3339(scope.at)}};
}

}  // namespace

json report_json(const engine::LoadReport& report, const engine::ReportScope& scope) {
  auto body = scope_json("load", scope);
  body["stages"] = report.stages;
  body["overdue"] = report.overdue;
  body["lines"] = json::array();
  for (const auto& [place, line] : report.lines) {
    const auto& [officer, procedure, step] = place;
    body["lines"].push_back({{"officer", officer.empty() ? json(nullptr) : json(officer.value)},
                             {"procedure", procedure.value},
                             {"step", step.value},
                             {"held", line.held},
                             {"paused", line.paused},
                             {"overdue", line.overdue},
                             {"due_soon", line.due_soon},
                             {"step_late", line.step_late}});
  }
  body["at_risk"] = json::array();
  for (const auto& [hour, count] : report.at_risk) {
    body["at_risk"].push_back({{"hour", engine::to_rfc3339(hour)}, {"count", count}});
  }
  body["unreadable"] = unreadable_ids(report.unreadable);
  return body;
}

json report_json(const engine::LatenessReport& report, const engine::ReportScope& scope) {
  auto body = scope_json("lateness", scope);
  body["from"] = scope.from == engine::Instant{} ? json(nullptr) : json(engine::to_rfc3339(scope.from));
  body["total"] = line_json(report.total);
  body["procedures"] = json::array();
  for (const auto& [procedure, line] : report.procedures) {
    auto entry = line_json(line);
    entry["procedure"] = procedure.value;
    body["procedures"].push_back(std::move(entry));
  }
  body["unreadable"] = unreadable_ids(report.unreadable);
  body["without_calendar"] = json::array();
  for (const auto& id : report.without_calendar) body["without_calendar"].push_back(engine::to_text(id));
  return body;
}

}  // namespace motcua::api

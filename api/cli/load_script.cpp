/// Scripts and reports of the load generator.
#include "api/cli/load_generator.hpp"

#include <nlohmann/json.hpp>

#include <iomanip>
#include <sstream>
#include <stdexcept>

namespace motcua::api {

namespace {

// Synthetic people; no look-ups, so that a command is one command and nothing else.
constexpr const char* kBirth = R"({
  "filing_role": "desk_officer",
  "filing": {
    "procedure": "1.001193", "channel": "counter",
    "applicant": {"personal_id": "000000000101", "full_name": "Nguyễn Văn An", "birth_date": "1990-05-17"},
    "data": {
      "requester": {"full_name": "Nguyễn Văn An", "relation": "cha"},
      "child": {"full_name": "Nguyễn Minh Khôi", "birth_date": "2026-02-20", "sex": "male",
                "birth_place": "Bệnh viện đa khoa vùng Tây Nguyên"},
      "mother": {"full_name": "Trần Thị Bình"}
    },
    "papers": [{"code": "to_khai"}, {"code": "giay_chung_sinh"}]
  },
  "steps": [
    {"role": "desk_officer", "command": "receive"},
    {"role": "case_officer", "command": "claim"},
    {"role": "case_officer", "command": "step", "data": {"event": "finish_check"}},
    {"role": "case_officer", "command": "step", "data": {"event": "submit"}},
    {"role": "signatory", "command": "step", "data": {"event": "sign"}},
    {"role": "case_officer", "command": "resolve", "data": {"results": [{"code": "KQ.G15.000031"}]}},
    {"role": "desk_officer", "command": "return_result", "data": {"channel": "counter", "to": "Nguyễn Văn An"}}
  ]
})";

}  // namespace

LifeScript birth_script() { return read_script(kBirth); }

LifeScript read_script(const std::string& json) {
  const auto document = nlohmann::ordered_json::parse(json);
  LifeScript script;
  script.filing_role = document.at("filing_role").get<std::string>();
  script.filing = document.at("filing").dump();
  for (const auto& item : document.at("steps")) {
    script.steps.push_back({item.at("role").get<std::string>(), item.at("command").get<std::string>(),
                            item.value("data", nlohmann::ordered_json::object()).dump(),
                            item.value("reason", std::string())});
  }
  if (script.steps.empty()) {
    throw std::runtime_error("the script has no steps");
  }
  return script;
}

std::string to_json(const LoadReport& report) {
  nlohmann::ordered_json histogram = nlohmann::ordered_json::array();
  for (const auto& [bound, count] : report.histogram) {
    histogram.push_back({bound, count});
  }
  const nlohmann::ordered_json document = {{"requests", report.requests},
                                           {"errors", report.errors},
                                           {"error_kinds", report.error_kinds},
                                           {"cases_filed", report.cases_filed},
                                           {"lives", report.lives},
                                           {"bytes_received", report.bytes_received},
                                           {"seconds", report.seconds},
                                           {"per_second", report.per_second},
                                           {"client_cpu_us", report.client_cpu_us},
                                           {"server_cpu_us", report.server_cpu_us},
                                           {"p50_us", report.p50},
                                           {"p90_us", report.p90},
                                           {"p99_us", report.p99},
                                           {"max_us", report.max},
                                           {"acceptable", report.acceptable()},
                                           {"histogram", histogram}};
  return document.dump();
}

std::string to_text(const LoadReport& report) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(0);
  text << report.requests << " durable commands in " << std::setprecision(1) << report.seconds
       << " s: " << std::setprecision(0) << report.per_second << " a second\n";
  text << std::setprecision(2) << "latency ms  p50 " << report.p50 / 1000 << "  p90 " << report.p90 / 1000
       << "  p99 " << report.p99 / 1000 << "  max " << report.max / 1000 << '\n';
  text << std::setprecision(1) << "processor us a command: generator " << report.client_cpu_us;
  if (report.server_cpu_us > 0) {
    text << ", server " << report.server_cpu_us;
  }
  text << '\n';
  if (report.lives > 0) {
    text << report.lives << " lives completed\n";
  }
  text << "errors " << report.errors << '\n';
  for (const auto& [kind, count] : report.error_kinds) {
    text << "  " << kind << ": " << count << '\n';
  }
  return text.str();
}

}  // namespace motcua::api

/// Definitions made from what other systems write, and the report of what did not come over.
#pragma once

#include "workflows/loader/findings.hpp"
#include "workflows/loader/located_json.hpp"

#include <map>
#include <string>
#include <vector>

namespace motcua::workflows {

/// What the integrator decides and no file says.
struct ImportOptions {
  std::string file{};                            ///< name that findings about the source carry
  std::string language = "en";                   ///< of the names in the file: vi | en
  std::map<std::string, std::string> roles{};    ///< role of the source -> role that tokens carry
  std::map<std::string, std::string> targets{};  ///< reference that the file leaves open -> name of a state
};

/// One procedure that came out of a file.
struct ImportedProcedure {
  std::string code{};
  std::string file{};  ///< `<code>/procedure.json`: name that findings about it carry
  Json document{};     ///< a draft that the linter accepts
  std::string text{};  ///< the document as it is written
  std::size_t states = 0;
  std::size_t ways = 0;  ///< transitions, those of `on_done` and of timers counted too
};

/// Outcome of one import. An error: something of the process is not in the result. A warning: it is there in
/// another shape, or the integrator has to fill it in.
struct ImportReport {
  std::vector<ImportedProcedure> procedures{};
  Findings findings{};  ///< ordered by file and line
};

/// Place in the source that a finding points at.
struct SourcePlace {
  std::string pointer{};
  int line = 0;
};

/// Collects findings about one file.
class Reporter {
 public:
  explicit Reporter(std::string file) : file_(std::move(file)) {}
  void error(const SourcePlace& place, const std::string& rule, const std::string& message) {
    findings.push_back({file_, place.pointer, place.line, rule, Severity::error, message});
  }
  void warning(const SourcePlace& place, const std::string& rule, const std::string& message) {
    findings.push_back({file_, place.pointer, place.line, rule, Severity::warning, message});
  }

  Findings findings{};

 private:
  std::string file_{};
};

}  // namespace motcua::workflows

#include "workflows/loader/lint.hpp"

#include "workflows/loader/calendar_family.hpp"
#include "workflows/loader/check_file.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <system_error>
#include <utility>

namespace motcua::workflows {
namespace {

namespace fs = std::filesystem;

FileKind kind_of(const fs::path& path) {
  const auto folder = path.parent_path().filename();
  if (folder == "calendars") {
    return FileKind::calendar;
  }
  return folder == "organisation" ? FileKind::organisation : FileKind::procedure;
}

/// In a folder only files at their place count; a file that is named itself is always looked at.
bool is_at_its_place(const fs::path& path) {
  const auto folder = path.parent_path().filename();
  return path.filename() == "procedure.json" ||
         (path.extension() == ".json" && (folder == "calendars" || folder == "organisation"));
}

/// A file outside the usual folders tells by its members what it is.
FileKind kind_by_members(const std::string& bytes, FileKind guess) {
  const LocatedJson located = parse_located(bytes, "");
  if (located.document.is_object() && !located.document.contains("machine")) {
    if (located.document.contains("agencies")) {
      return FileKind::organisation;
    }
    if (located.document.contains("weekly") || located.document.contains("parent_version")) {
      return FileKind::calendar;
    }
  }
  return guess;
}

template <class Value>
void take(Checked<Value> checked, Findings& findings, CrossCheck& cross) {
  cross.add(checked);
  std::move(checked.located.findings.begin(), checked.located.findings.end(), std::back_inserter(findings));
}

/// Calendars wait in `calendars`: a parent may come later, or from another path.
void lint_one(FileKind kind, const std::string& bytes, const std::string& file, Findings& findings,
              CrossCheck& cross, std::vector<CalendarFile>& calendars) {
  switch (kind) {
    case FileKind::procedure:
      return take(check_procedure(bytes, file, Checks::all), findings, cross);
    case FileKind::calendar:
      calendars.push_back({file, bytes});
      return;
    case FileKind::organisation:
      return take(check_organisation(bytes, file, Checks::all), findings, cross);
  }
}

void lint_calendars(const std::vector<CalendarFile>& calendars, Findings& findings, CrossCheck& cross) {
  for (auto& checked : check_calendars(calendars, {})) {
    take(std::move(checked), findings, cross);
  }
}

void lint_path(const fs::path& path, Findings& findings, CrossCheck& cross,
               std::vector<CalendarFile>& calendars) {
  std::error_code ignored;
  const bool named_itself = !fs::is_directory(path, ignored);
  for (const FoundFile& found : find_files(path, findings)) {
    const auto bytes = read_bytes(found.path, findings);
    if (bytes) {
      const FileKind kind =
          named_itself && !is_at_its_place(found.path) ? kind_by_members(*bytes, found.kind) : found.kind;
      lint_one(kind, *bytes, found.path.string(), findings, cross, calendars);
    }
  }
}

}  // namespace

std::vector<FoundFile> find_files(const fs::path& path, Findings& findings) {
  std::vector<FoundFile> files;
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    if (fs::exists(path, error)) {
      files.push_back({path, kind_of(path)});
    } else {
      findings.push_back(
          {path.string(), "", 0, "unreadable-file", Severity::error, "there is no such file or folder"});
    }
    return files;
  }
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator entry(path, options, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored) && is_at_its_place(entry->path())) {
      files.push_back({entry->path(), kind_of(entry->path())});
    }
  }
  if (error) {
    findings.push_back(
        {path.string(), "", 0, "unreadable-file", Severity::error, "the folder cannot be read"});
  } else if (files.empty()) {
    findings.push_back({path.string(), "", 0, "nothing-found", Severity::error,
                        "the folder holds no procedure.json, calendars/*.json or organisation/*.json"});
  }
  std::sort(files.begin(), files.end(),
            [](const FoundFile& left, const FoundFile& right) { return left.path < right.path; });
  return files;
}

Findings lint_bytes(FileKind kind, const std::string& bytes, const std::string& file) {
  Findings findings;
  CrossCheck cross;
  std::vector<CalendarFile> calendars;
  lint_one(kind, bytes, file, findings, cross, calendars);
  lint_calendars(calendars, findings, cross);
  sort_findings(findings);
  return findings;
}

Findings lint(const std::vector<fs::path>& paths) {
  Findings findings;
  CrossCheck cross;
  std::vector<CalendarFile> calendars;
  for (const fs::path& path : paths) {
    try {
      lint_path(path, findings, cross, calendars);
    } catch (const std::exception& problem) {
      findings.push_back({path.string(), "", 0, "unreadable-file", Severity::error, problem.what()});
    }
  }
  lint_calendars(calendars, findings, cross);
  auto several = cross.findings();
  std::move(several.begin(), several.end(), std::back_inserter(findings));
  sort_findings(findings);
  return findings;
}

}  // namespace motcua::workflows

// Rules that need several files: the other half of check_file.hpp.
#include "workflows/loader/check_file.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace motcua::workflows {
namespace {

/// Lines that were left open, from the files themselves: nobody asks for them in a catalogue without
/// findings.
void fill_lines(Findings& findings) {
  std::map<std::string, std::vector<Finding*>> open;
  for (Finding& finding : findings) {
    if (finding.line == kLineUnknown) open[finding.file].push_back(&finding);
  }
  for (auto& [file, places] : open) {
    Findings unread;
    const auto located = parse_located(read_bytes(file, unread).value_or(""), file);
    for (Finding* place : places) place->line = located.line_of(place->pointer);
  }
}

}  // namespace

void CrossCheck::add(const Checked<engine::Definition>& checked) {
  const LocatedJson& located = checked.located;
  for (const auto& use : engine::roles_used(located.document)) {
    roles_used_.push_back({{located.file, use.pointer, kLineUnknown, "role-held-by-nobody", Severity::warning,
                            "no officer of any organisation holds the role `" + use.role + "`"},
                           use.role,
                           {}});
  }
  if (!checked.value) return;
  catalogue_.add(located, checked.value->hash);
  linked_.add(located);
}

void CrossCheck::add(const Checked<engine::WorkingCalendar>& checked) {
  calendars_.push_back(text_of(checked.located.document, "code"));
  if (checked.value) add_version(checked.located, FileKind::calendar, checked.value->source);
}

void CrossCheck::add_version(const LocatedJson& located, FileKind kind, const engine::Digest& hash) {
  const Json& version = member(located.document, "version");
  if (!version.is_number_integer()) return;
  const auto [entry, added] = versions_.emplace(
      std::tuple(kind, text_of(located.document, "code"), version.get<std::int64_t>()), hash);
  if (added || entry->second == hash) return;
  taken_.push_back({located.file, "/version", kLineUnknown, "version-taken", Severity::error,
                    "this version is published with another text; raise the version"});
}

void CrossCheck::add(const Checked<engine::Organisation>& checked) {
  const LocatedJson& located = checked.located;
  if (checked.value) add_version(located, FileKind::organisation, checked.value->hash);
  const std::string organisation = text_of(located.document, "code");
  engine::each_element(
      member(located.document, "agencies"), "/agencies", [&](const std::string& at, const Json& agency) {
        const std::string calendar = text_of(agency, "calendar");
        const std::string place = below(at, "calendar");
        calendars_used_.push_back({{located.file, place, kLineUnknown, "unknown-calendar", Severity::warning,
                                    "no file defines the calendar `" + calendar + "`"},
                                   calendar,
                                   {}});
        const std::string id_place = below(at, "id");
        agencies_.push_back({{located.file, id_place, kLineUnknown, "duplicate-agency", Severity::warning,
                              "another organisation file has this agency too"},
                             text_of(agency, "id"),
                             organisation});
        engine::each_element(member(agency, "officers"), "", [&](const std::string&, const Json& officer) {
          engine::each_element(member(officer, "roles"), "", [&](const std::string&, const Json& role) {
            roles_held_.push_back(role.is_string() ? role.get<std::string>() : "");
          });
        });
      });
}

Findings CrossCheck::findings() const {
  auto findings = places();
  fill_lines(findings);
  return findings;
}

Findings CrossCheck::places() const {
  const auto has = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  Findings findings = taken_;
  for (const Use& use : roles_used_) {
    if (!agencies_.empty() && !has(roles_held_, use.name)) {
      findings.push_back(use.place);
    }
  }
  for (const Use& use : calendars_used_) {
    if (!calendars_.empty() && !has(calendars_, use.name)) {
      findings.push_back(use.place);
    }
  }
  for (const Use& use : agencies_) {
    const bool elsewhere = std::any_of(agencies_.begin(), agencies_.end(), [&](const Use& other) {
      return other.name == use.name && other.organisation != use.organisation;
    });
    if (elsewhere) {
      findings.push_back(use.place);
    }
  }
  for (Finding& finding : catalogue_.findings()) findings.push_back(std::move(finding));
  for (Finding& finding : linked_.findings()) findings.push_back(std::move(finding));
  return findings;
}

}  // namespace motcua::workflows

#include "workflows/loader/check_file.hpp"

#include "engine/cases/worklist_rows.hpp"
#include "engine/lifecycle/case_lifecycle.hpp"
#include "engine/prefill/prefill_rules.hpp"
#include "workflows/loader/calendar_family.hpp"
#include "workflows/loader/schema_check.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>

namespace motcua::workflows {
namespace {

void add_rule_findings(LocatedJson& located, const engine::RuleFindings& findings) {
  for (const auto& finding : findings) {
    if (finding.note) {
      located.note(finding.pointer, finding.rule, finding.message);
    } else if (finding.warning) {
      located.warning(finding.pointer, finding.rule, finding.message);
    } else {
      located.error(finding.pointer, finding.rule, finding.message);
    }
  }
}

template <class Value>
void drop_if_wrong(Checked<Value>& checked) {
  if (has_errors(checked.located.findings)) {
    checked.value = nullptr;
  }
  sort_findings(checked.located.findings);
}

void check_officers(LocatedJson& located, const Json& agency, const std::string& at) {
  std::set<std::string> subs;
  engine::each_element(member(agency, "officers"), at, [&](const std::string& pointer, const Json& officer) {
    const std::string sub = text_of(officer, "sub");
    if (!sub.empty() && !engine::is_code(sub)) {
      located.error(below(pointer, "sub"), "bad-code",
                    "subjects are 1-64 ASCII letters, digits, `.`, `_`, `-`");
    }
    if (!sub.empty() && !subs.insert(sub).second) {
      located.error(below(pointer, "sub"), "duplicate-officer", "the agency has this subject twice");
    }
    engine::each_element(
        member(officer, "roles"), below(pointer, "roles"), [&](const std::string& place, const Json& role) {
          const bool known = role.is_string() && std::find(engine::kRoles.begin(), engine::kRoles.end(),
                                                           role.get<std::string>()) != engine::kRoles.end();
          if (!known) {
            located.error(place, "unknown-role", "not a role that tokens carry");
          }
        });
  });
}

/// Names of the office's own queues cannot be taken, and no queue may be given twice.
void check_queues(LocatedJson& located, const Json& agency, const std::string& at) {
  std::set<std::string> codes;
  engine::each_element(member(agency, "queues"), at, [&](const std::string& pointer, const Json& queue) {
    const std::string code = text_of(queue, "code");
    if (!code.empty() && !engine::is_code(code)) {
      located.error(below(pointer, "code"), "bad-code",
                    "codes are 1-64 ASCII letters, digits, `.`, `_`, `-`");
    }
    if (engine::queue_from(code)) {
      located.error(below(pointer, "code"), "reserved-queue", "the office has a queue of this name");
    }
    if (!code.empty() && !codes.insert(code).second) {
      located.error(below(pointer, "code"), "duplicate-queue", "the agency has this queue twice");
    }
    const std::string role = text_of(queue, "role");
    const bool known =
        role.empty() || std::find(engine::kRoles.begin(), engine::kRoles.end(), role) != engine::kRoles.end();
    if (!known) located.error(below(pointer, "role"), "unknown-role", "not a role that tokens carry");
    if (!text_of(queue, "step").empty() && text_of(queue, "procedure").empty()) {
      located.error(below(pointer, "step"), "step-of-no-procedure",
                    "steps are named by procedures: give `procedure` too");
    }
    const std::string stage = text_of(queue, "stage");
    if (!stage.empty() && !engine::stage_from(stage)) {
      located.error(below(pointer, "stage"), "unknown-stage", "not a stage of the life cycle");
    }
  });
}

void check_agencies(LocatedJson& located) {
  std::set<std::string> ids;
  engine::each_element(
      member(located.document, "agencies"), "/agencies", [&](const std::string& at, const Json& agency) {
        const std::string id = text_of(agency, "id");
        if (!id.empty() && !engine::is_agency_id(id)) {
          located.error(below(at, "id"), "bad-code", "identifiers are at most 35 digits, capitals and dots");
        }
        if (!id.empty() && !ids.insert(id).second) {
          located.error(below(at, "id"), "duplicate-agency", "the agency is given twice");
        }
        const std::string parent = text_of(agency, "parent");
        if (!parent.empty() && id.rfind(parent + ".", 0) != 0) {
          located.error(below(at, "parent"), "bad-parent",
                        "the parent's identifier is a prefix of the agency's");
        }
        check_officers(located, agency, below(at, "officers"));
        check_queues(located, agency, below(at, "queues"));
      });
}

/// True if a definition lacks what read_procedure() cannot do without.
bool lacks_the_least(const Json& document) {
  return member(document, "code").is_null() || member(document, "version").is_null() ||
         member(member(document, "effective"), "from").is_null() || member(document, "machine").is_null();
}

/// Code of a calendar or organisation, and the ids of the laws that it lists.
void check_names(LocatedJson& located) {
  const std::string code = text_of(located.document, "code");
  const char* rule = "codes are 1-64 ASCII letters, digits, `.`, `_`, `-`";
  if (!code.empty() && !engine::is_code(code)) located.error("/code", "bad-code", rule);
  std::set<std::string> ids;
  engine::each_element(member(located.document, "law"), "/law", [&](const std::string& at, const Json& law) {
    const std::string id = text_of(law, "id");
    if (id.empty()) return;
    if (!engine::is_code(id)) located.error(below(at, "id"), "bad-code", rule);
    if (!ids.insert(id).second) {
      located.error(below(at, "id"), "duplicate-code", "`" + id + "` is given twice in this list");
    }
  });
}

/// The calendar that the document names as its parent; null after a finding, and without `parent`.
std::shared_ptr<const engine::WorkingCalendar> find_parent(LocatedJson& located,
                                                           const ParentCalendars& parents) {
  const auto name = parent_of(located.document);
  if (!name) {
    return nullptr;
  }
  for (const char* inherited : {"published_until", "yearly"}) {
    if (located.document.contains(inherited)) {
      located.error(below("", inherited), "inherited-member", "a calendar with a parent takes this from it");
    }
  }
  if (name->code == text_of(located.document, "code")) {
    located.error("/parent", "cyclic-parent", "a calendar is not its own parent");
    return nullptr;
  }
  auto parent = parents ? parents(name->code, name->version) : nullptr;
  if (!parent) {
    located.error("/parent", "unknown-parent",
                  "there is no usable calendar `" + name->code + "` of version " +
                      std::to_string(name->version) + "; `parent_version` names the version");
  }
  return parent;
}

/// The desk and the office must open some day, or no time limit ever ends.
void check_week(LocatedJson& located, const engine::WorkingCalendar& calendar) {
  const auto is_closed = [](const std::vector<engine::Window>& windows) { return windows.empty(); };
  for (const auto* week : {&calendar.processing, &calendar.reception}) {
    if (std::all_of(week->begin(), week->end(), is_closed)) {
      located.error("/weekly", "empty-week", "the week has no processing window, or no reception window");
    }
  }
}

}  // namespace

Checked<engine::Definition> check_procedure(const std::string& bytes, const std::string& file,
                                            Checks checks) {
  Checked<engine::Definition> checked{parse_located(bytes, file), nullptr};
  LocatedJson& located = checked.located;
  if (!located.readable) {
    return checked;
  }
  auto form = compile_form(located);
  if (checks == Checks::all) {
    check_schema(FileKind::procedure, located);
    add_rule_findings(located, engine::check_definition(located.document, form.leaves));
    add_rule_findings(located, engine::check_prefill(located.document, form.leaves));
    if (lacks_the_least(located.document)) located.error("", "unreadable", kDefinitionNeeds);
  }
  if (checks == Checks::only_reading) {
    located.findings.clear();  // what the form's rules of today say does not matter
  }
  if (!has_errors(located.findings)) {
    checked.value = read_procedure(located, bytes, std::move(form));
  }
  drop_if_wrong(checked);
  return checked;
}

Checked<engine::WorkingCalendar> check_calendar(const std::string& bytes, const std::string& file,
                                                Checks checks, const ParentCalendars& parents) {
  Checked<engine::WorkingCalendar> checked{parse_located(bytes, file), nullptr};
  LocatedJson& located = checked.located;
  if (!located.readable) {
    return checked;
  }
  if (checks == Checks::all) {
    check_schema(FileKind::calendar, located);
    check_names(located);
    add_rule_findings(located, engine::check_citations(located.document));
    add_rule_findings(located, engine::check_translations(located.document));
  }
  const auto parent = find_parent(located, parents);
  if (parent || !parent_of(located.document)) {
    checked.value = read_calendar(located, bytes, parent.get());
  }
  if (checks == Checks::all && checked.value) {
    check_week(located, *checked.value);
  }
  drop_if_wrong(checked);
  return checked;
}

Checked<engine::Organisation> check_organisation(const std::string& bytes, const std::string& file,
                                                 Checks checks) {
  Checked<engine::Organisation> checked{parse_located(bytes, file), nullptr};
  LocatedJson& located = checked.located;
  if (!located.readable) {
    return checked;
  }
  if (checks == Checks::all) {
    check_schema(FileKind::organisation, located);
    check_names(located);
    add_rule_findings(located, engine::check_translations(located.document));
    check_agencies(located);
  }
  checked.value = read_organisation(located, bytes);
  drop_if_wrong(checked);
  return checked;
}

std::optional<std::string> read_bytes(const std::filesystem::path& path, Findings& findings) {
  std::ifstream input(path, std::ios::binary);
  std::string bytes;
  constexpr std::size_t kPiece = 64 * 1024;
  while (input && bytes.size() <= kFileBytesMax) {
    const auto before = bytes.size();
    bytes.resize(before + kPiece);
    input.read(bytes.data() + before, static_cast<std::streamsize>(kPiece));
    bytes.resize(before + static_cast<std::size_t>(input.gcount()));
  }
  bytes.resize(std::min(bytes.size(), kFileBytesMax + 1));
  bytes.shrink_to_fit();
  if (!input.is_open() || input.bad()) {
    findings.push_back({path.string(), "", 0, "unreadable-file", Severity::error, "the file cannot be read"});
    return std::nullopt;
  }
  return bytes;
}

}  // namespace motcua::workflows

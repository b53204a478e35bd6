#include "workflows/loader/loaded_catalogue.hpp"

#include "workflows/loader/calendar_family.hpp"
#include "workflows/loader/check_file.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <mutex>
#include <thread>

namespace motcua::workflows {
namespace {

using engine::Definition;
using engine::Organisation;
using engine::WorkingCalendar;

const std::string& code_of(const Definition& value) { return value.code.value; }
const std::string& code_of(const WorkingCalendar& value) { return value.code; }
const std::string& code_of(const Organisation& value) { return value.code; }

template <class Value>
bool same_text(const Value& one, const Value& other) {
  return one.hash == other.hash;
}
/// The file is the same, whatever an earlier release made of it with its parent: what was published stands.
bool same_text(const WorkingCalendar& one, const WorkingCalendar& other) {
  return one.hash == other.hash || one.source == other.source;
}

/// Adds the value unless its version is taken by another text.
template <class Shelf, class Value>
Findings keep(Shelf& shelf, std::shared_mutex& mutex, Checked<Value>& checked) {
  Findings findings = std::move(checked.located.findings);
  if (checked.value) {
    const std::unique_lock lock(mutex);
    const auto [entry, added] = shelf.versions.emplace(
        std::make_pair(code_of(*checked.value), checked.value->version), checked.value);
    if (added) {
      shelf.by_hash.emplace(checked.value->hash, checked.value);
    } else if (!same_text(*entry->second, *checked.value)) {
      findings.push_back({checked.located.file, "/version", checked.located.line_of("/version"),
                          "version-taken", Severity::error,
                          "this version is published with another text; raise the version"});
    }
  }
  return findings;
}

template <class Shelf>
auto find_by_hash(const Shelf& shelf, const engine::Digest& hash) {
  const auto found = shelf.by_hash.find(hash);
  return found == shelf.by_hash.end() ? nullptr : found->second;
}

std::string bytes_of(const Definition& value) { return value.document->bytes(); }
std::string bytes_of(const WorkingCalendar& value) { return value.document; }
std::string bytes_of(const Organisation& value) { return value.document; }

template <class Shelf>
void list(const Shelf& shelf, FileKind kind, std::vector<Artifact>& artifacts) {
  for (const auto& [key, value] : shelf.versions) {
    artifacts.push_back({kind, key.first, key.second, value->hash, bytes_of(*value)});
  }
}

using CheckedProcedure = Checked<Definition>;

/// Definitions that are checked side by side before they are added: what their documents take is freed
/// between.
constexpr std::size_t kCheckedAtOnce = 16;
constexpr unsigned kCheckersMax = 4;

/// Checks the files on every core, since each stands for itself. In their order; null for one that cannot be
/// read, with a finding.
std::vector<std::unique_ptr<CheckedProcedure>> check_beside(const std::vector<FoundFile>& files,
                                                            std::size_t begin, std::size_t end,
                                                            Findings& findings) {
  std::vector<std::unique_ptr<CheckedProcedure>> checked(end - begin);
  std::vector<Findings> unread(end - begin);
  std::atomic<std::size_t> next{begin};
  const auto work = [&] {
    for (auto i = next++; i < end; i = next++) {
      const auto bytes = read_bytes(files[i].path, unread[i - begin]);
      if (!bytes) continue;
      checked[i - begin] =
          std::make_unique<CheckedProcedure>(check_procedure(*bytes, files[i].path.string(), Checks::all));
    }
  };
  {
    const auto cores = std::clamp(std::thread::hardware_concurrency(), 1U, kCheckersMax);
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < cores && i < end - begin; ++i) others.emplace_back(work);
    work();
  }
  for (auto& each : unread) std::move(each.begin(), each.end(), std::back_inserter(findings));
  return checked;
}

/// True for the last version of each code in a map ordered by code and version.
template <class Versions>
bool is_newest(const Versions& versions, typename Versions::const_iterator entry) {
  const auto next = std::next(entry);
  return next == versions.end() || next->first.first != entry->first.first;
}

}  // namespace

const char* name_of(FileKind kind) {
  switch (kind) {
    case FileKind::procedure:
      return "procedure";
    case FileKind::calendar:
      return "calendar";
    case FileKind::organisation:
      break;
  }
  return "organisation";
}

Findings LoadedCatalogue::add_procedure(const std::string& bytes, const std::string& file) {
  auto checked = check_procedure(bytes, file, Checks::all);
  return keep(definitions_, mutex_, checked);
}

Findings LoadedCatalogue::add_calendar(const std::string& bytes, const std::string& file) {
  auto checked = check_calendar(bytes, file, Checks::all, known_calendars());
  return keep(calendars_, mutex_, checked);
}

Findings LoadedCatalogue::add_organisation(const std::string& bytes, const std::string& file) {
  auto checked = check_organisation(bytes, file, Checks::all);
  return keep(organisations_, mutex_, checked);
}

Findings LoadedCatalogue::add_published(FileKind kind, const std::string& bytes, const std::string& file) {
  switch (kind) {
    case FileKind::procedure: {
      auto checked = check_procedure(bytes, file, Checks::only_reading);
      return keep(definitions_, mutex_, checked);
    }
    case FileKind::calendar: {
      auto checked = check_calendar(bytes, file, Checks::only_reading, {});  // published whole
      return keep(calendars_, mutex_, checked);
    }
    case FileKind::organisation:
      break;
  }
  auto checked = check_organisation(bytes, file, Checks::only_reading);
  return keep(organisations_, mutex_, checked);
}

Findings LoadedCatalogue::load_folder(const std::filesystem::path& folder) {
  Findings findings;
  std::vector<FoundFile> files;
  try {
    files = find_files(folder, findings);
  } catch (const std::exception& problem) {
    findings.push_back({folder.string(), "", 0, "unreadable-file", Severity::error, problem.what()});
  }
  CrossCheck cross;
  const auto take = [&](auto checked, auto& shelf) {
    cross.add(checked);
    auto more = keep(shelf, mutex_, checked);
    std::move(more.begin(), more.end(), std::back_inserter(findings));
  };
  const auto definitions = std::stable_partition(
      files.begin(), files.end(), [](const FoundFile& found) { return found.kind == FileKind::procedure; });
  const auto count = static_cast<std::size_t>(definitions - files.begin());
  for (std::size_t begin = 0; begin < count; begin += kCheckedAtOnce) {
    for (auto& checked : check_beside(files, begin, std::min(count, begin + kCheckedAtOnce), findings)) {
      if (checked) take(std::move(*checked), definitions_);
    }
  }
  files.erase(files.begin(), definitions);
  std::vector<CalendarFile> calendars;
  for (const FoundFile& found : files) {
    const auto bytes = read_bytes(found.path, findings);
    const std::string file = found.path.string();
    if (!bytes) {
      continue;
    }
    if (found.kind == FileKind::calendar) {
      calendars.push_back({file, *bytes});
    } else {
      take(check_organisation(*bytes, file, Checks::all), organisations_);
    }
  }
  for (auto& checked : check_calendars(calendars, known_calendars())) {
    take(std::move(checked), calendars_);
  }
  auto several = cross.findings();
  std::move(several.begin(), several.end(), std::back_inserter(findings));
  sort_findings(findings);
  return findings;
}

ParentCalendars LoadedCatalogue::known_calendars() const {
  return [this](const std::string& code, std::int64_t version) { return calendar_version(code, version); };
}

std::shared_ptr<const WorkingCalendar> LoadedCatalogue::calendar_version(const std::string& code,
                                                                         std::int64_t version) const {
  const std::shared_lock lock(mutex_);
  const auto found = calendars_.versions.find({code, version});
  return found == calendars_.versions.end() ? nullptr : found->second;
}

CalendarList LoadedCatalogue::newest_calendars() const {
  const std::shared_lock lock(mutex_);
  CalendarList newest;
  for (auto entry = calendars_.versions.begin(); entry != calendars_.versions.end(); ++entry) {
    if (is_newest(calendars_.versions, entry)) newest.push_back(entry->second);
  }
  return newest;
}

void LoadedCatalogue::extend(CalendarList& family, Findings& findings) const {
  const auto newest = newest_calendars();
  const ParentCalendars parents = [&](const std::string& code, std::int64_t version) {
    const auto made = std::find_if(family.begin(), family.end(), [&](const auto& each) {
      return each->code == code && each->version == version;
    });
    return made == family.end() ? calendar_version(code, version) : *made;
  };
  for (std::size_t next = 0; next < family.size(); ++next) {
    const auto parent = family[next];
    for (const auto& child : newest) {
      const auto named = parent_of(*child);
      if (!named || named->code != parent->code) continue;
      const auto before = calendar_version(named->code, named->version);
      if (!before || named->version >= parent->version) {
        family.push_back(child);
        continue;
      }
      const auto file = following_file(*child, *before, parent->version).dump();
      auto made = check_calendar(file, child->code, Checks::only_reading, parents);
      std::move(made.located.findings.begin(), made.located.findings.end(), std::back_inserter(findings));
      if (made.value) family.push_back(std::move(made.value));
    }
  }
}

CalendarFamily LoadedCatalogue::check_family(const std::string& bytes, const std::string& file) const {
  CalendarFamily family;
  auto checked = check_calendar(bytes, file, Checks::all, known_calendars());
  family.findings = std::move(checked.located.findings);
  if (!checked.value) return family;
  family.calendars.push_back(std::move(checked.value));
  extend(family.calendars, family.findings);
  if (has_errors(family.findings)) family.calendars.clear();
  return family;
}

void LoadedCatalogue::add_calendars(const CalendarList& calendars) {
  const std::unique_lock lock(mutex_);
  for (const auto& calendar : calendars) {
    const auto added =
        calendars_.versions.emplace(std::make_pair(calendar->code, calendar->version), calendar).second;
    if (added) calendars_.by_hash.emplace(calendar->hash, calendar);
  }
}

void LoadedCatalogue::add_definition(const std::shared_ptr<const Definition>& definition) {
  const std::unique_lock lock(mutex_);
  const auto added =
      definitions_.versions.emplace(std::make_pair(definition->code.value, definition->version), definition)
          .second;
  if (added) definitions_.by_hash.emplace(definition->hash, definition);
}

std::vector<std::shared_ptr<const Organisation>> LoadedCatalogue::newest_organisations() const {
  const std::shared_lock lock(mutex_);
  std::vector<std::shared_ptr<const Organisation>> newest;
  for (auto entry = organisations_.versions.begin(); entry != organisations_.versions.end(); ++entry) {
    if (is_newest(organisations_.versions, entry)) newest.push_back(entry->second);
  }
  return newest;
}

Findings LoadedCatalogue::follow_parents() {
  Findings findings;
  for (const auto& calendar : newest_calendars()) {
    if (parent_of(*calendar)) continue;
    CalendarList family{calendar};
    extend(family, findings);
    add_calendars(family);
  }
  return findings;
}

std::vector<Artifact> LoadedCatalogue::artifacts() const {
  const std::shared_lock lock(mutex_);
  std::vector<Artifact> artifacts;
  list(calendars_, FileKind::calendar, artifacts);
  list(organisations_, FileKind::organisation, artifacts);
  list(definitions_, FileKind::procedure, artifacts);
  return artifacts;
}

std::shared_ptr<const Definition> LoadedCatalogue::definition_on(const engine::ProcedureCode& code,
                                                                 engine::LocalDay day) const {
  const std::shared_lock lock(mutex_);
  std::shared_ptr<const Definition> in_force;
  for (auto entry = definitions_.versions.lower_bound({code.value, 0});
       entry != definitions_.versions.end() && entry->first.first == code.value; ++entry) {
    const Definition& each = *entry->second;
    if (each.published && each.effective_from <= day && (!each.effective_to || day < *each.effective_to)) {
      in_force = entry->second;
    }
  }
  return in_force;
}

std::shared_ptr<const Definition> LoadedCatalogue::definition(const engine::ProcedureCode& code,
                                                              std::int64_t version) const {
  const std::shared_lock lock(mutex_);
  const auto found = definitions_.versions.find({code.value, version});
  return found == definitions_.versions.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const Definition>> LoadedCatalogue::versions(
    const engine::ProcedureCode& code) const {
  const std::shared_lock lock(mutex_);
  std::vector<std::shared_ptr<const Definition>> versions;
  for (auto entry = definitions_.versions.lower_bound({code.value, 0});
       entry != definitions_.versions.end() && entry->first.first == code.value; ++entry) {
    versions.push_back(entry->second);
  }
  return versions;
}

std::shared_ptr<const Definition> LoadedCatalogue::definition_by_hash(const engine::Digest& hash) const {
  const std::shared_lock lock(mutex_);
  return find_by_hash(definitions_, hash);
}

std::vector<std::shared_ptr<const Definition>> LoadedCatalogue::definitions() const {
  const std::shared_lock lock(mutex_);
  std::vector<std::shared_ptr<const Definition>> newest;
  for (const auto& [key, value] : definitions_.versions) {
    if (!value->published) {
      continue;
    }
    if (!newest.empty() && newest.back()->code == value->code) {
      newest.back() = value;
    } else {
      newest.push_back(value);
    }
  }
  return newest;
}

std::shared_ptr<const WorkingCalendar> LoadedCatalogue::calendar(const std::string& code) const {
  const std::shared_lock lock(mutex_);
  std::shared_ptr<const WorkingCalendar> newest;
  for (auto entry = calendars_.versions.lower_bound({code, 0});
       entry != calendars_.versions.end() && entry->first.first == code; ++entry) {
    newest = entry->second;
  }
  return newest;
}

std::shared_ptr<const WorkingCalendar> LoadedCatalogue::calendar_by_hash(const engine::Digest& hash) const {
  const std::shared_lock lock(mutex_);
  return find_by_hash(calendars_, hash);
}

std::shared_ptr<const Organisation> LoadedCatalogue::organisation_of(const engine::AgencyId& agency) const {
  const std::shared_lock lock(mutex_);
  for (auto entry = organisations_.versions.begin(); entry != organisations_.versions.end(); ++entry) {
    if (is_newest(organisations_.versions, entry) && entry->second->find(agency) != nullptr) {
      return entry->second;
    }
  }
  return nullptr;
}

std::shared_ptr<const Organisation> LoadedCatalogue::organisation_by_hash(const engine::Digest& hash) const {
  const std::shared_lock lock(mutex_);
  return find_by_hash(organisations_, hash);
}

}  // namespace motcua::workflows

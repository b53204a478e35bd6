#include "engine/runtime/case_loader.hpp"

#include "engine/cases/snapshot.hpp"
#include "engine/core/ensure.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace motcua::engine {
namespace {

/// Subject of reasons and notes.
const SubjectName kFreeText("free-text");
/// Members of an opened entry that `fold` merges.
constexpr std::array kFolded{"applicant", "data", "results", "registered"};

bool can_fold(const nlohmann::json& opened) {
  return opened.is_object() && std::all_of(kFolded.begin(), kFolded.end(), [&](const char* name) {
           const auto member = opened.find(name);
           return member == opened.end() || member->is_object();
         });
}

/// The fault, saying which record of the case it is about.
Fault at_record(const Record& record, Fault fault) {
  fault.what = "record " + std::to_string(record.version) + ": " + fault.what;
  return fault;
}

/// Opens one entry and parses it; nullopt if its key is gone.
FaultOr<std::optional<nlohmann::json>> open_entry(KeyStore& keys, const Record& record,
                                                  const SealedEntry& entry) {
  auto opened = keys.open({record.stream, record.version, record.type}, entry);
  if (!opened) return opened.error();
  if (!*opened) return std::optional<nlohmann::json>{};
  auto value = nlohmann::json::parse(**opened, nullptr, false);
  if (!can_fold(value)) return Fault{"a sealed entry of " + record.type + " does not hold objects"};
  return std::optional<nlohmann::json>{std::move(value)};
}

}  // namespace

Rejection unreadable_case(const Fault& fault) {
  return {RejectionCode::not_durable, "the case cannot be read: " + fault.what, {{"unreadable", true}}};
}

CaseId case_of(const StreamId& stream) {
  CaseId id;
  ENSURE(stream.id.size() == id.bytes.size());
  std::copy(stream.id.begin(), stream.id.end(), id.bytes.begin());
  return id;
}

bool holds_content(const Record& record) {
  return std::any_of(record.sealed.begin(), record.sealed.end(),
                     [](const SealedEntry& entry) { return entry.subject != kFreeText; });
}

EventMeta meta_of(const Record& record) {
  return {case_of(record.stream), record.version, record.recorded_at, record.actor, record.on_behalf_of};
}

FaultOr<void> CaseLoader::open_into(CaseContent& content, const Record& record) const {
  for (const auto& entry : record.sealed) {
    if (keys_ == nullptr) {
      content.complete = false;
      continue;
    }
    const auto opened = open_entry(*keys_, record, entry);
    if (!opened) return opened.error();
    if (*opened) {
      fold(content, **opened);
    } else {
      content.complete = false;
    }
  }
  return {};
}

/// Leaves `loaded` empty where there is no snapshot, or none that serves: the records tell the same.
FaultOr<void> CaseLoader::start_from_snapshot(LoadedCase& loaded, const CaseId& id,
                                              const ReadUntil& until) const {
  if (until.version < kSnapshotEvery) return {};
  const auto stored = store_.read_snapshot(stream_of(id), until.version);
  if (!stored || !*stored) return {};
  auto snapshot = decode_snapshot((*stored)->bytes);
  if (!snapshot) return {};
  const auto& state = snapshot->state;
  if (state.id != id || state.version != (*stored)->version || state.moves.empty()) return {};
  if (until.recorded_at && state.moves.back().at > *until.recorded_at) return {};
  for (const auto version : snapshot->content_versions) {
    const auto records = store_.read_stream(stream_of(id), version, version);
    if (!records) return records.error();
    if (records->empty()) return {};
    if (const auto opened = open_into(loaded.content.edit(), records->front()); !opened) return opened;
  }
  loaded.state = std::move(snapshot->state);
  loaded.content_versions = std::move(snapshot->content_versions);
  return {};
}

FaultOr<CaseHandle> CaseLoader::load(const CaseId& id, const ReadUntil& until) const {
  auto loaded = std::make_shared<LoadedCase>();
  if (const auto started = start_from_snapshot(*loaded, id, until); !started) return started.error();
  const auto records = store_.read_stream(stream_of(id), loaded->state.version + 1, until.version);
  if (!records) return records.error();
  Event event;
  for (const auto& record : *records) {
    if (until.recorded_at && record.recorded_at > *until.recorded_at) break;
    const auto read = decode_event_into(event, record.type, record.type_version, record.public_bytes);
    if (!read) return at_record(record, read.error());
    evolve_in_place(loaded->state, event, meta_of(record));
    if (const auto opened = open_into(loaded->content.edit(), record); !opened) {
      return at_record(record, opened.error());
    }
    if (holds_content(record)) loaded->content_versions.push_back(record.version);
  }
  if (loaded->state.version == 0) return CaseHandle{};
  loaded->rules = pinned_rules(loaded->state);
  loaded->rows = rows(loaded->state);
  return CaseHandle{std::move(loaded)};
}

FaultOr<Case> CaseLoader::replay(const CaseId& id) const {
  const auto records = store_.read_stream(stream_of(id));
  if (!records) return records.error();
  Case state;
  Event event;
  for (const auto& record : *records) {
    const auto read = decode_event_into(event, record.type, record.type_version, record.public_bytes);
    if (!read) return at_record(record, read.error());
    evolve_in_place(state, event, meta_of(record));
  }
  return state;
}

FaultOr<std::vector<HistoryEntry>> CaseLoader::history(const CaseId& id, bool reveal) const {
  auto records = store_.read_stream(stream_of(id));
  if (!records) return records.error();
  std::vector<HistoryEntry> list;
  for (auto& record : *records) {
    auto event = decode_event(record.type, record.type_version, record.public_bytes);
    if (!event) return at_record(record, event.error());
    HistoryEntry entry{std::move(record), *std::move(event), {}, {}};
    for (const auto& sealed : entry.record.sealed) {
      std::optional<nlohmann::json> value;
      if (reveal && keys_ != nullptr) {
        auto opened = open_entry(*keys_, entry.record, sealed);
        if (!opened) return at_record(entry.record, opened.error());
        value = std::move(*opened);
      }
      if (value) {
        entry.personal.push_back({sealed.subject, *std::move(value)});
      } else {
        entry.sealed_subjects.push_back(sealed.subject);
      }
    }
    list.push_back(std::move(entry));
  }
  return list;
}

Rules CaseLoader::pinned_rules(const Case& current) const {
  const auto& pins = current.pins;
  Rules rules{catalogue_.definition_by_hash(pins.procedure_hash),
              catalogue_.calendar_by_hash(pins.calendar_hash),
              catalogue_.organisation_by_hash(pins.organisation_hash)};
  if (!pins.limit_hash) return rules;
  rules.limited_by = catalogue_.definition_by_hash(*pins.limit_hash);
  // Without the version whose limit counts, nobody can decide by the other.
  if (!rules.limited_by) rules.definition.reset();
  return rules;
}

Rules CaseLoader::rules_in_force(const Case& current, Instant now) const {
  auto rules = pinned_rules(current);
  if (auto newer = catalogue_.definition_on(current.pins.procedure, local_day(now))) rules.definition = newer;
  if (auto newer = catalogue_.organisation_of(current.competent)) rules.organisation = newer;
  const auto* agency = rules.organisation ? rules.organisation->find(current.competent) : nullptr;
  if (agency != nullptr) {
    if (auto newer = catalogue_.calendar(agency->calendar)) rules.calendar = newer;
  }
  return rules;
}

}  // namespace motcua::engine

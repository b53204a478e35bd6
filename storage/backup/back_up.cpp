#include "storage/backup/back_up.hpp"

#include "storage/backup/backup_log.hpp"
#include "storage/log/anchor.hpp"
#include "storage/record/key_codec.hpp"
#include "storage/record/record_codec.hpp"
#include "storage/record/sha256.hpp"
#include "storage/rocksdb/sorted_file.hpp"
#include "storage/tables/table_event_store.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace motcua::storage {
namespace {

using engine::Fault;
using engine::FaultOr;
using engine::LogEntry;
using engine::LogHead;

/// Records looked up at once.
constexpr std::size_t kChunk = 512;
/// Key ids remembered as copied. One that was forgotten is copied again with its next record.
constexpr std::size_t kKeysRemembered = 500'000;

class Copier {
 public:
  Copier(const RawStore& store, const BackupRules& rules, const LogHead& head, Manifest& manifest,
         std::uint64_t& erased)
      : store_(store), rules_(rules), head_(head), manifest_(manifest), erased_(erased) {}

  FaultOr<void> copy_log(const std::filesystem::path& path) {
    auto file = SortedFileWriter::create(path);
    if (!file) return file.error();
    file_ = *std::move(file);
    for (auto from = manifest_.first; from <= head_.position;) {
      std::vector<LogEntry> chunk;
      const auto scanned = store_.scan_log(from, [&](const LogEntry& entry) {
        chunk.push_back(entry);
        return chunk.size() < kChunk;
      });
      if (!scanned) return scanned;
      if (chunk.empty()) return Fault{"the log index ends at position " + std::to_string(from - 1)};
      if (auto copied = copy(chunk); !copied) return copied;
      from += chunk.size();
      if (rules_.progress) rules_.progress(from - 1, head_.position);
    }
    return file_->finish();
  }

  /// Answers to commands since the backup before. At the instant where it ended there may be some twice.
  FaultOr<void> copy_answers(const std::filesystem::path& path, engine::Instant since) {
    std::unique_ptr<SortedFileWriter> file;
    FaultOr<void> done;
    const auto scanned = store_.scan_raw_answers([&](std::string_view scope, std::string_view value) {
      const auto recorded_at = idempotency_recorded_at(value);
      if (!recorded_at) {
        done = Fault{"the store holds a malformed answer"};
        return false;
      }
      if (*recorded_at < since || *recorded_at < head_.recorded_at - kIdempotencyKept) return true;
      if (!file) {
        auto made = SortedFileWriter::create(path);
        if (!made) {
          done = made.error();
          return false;
        }
        file = *std::move(made);
      }
      done = file->put(scope, value);
      ++manifest_.answers;
      return done.has_value();
    });
    if (!scanned) return scanned;
    if (!done || !file) return done;
    return file->finish();
  }

 private:
  FaultOr<void> copy(const std::vector<LogEntry>& chunk) {
    std::vector<RecordRef> wanted;
    wanted.reserve(chunk.size());
    for (const auto& entry : chunk) wanted.push_back({entry.stream, entry.version});
    const auto found = store_.read_raw_records(wanted);
    if (!found) return found.error();
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      const auto at = " at position " + std::to_string(chunk[i].position);
      const auto& bytes = (*found)[i];
      if (!bytes) return Fault{"the record that the log names is missing" + at};
      const auto stored = decode_stored(*bytes);
      if (!stored) return Fault{stored.error().what + at};
      if (const auto whole = verify(*stored, chunk[i].leaf); !whole) return Fault{whole.error().what + at};
      if (auto put = file_->put(entry_key(chunk[i].position, EntryKind::record), *bytes); !put) return put;
      if (auto copied = copy_keys(stored->record); !copied) return copied;
      if (auto copied = copy_artifact(stored->record); !copied) return copied;
    }
    return {};
  }

  FaultOr<void> copy_keys(const engine::Record& record) {
    std::set<engine::Id128> missing;
    for (const auto& sealed : record.sealed) {
      if (!copied_keys_.contains(sealed.key_id)) missing.insert(sealed.key_id);
    }
    if (missing.empty()) return {};
    const auto held = store_.read_keys(record.stream);
    if (!held) return held.error();
    if (copied_keys_.size() > kKeysRemembered) copied_keys_.clear();
    for (const auto& key : *held) {  // in the order of their table, which the file needs
      if (key.wrapped.empty() || missing.erase(key.key_id) == 0) continue;
      const auto name = wrapped_key_key(key.stream, key.subject, key.key_id);
      if (auto put = file_->put(entry_key(record.position, EntryKind::key, name), key.wrapped); !put) {
        return put;
      }
      copied_keys_.insert(key.key_id);
      ++manifest_.keys;
    }
    erased_ += missing.size();
    return {};
  }

  FaultOr<void> copy_artifact(const engine::Record& record) {
    const auto hash = rules_.artifact_of(record);
    if (!hash) return hash.error();
    if (!*hash) return {};
    const auto bytes = store_.read_artifact(**hash);
    if (!bytes) return bytes.error();
    if (!*bytes) {
      return Fault{"the published file named at position " + std::to_string(record.position) + " is missing"};
    }
    ++manifest_.artifacts;
    return file_->put(entry_key(record.position, EntryKind::artifact, view_of(**hash)), **bytes);
  }

  const RawStore& store_;
  const BackupRules& rules_;
  const LogHead& head_;
  Manifest& manifest_;
  std::uint64_t& erased_;
  std::unique_ptr<SortedFileWriter> file_{};
  std::set<engine::Id128> copied_keys_{};
};

/// The backups of a folder must be a beginning of the store's log. Fault: says what parted them.
FaultOr<void> check_continues(const RawStore& store, const std::vector<StoredBackup>& backups) {
  if (backups.empty()) return {};
  const auto& newest = backups.back().manifest;
  const auto extended = check_against_anchor(store, {newest.log_id, newest.edge});
  if (extended) return {};
  return Fault{
      "the backups of this folder do not belong to this log, or reach further than it (was it "
      "restored?): make a new folder for its backups. In detail, with the newest backup as anchor: " +
      extended.error().what};
}

/// Reads what was written, from the disk's point of view for the first time.
FaultOr<void> check_written(const StoredBackup& written, const RightEdge& before) {
  const auto& manifest = written.manifest;
  const auto edge = read_log(written.file(kLogFileName), manifest.log_id, before, manifest.last(), {});
  if (!edge) return edge.error();
  if (*edge != manifest.edge) {
    return Fault{written.file(kLogFileName).string() + ": the records written do not have the log's root"};
  }
  std::uint64_t answers = 0;
  const auto read = read_answers(written, [&](const engine::IdempotencyRecord&) {
    ++answers;
    return FaultOr<void>{};
  });
  if (!read) return read;
  if (answers != manifest.answers) return Fault{"an answer was not written"};
  return {};
}

FaultOr<Manifest> write_backup(const RawStore& store, BackupFolder& folder,
                               const std::vector<StoredBackup>& backups, const BackupRules& rules,
                               std::uint64_t& erased) {
  const auto head = store.head();
  const bool is_first = backups.empty();
  Manifest manifest;
  manifest.number = backups.size() + 1;
  manifest.log_id = head.log_id;
  manifest.epoch = head.epoch;
  manifest.first = is_first ? 1 : backups.back().manifest.last() + 1;
  manifest.edge = store.current_anchor().edge;
  manifest.recorded_at = head.recorded_at;
  manifest.taken_at = rules.taken_at;
  if (!is_first) manifest.previous = backups.back().manifest_hash;
  const auto partial = folder.begin(manifest.number);
  if (!partial) return partial.error();

  Copier copier(store, rules, head, manifest, erased);
  if (auto copied = copier.copy_log(*partial / kLogFileName); !copied) return copied.error();
  const auto since = is_first ? engine::Instant::min() : backups.back().manifest.recorded_at;
  if (auto copied = copier.copy_answers(*partial / kAnswersFileName, since); !copied) return copied.error();
  for (const char* name : {kLogFileName, kAnswersFileName}) {
    if (name == kAnswersFileName && manifest.answers == 0) continue;
    const auto measured = measure(*partial / name);
    if (!measured) return measured.error();
    manifest.files.push_back(*measured);
  }
  const auto before = is_first ? RightEdge{} : backups.back().manifest.edge;
  if (auto whole = check_written({*partial, manifest, {}}, before); !whole) return whole.error();
  if (auto published = folder.publish(manifest); !published) return published.error();
  return manifest;
}

}  // namespace

FaultOr<BackupReport> back_up(const RawStore& store, const std::filesystem::path& folder,
                              const BackupRules& rules) {
  const auto opened = BackupFolder::open(folder);
  if (!opened) return opened.error();
  const auto backups = list_backups(folder);
  if (!backups) return backups.error();
  if (auto continues = check_continues(store, *backups); !continues) return continues.error();
  BackupReport report;
  report.position = store.head().position;
  report.backups = backups->size();
  const auto last = backups->empty() ? 0 : backups->back().manifest.last();
  if (report.position == last) return report;
  auto made = write_backup(store, **opened, *backups, rules, report.erased_keys);
  if (!made) return made.error();
  report.made = *std::move(made);
  report.backups += 1;
  return report;
}

}  // namespace motcua::storage

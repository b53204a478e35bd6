#include "storage/backup/backup_log.hpp"

#include "storage/record/bytes.hpp"
#include "storage/record/key_codec.hpp"
#include "storage/record/record_codec.hpp"
#include "storage/record/sha256.hpp"
#include "storage/rocksdb/sorted_file.hpp"

#include <algorithm>
#include <utility>

namespace motcua::storage {
namespace {

using engine::Fault;
using engine::FaultOr;
using engine::Record;

/// Puts the entries of one log file together and checks them.
class LogReader {
 public:
  LogReader(const engine::Id128& log_id, RightEdge before, std::uint64_t until, const TakeEntry& take)
      : log_id_(log_id), edge_(std::move(before)), until_(until), take_(take) {}

  FaultOr<void> add(std::string_view key, std::string_view value) {
    ByteReader reader(key);
    const auto position = reader.u64("position");
    const auto kind = static_cast<EntryKind>(reader.u8("kind"));
    const auto rest = reader.take(reader.left(), "rest");
    if (reader.failed()) return Fault{"a key is cut"};
    if (kind == EntryKind::record) return add_record(position, rest, value);
    if (!entry_ || position != edge_.size()) return Fault{"an entry belongs to no record"};
    if (kind == EntryKind::key) return add_key(rest, value);
    if (kind == EntryKind::artifact) return add_artifact(rest, value);
    return Fault{"an entry is of an unknown kind"};
  }

  FaultOr<RightEdge> finish() {
    if (auto handed = hand_over(); !handed) return handed.error();
    return std::move(edge_);
  }

 private:
  FaultOr<void> add_record(std::uint64_t position, std::string_view rest, std::string_view bytes) {
    if (auto handed = hand_over(); !handed) return handed;
    const auto at = " at position " + std::to_string(position);
    if (position != edge_.size() + 1 || !rest.empty()) {
      return Fault{"position " + std::to_string(edge_.size() + 1) + " is missing"};
    }
    auto stored = decode_stored(bytes);
    if (!stored) return Fault{stored.error().what + at};
    if (stored->log_id != log_id_ || stored->record.position != position) {
      return Fault{"the record belongs elsewhere" + at};
    }
    const auto leaf = leaf_hash(stored->header);
    if (const auto whole = verify(*stored, leaf); !whole) return Fault{whole.error().what + at};
    edge_.append(leaf);
    entry_ = BackupEntry{std::move(stored->record), {}, {}};
    return {};
  }

  FaultOr<void> add_key(std::string_view key, std::string_view value) {
    auto wrapped = parse_wrapped_key(key, value);
    if (!wrapped) return Fault{"a wrapped key is malformed"};
    entry_->keys.push_back(*std::move(wrapped));
    return {};
  }

  FaultOr<void> add_artifact(std::string_view hash, std::string_view bytes) {
    const auto digest = sha256(bytes);
    if (view_of(digest) != hash) return Fault{"a published file does not have its hash"};
    entry_->artifacts.push_back({digest, std::string(bytes)});
    return {};
  }

  FaultOr<void> hand_over() {
    auto entry = std::exchange(entry_, std::nullopt);
    if (!entry || entry->record.position > until_ || !take_) return {};
    return take_(*std::move(entry));
  }

  const engine::Id128& log_id_;
  RightEdge edge_;
  std::uint64_t until_;
  const TakeEntry& take_;
  std::optional<BackupEntry> entry_{};
};

Fault about(const std::filesystem::path& path, const Fault& fault) {
  return Fault{path.string() + ": " + fault.what};
}

/// The number of backups, oldest first, that a cut can need.
FaultOr<std::size_t> backups_up_to(const std::vector<StoredBackup>& backups, const CutAt& at) {
  if (backups.empty()) return Fault{"the folder holds no whole backup"};
  const auto last = backups.back().manifest.last();
  if (at.position && *at.position > last) {
    return Fault{"the backups end at position " + std::to_string(last)};
  }
  const auto end = std::find_if(backups.begin(), backups.end(), [&](const StoredBackup& backup) {
    if (at.position) return backup.manifest.last() >= *at.position;
    return at.recorded_at && backup.manifest.recorded_at > *at.recorded_at;
  });
  return static_cast<std::size_t>(end - backups.begin()) + (end == backups.end() ? 0 : 1);
}

/// The last position of the backup at which a restore may end; 0 if there is none.
FaultOr<std::uint64_t> last_boundary(const StoredBackup& backup, const RightEdge& before, const CutAt& at) {
  const auto allowed = [&](const Record& record) {
    return (!at.position || record.position <= *at.position) &&
           (!at.recorded_at || record.recorded_at <= *at.recorded_at);
  };
  std::optional<Record> last;
  std::uint64_t boundary = 0;
  const auto path = backup.file(kLogFileName);
  const auto end =
      read_log(path, backup.manifest.log_id, before, backup.manifest.last(), [&](BackupEntry entry) {
        if (last && allowed(*last) && !of_one_command(*last, entry.record)) boundary = last->position;
        last = std::move(entry.record);
        return FaultOr<void>{};
      });
  if (!end) return end.error();
  // A backup ends where a durable batch ended, so never inside a command.
  if (last && allowed(*last)) boundary = last->position;
  return boundary;
}

}  // namespace

std::string entry_key(std::uint64_t position, EntryKind kind, std::string_view rest) {
  std::string key;
  put_u64(key, position);
  put_u8(key, static_cast<std::uint8_t>(kind));
  key.append(rest);
  return key;
}

FaultOr<RightEdge> read_log(const std::filesystem::path& path, const engine::Id128& log_id, RightEdge before,
                            std::uint64_t until, const TakeEntry& take) {
  LogReader reader(log_id, std::move(before), until, take);
  FaultOr<void> added;
  const auto scanned = scan_sorted_file(path, [&](std::string_view key, std::string_view value) {
    added = reader.add(key, value);
    return added.has_value();
  });
  if (!scanned) return scanned.error();
  if (!added) return about(path, added.error());
  auto edge = reader.finish();
  if (!edge) return about(path, edge.error());
  return edge;
}

FaultOr<void> read_answers(
    const StoredBackup& backup,
    const std::function<engine::FaultOr<void>(const engine::IdempotencyRecord&)>& take) {
  if (!backup.has(kAnswersFileName)) return {};
  const auto path = backup.file(kAnswersFileName);
  FaultOr<void> taken;
  const auto scanned = scan_sorted_file(path, [&](std::string_view key, std::string_view value) {
    engine::Digest scope{};
    const auto answer = key.size() == scope.size() ? [&] {
      std::copy(key.begin(), key.end(), scope.begin());
      return parse_idempotency(scope, value);
    }() : std::nullopt;
    taken = answer ? take(*answer) : FaultOr<void>(Fault{"an answer is malformed"});
    return taken.has_value();
  });
  if (!scanned) return scanned;
  if (!taken) return about(path, taken.error());
  return {};
}

bool of_one_command(const Record& before, const Record& after) {
  if (before.recorded_at != after.recorded_at) return false;
  return before.command_id == after.command_id || (!before.cause.empty() && before.cause == after.cause);
}

FaultOr<Cut> find_cut(const std::vector<StoredBackup>& backups, const CutAt& at) {
  const auto needed = backups_up_to(backups, at);
  if (!needed) return needed.error();
  for (std::size_t i = 0; i < *needed; ++i) {
    if (auto whole = check_files(backups[i]); !whole) return whole.error();
  }
  for (auto count = *needed; count > 0; --count) {
    const auto& backup = backups[count - 1];
    const auto boundary =
        last_boundary(backup, count == 1 ? RightEdge{} : backups[count - 2].manifest.edge, at);
    if (!boundary) return boundary.error();
    if (*boundary != 0) return Cut{count, *boundary};
  }
  return Fault{"the backups hold no whole command up to there"};
}

}  // namespace motcua::storage

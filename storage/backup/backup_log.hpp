/// The log as backups hold it: records in order of position, each with what it is the first to need. Reading
/// trusts nothing: every hash is computed again.
#pragma once

#include "engine/core/result.hpp"
#include "engine/ports/event_store.hpp"
#include "storage/backup/backup_folder.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::storage {

/// What stands under one key of a backup's log file.
enum class EntryKind : std::uint8_t { record = 1, key = 2, artifact = 3 };
/// position ‖ kind ‖ rest.
[[nodiscard]] std::string entry_key(std::uint64_t position, EntryKind kind, std::string_view rest = {});

/// One record and what came into the store with it.
struct BackupEntry {
  engine::Record record{};
  std::vector<engine::WrappedKey> keys{};
  std::vector<engine::Artifact> artifacts{};
};
using TakeEntry = std::function<engine::FaultOr<void>(BackupEntry)>;

/// Reads the log file at `path`, which continues `before`, to its end, and returns the log's edge there.
/// `take` gets the entries up to position `until`. Fault: a gap, a record that its own hashes do not fit,
/// bytes that are none of ours, or what `take` answered.
[[nodiscard]] engine::FaultOr<RightEdge> read_log(const std::filesystem::path& path,
                                                  const engine::Id128& log_id, RightEdge before,
                                                  std::uint64_t until, const TakeEntry& take);

/// The answers of a backup; none if it holds none. Fault: damage, or what `take` answered.
[[nodiscard]] engine::FaultOr<void> read_answers(
    const StoredBackup& backup,
    const std::function<engine::FaultOr<void>(const engine::IdempotencyRecord&)>& take);

/// True if the two records, which follow each other in the log, were written by one command: then a restore
/// may not end between them. One command writes its records at one instant, under one command id or one
/// cause.
[[nodiscard]] bool of_one_command(const engine::Record& before, const engine::Record& after);

/// Where a restore shall end; the later members are absent. None: at the last record.
struct CutAt {
  std::optional<std::uint64_t> position{};       ///< the last record is this one or an earlier one
  std::optional<engine::Instant> recorded_at{};  ///< the last record was recorded then or earlier
};

/// Where a restore ends.
struct Cut {
  std::size_t backups = 0;     ///< as many from the oldest are read
  std::uint64_t position = 0;  ///< the last record
};
/// The greatest position that `at` allows and that splits no command. The backups up to there are checked
/// byte by byte on the way. Fault: damage, a position that no backup reaches, or no record before the cut.
[[nodiscard]] engine::FaultOr<Cut> find_cut(const std::vector<StoredBackup>& backups, const CutAt& at);

}  // namespace motcua::storage

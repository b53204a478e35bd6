/// Full verification of a store (kiểm tra toàn vẹn): every stored byte of the log against the hash that
/// commits to it. It reads all of the log and changes nothing. Keys are not needed: erased subjects still
/// verify.
#pragma once

#include "engine/core/result.hpp"
#include "storage/log/anchor.hpp"
#include "storage/log/raw_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace motcua::storage {

/// Something that does not agree with the log's hashes.
struct Finding {
  std::string what{};                        ///< one English sentence, no personal value
  std::uint64_t position = 0;                ///< 0 if the finding has none
  std::optional<engine::StreamId> stream{};  ///< of the record concerned
  std::uint64_t version = 0;                 ///< 0 if the finding has none
};

/// More findings than this are counted, not listed.
inline constexpr std::size_t kFindingsMax = 1000;

struct VerifyReport {
  engine::LogHead head{};         ///< the head that was verified
  std::uint64_t log_entries = 0;  ///< read
  std::uint64_t records = 0;      ///< keys seen in the table of records
  std::uint64_t streams = 0;
  std::uint64_t sealed_entries = 0;
  std::uint64_t artifacts = 0;
  std::uint64_t findings_total = 0;
  std::vector<Finding> findings{};  ///< the first kFindingsMax

  [[nodiscard]] bool clean() const { return findings_total == 0; }
};

/// Told now and then how far the log has been read.
using VerifyProgress = std::function<void(std::uint64_t position, std::uint64_t head)>;

/// Checks: positions and versions without gaps; each log entry's record is there, says the same place and
/// log, and has the leaf, public digest and sealed digests; recorded_at never goes back; right edge
/// recomputed = stored; its root = the head's; `anchor`, if given, is a prefix; artifacts have their hash.
/// The store must not be appended to meanwhile. Fault: the store could not be read at all. Any thread.
[[nodiscard]] engine::FaultOr<VerifyReport> verify_store(const RawStore& store,
                                                         const std::optional<Anchor>& anchor,
                                                         const VerifyProgress& progress = {});

}  // namespace motcua::storage

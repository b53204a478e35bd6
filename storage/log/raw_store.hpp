/// An event store whose bytes can be read as they are stored, so that they can be verified without being
/// trusted.
#pragma once

#include "engine/ports/event_store.hpp"
#include "storage/log/anchor.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::storage {

/// Where a record stands.
struct RecordRef {
  engine::StreamId stream{};
  std::uint64_t version = 0;
};

class RawStore : public engine::EventStore {
 public:
  /// The durable end of the log as an anchor (what AnchorFile::write takes). Any thread; costs a copy.
  [[nodiscard]] virtual Anchor current_anchor() const = 0;

  /// Log entries as stored, ascending, from position `from`, until `visit(key, value)` answers false.
  [[nodiscard]] virtual engine::FaultOr<void> scan_raw_log(
      std::uint64_t from, const std::function<bool(std::string_view, std::string_view)>& visit) const = 0;
  /// Keys of all records, ascending, until `visit` answers false.
  [[nodiscard]] virtual engine::FaultOr<void> scan_record_keys(
      const std::function<bool(std::string_view)>& visit) const = 0;
  /// Stored bytes of each record in `wanted`, in that order; nullopt where there is none.
  [[nodiscard]] virtual engine::FaultOr<std::vector<std::optional<std::string>>> read_raw_records(
      const std::vector<RecordRef>& wanted) const = 0;
  /// All artifacts, ascending by the hash under which they are stored, until `visit(hash, bytes)` answers
  /// false.
  [[nodiscard]] virtual engine::FaultOr<void> scan_artifacts(
      const std::function<bool(std::string_view, std::string_view)>& visit) const = 0;
  /// All answers, ascending by scope, as stored, until `visit(scope, value)` answers false.
  [[nodiscard]] virtual engine::FaultOr<void> scan_raw_answers(
      const std::function<bool(std::string_view, std::string_view)>& visit) const = 0;
  /// The right edge as stored.
  [[nodiscard]] virtual engine::FaultOr<std::string> raw_edge() const = 0;
};

}  // namespace motcua::storage

/// The anchor: how far the log is known to reach, kept outside the data folder. A store whose newest
/// write-ahead file was deleted or emptied opens without complaint; only a witness elsewhere shows that
/// acknowledged events are gone.
#pragma once

#include "engine/core/result.hpp"
#include "engine/ports/event_store.hpp"
#include "storage/log/merkle.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace motcua::storage {

/// A log and its right edge at some size.
struct Anchor {
  engine::Id128 log_id{};
  RightEdge edge{};
  friend bool operator==(const Anchor&, const Anchor&) = default;
};

/// The anchor as text: a title line, then `log`, `size`, `root` and one `edge` line per hash.
[[nodiscard]] std::string to_text(const Anchor& anchor);
/// Fault: anything but the text of to_text, or a root that is not the edge's.
[[nodiscard]] engine::FaultOr<Anchor> parse_anchor(std::string_view text);

/// The file. One thread at a time.
class AnchorFile {
 public:
  explicit AnchorFile(std::filesystem::path path) : path_(std::move(path)) {}

  /// Replaces the file and returns after it is on disk: a crash leaves the old anchor or the new one, whole.
  /// Fault: the file system refuses.
  [[nodiscard]] engine::FaultOr<void> write(const Anchor& anchor) const;
  /// nullopt if there is no file. Fault: unreadable, or not an anchor.
  [[nodiscard]] engine::FaultOr<std::optional<Anchor>> read() const;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Start-up check: extends the anchor's edge by the leaves after it and compares with the store's head;
/// returns the extended anchor. Reads only the log entries after the anchor. Faults: another log; a log
/// shorter than the anchor (both sizes are named); a gap; a root that differs, which means that entries
/// before or after the anchor changed.
[[nodiscard]] engine::FaultOr<Anchor> check_against_anchor(const engine::EventStore& store,
                                                           const Anchor& anchor);

}  // namespace motcua::storage

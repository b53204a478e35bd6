/// Versions that streams have reached, for the appender: bounded memory, no disk access for streams seen
/// lately.
#pragma once

#include "engine/core/result.hpp"
#include "engine/ports/event_store.hpp"
#include "storage/tables/tables.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace motcua::storage {

/// One thread at a time.
class StreamVersions {
 public:
  /// Two generations of at most `streams_max` streams each are remembered; the older one is dropped whole.
  explicit StreamVersions(std::size_t streams_max = 25'000) : streams_max_(streams_max) {}

  /// Moves the stream from version - 1 to `version`. False if the stream is elsewhere; then nothing has
  /// changed. Streams not remembered are looked up by two keys: `version - 1` must exist, `version` must not.
  [[nodiscard]] engine::FaultOr<bool> advance(const Tables& tables, const engine::StreamId& stream,
                                              std::uint64_t version);
  /// Keeps or undoes every advance since the last call of either.
  void settle();
  void roll_back();

 private:
  struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>{}(key); }
  };
  using Versions = std::unordered_map<std::string, std::uint64_t, KeyHash, std::equal_to<>>;

  [[nodiscard]] std::uint64_t* find(std::string_view key);

  std::size_t streams_max_;
  Versions young_{};
  Versions old_{};
  std::string key_{};
  std::vector<std::uint64_t*> advanced_{};  ///< nodes of young_, each to be lowered by one on roll_back
};

}  // namespace motcua::storage

/// Unwrapped data keys of the streams used last. Bounded: the least recently used stream is forgotten.
#pragma once

#include "engine/ports/event_store.hpp"
#include "storage/keys/master_key.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace motcua::storage {

struct DataKey {
  engine::SubjectName subject{};
  engine::Id128 key_id{};
  SecretKey key{};
};

/// One thread at a time. Keys are few per stream: they are searched, not indexed.
class KeyCache {
 public:
  explicit KeyCache(std::size_t streams_max) : streams_max_(streams_max) {}

  /// The stream's keys, now the most recently used; nullptr if it is not cached. Valid until the next call.
  [[nodiscard]] std::vector<DataKey>* find(const std::string& stream_key);
  /// Replaces the stream's keys. Valid until the next call.
  std::vector<DataKey>& put(const std::string& stream_key, std::vector<DataKey> keys);
  void forget(const std::string& stream_key);

 private:
  using Entries = std::list<std::pair<std::string, std::vector<DataKey>>>;

  std::size_t streams_max_;
  Entries entries_{};  ///< most recently used first
  std::unordered_map<std::string, Entries::iterator> index_{};
};

}  // namespace motcua::storage

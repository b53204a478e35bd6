#include "storage/keys/key_cache.hpp"

namespace motcua::storage {

std::vector<DataKey>* KeyCache::find(const std::string& stream_key) {
  const auto at = index_.find(stream_key);
  if (at == index_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, at->second);
  return &at->second->second;
}

std::vector<DataKey>& KeyCache::put(const std::string& stream_key, std::vector<DataKey> keys) {
  if (auto* const present = find(stream_key)) {
    *present = std::move(keys);
    return *present;
  }
  entries_.emplace_front(stream_key, std::move(keys));
  index_.emplace(stream_key, entries_.begin());
  if (entries_.size() > streams_max_) {
    index_.erase(entries_.back().first);
    entries_.pop_back();
  }
  return entries_.front().second;
}

void KeyCache::forget(const std::string& stream_key) {
  const auto at = index_.find(stream_key);
  if (at == index_.end()) return;
  entries_.erase(at->second);
  index_.erase(at);
}

}  // namespace motcua::storage

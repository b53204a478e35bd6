#include "storage/tables/stream_versions.hpp"

#include "storage/record/bytes.hpp"
#include "storage/record/key_codec.hpp"

#include <utility>

namespace motcua::storage {

using engine::FaultOr;

std::uint64_t* StreamVersions::find(std::string_view key) {
  if (const auto at = young_.find(key); at != young_.end()) return &at->second;
  const auto at = old_.find(key);
  if (at == old_.end()) return nullptr;
  auto node = old_.extract(at);
  return &young_.insert(std::move(node)).position->second;
}

FaultOr<bool> StreamVersions::advance(const Tables& tables, const engine::StreamId& stream,
                                      std::uint64_t version) {
  if (!is_valid(stream) || version == 0) return false;
  key_.clear();
  put_stream(key_, stream);
  const auto prefix_size = key_.size();
  auto* reached = find(key_);
  if (reached == nullptr) {
    put_u64(key_, version);
    const auto taken = tables.get(Table::records, key_);
    if (!taken) return taken.error();
    if (taken->has_value()) return false;
    if (version > 1) {
      key_.resize(prefix_size);
      put_u64(key_, version - 1);
      const auto before = tables.get(Table::records, key_);
      if (!before) return before.error();
      if (!before->has_value()) return false;
    }
    key_.resize(prefix_size);
    reached = &young_.emplace(key_, version - 1).first->second;
  }
  if (*reached + 1 != version) return false;
  *reached = version;
  advanced_.push_back(reached);
  return true;
}

void StreamVersions::settle() {
  advanced_.clear();
  if (young_.size() < streams_max_) return;
  old_ = std::exchange(young_, {});
}

void StreamVersions::roll_back() {
  for (auto* reached : advanced_) --*reached;
  advanced_.clear();
}

}  // namespace motcua::storage

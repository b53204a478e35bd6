#include "engine/runtime/case_cache.hpp"

namespace motcua::engine {

CaseHandle CaseCache::find(const CaseId& id) {
  const auto slot = slots_.find(id);
  if (slot == slots_.end()) return nullptr;
  order_.splice(order_.begin(), order_, slot->second.place);
  return slot->second.handle;
}

void CaseCache::put(const CaseHandle& handle) {
  const auto [slot, is_new] = slots_.try_emplace(handle->state.id);
  if (is_new) {
    slot->second.place = order_.insert(order_.begin(), handle->state.id);
  } else {
    order_.splice(order_.begin(), order_, slot->second.place);
  }
  slot->second.handle = handle;
}

void CaseCache::trim() {
  while (slots_.size() > capacity_) {
    slots_.erase(order_.back());
    order_.pop_back();
  }
}

}  // namespace motcua::engine

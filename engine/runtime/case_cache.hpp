/// Bounded cache of the newest state of cases, for the sequencer's thread only. It may be ahead of the disk
/// by the batch in flight and the batch being decided; answers wait accordingly.
#pragma once

#include "engine/runtime/case_loader.hpp"

#include <cstddef>
#include <list>
#include <map>
#include <utility>

namespace motcua::engine {

class CaseCache {
 public:
  explicit CaseCache(std::size_t capacity) : capacity_(capacity) {}

  /// The cached case, moved to the front; null if it is not cached.
  [[nodiscard]] CaseHandle find(const CaseId& id);
  /// Puts a case in front. Never drops below `capacity`; the caller sees to it that a dropped case is
  /// durable.
  void put(const CaseHandle& handle);
  /// Drops the oldest cases beyond the capacity. Call only when every cached state is durable.
  void trim();

 private:
  using Order = std::list<CaseId>;
  struct Slot {
    CaseHandle handle{};
    Order::iterator place{};
  };
  std::size_t capacity_;
  Order order_{};
  std::map<CaseId, Slot> slots_{};
};

}  // namespace motcua::engine

/// Bounded cache of the newest state of cases, for the sequencer's thread only. It may be ahead of the disk
/// by the batch in flight and the batch being decided; answers wait accordingly.
#pragma once

#include "engine/runtime/case_loader.hpp"

#include <cstddef>
#include <list>
#include <map>
#include <utility>

namespace motcua::engine {

/// About how many bytes a case holds in memory: its state, its values and the texts made of them.
[[nodiscard]] std::size_t held_bytes(const LoadedCase& held);

class CaseCache {
 public:
  /// Holds about `bytes_max`, and never fewer than `cases_min` cases.
  CaseCache(std::size_t bytes_max, std::size_t cases_min) : bytes_max_(bytes_max), cases_min_(cases_min) {}

  /// The cached case, moved to the front; null if it is not cached.
  [[nodiscard]] CaseHandle find(const CaseId& id);
  /// Puts a case in front; drops none.
  void put(const CaseHandle& handle);
  /// Drops the oldest cases beyond the bound. Call only when all but the newest `cases_min` are durable.
  void trim();

  [[nodiscard]] std::size_t cases() const { return slots_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  using Order = std::list<CaseId>;
  struct Slot {
    CaseHandle handle{};
    Order::iterator place{};
    std::size_t content_bytes = 0;  ///< counted again only when the content changes
    std::size_t bytes = 0;
  };
  std::size_t bytes_max_;
  std::size_t cases_min_;
  std::size_t bytes_ = 0;
  Order order_{};
  std::map<CaseId, Slot> slots_{};
};

}  // namespace motcua::engine

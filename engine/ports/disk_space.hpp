/// Port: whether there is room on the disk for more events.
#pragma once

#include <optional>
#include <string>

namespace motcua::engine {

class DiskSpace {
 public:
  DiskSpace() = default;
  DiskSpace(const DiskSpace&) = delete;
  DiskSpace& operator=(const DiskSpace&) = delete;
  virtual ~DiskSpace() = default;

  /// Why nothing new may be recorded, or nullopt. Asks no disk: says what was measured last. Any thread.
  [[nodiscard]] virtual std::optional<std::string> shortage() const = 0;
};

}  // namespace motcua::engine

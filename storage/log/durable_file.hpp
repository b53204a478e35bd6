/// Small files that must be whole or absent after a power cut.
#pragma once

#include "engine/core/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace motcua::storage {

/// Writes `<path>.new` with `mode`, syncs it, renames it to `path`, syncs the directory. Fault: names the
/// step.
[[nodiscard]] engine::FaultOr<void> replace_file(const std::filesystem::path& path, std::string_view bytes,
                                                 unsigned mode);
/// Makes a file that must not exist yet, whole or not at all, with `mode`, synced with its directory. Fault:
/// it exists, or the step.
[[nodiscard]] engine::FaultOr<void> create_file(const std::filesystem::path& path, std::string_view bytes,
                                                unsigned mode);
/// Reads a file of at most `bytes_max`. Fault: absent, larger, unreadable.
[[nodiscard]] engine::FaultOr<std::string> read_small_file(const std::filesystem::path& path,
                                                           std::size_t bytes_max);
/// Makes what the file holds durable, whoever wrote it. The file is not opened for writing.
[[nodiscard]] engine::FaultOr<void> sync_file(const std::filesystem::path& path);
/// Makes the entries of a directory durable.
[[nodiscard]] engine::FaultOr<void> sync_directory(const std::filesystem::path& directory);

}  // namespace motcua::storage

/// Why a folder cannot be opened as a store, in words for whoever has to mend it: what is damaged, what to
/// do.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace motcua::storage {

/// A file of this name lies in the folder until `init` has ended.
inline constexpr const char* kUnfinished = "UNFINISHED";

/// Why there is no store to open in `folder`; nullopt if there may be one. Looks, and changes nothing.
[[nodiscard]] std::optional<std::string> why_no_store(const std::filesystem::path& folder);

/// RocksDB's `words` for a failed opening, with what they leave out: the damaged file, or the process that
/// holds the lock.
[[nodiscard]] std::string why_not_opened(const std::filesystem::path& folder, std::string words);

}  // namespace motcua::storage

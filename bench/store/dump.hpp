/// The contents of a data folder as text that PostgreSQL's COPY reads, to compare what both need on disk.
#pragma once

#include <filesystem>

namespace motcua::bench {

/// Writes `event.tsv`, `idem.tsv`, `data_key.tsv` and `case_code.tsv` into `folder`: the same record bytes,
/// the same ciphertext. Only what belongs to cases.
void dump(const std::filesystem::path& data, const std::filesystem::path& folder);

}  // namespace motcua::bench

/// What `motcua diagram` and `motcua export` share: the step machine of a definition, written in a format.
#pragma once

#include "api/cli/commands.hpp"

#include <filesystem>
#include <string>

namespace motcua::api {

/// What the line of such a command says.
struct ChartLine {
  std::filesystem::path file{};
  std::filesystem::path counts{};  ///< empty: arrows without numbers
  std::filesystem::path out{};     ///< empty: standard output
  std::string format{};            ///< mermaid | svg | scxml | dot
  std::string language = "vi";     ///< of labels: vi | en
};

/// Adds the file, `--language` and `--out`, which fill `line`.
void add_chart_options(CLI::App& command, ChartLine& line);

/// Writes the machine of the file, and on standard error what the format cannot say. Findings where a file
/// cannot be read or the definition has no machine. Throws std::runtime_error where nothing can be written,
/// or nothing can be laid out.
[[nodiscard]] Exit write_chart(const ChartLine& line);

}  // namespace motcua::api

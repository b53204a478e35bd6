/// The source tree as text, for tests that hold rules over it. Reads files; changes none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace motcua::tests {

/// A file of the tree: path relative to its root, and its bytes.
struct SourceFile {
  std::string path{};
  std::string text{};
};

/// One broken rule.
struct Finding {
  std::string path{};
  int line = 0;  ///< from 1; 0 where the whole file is meant
  std::string rule{};
};
[[nodiscard]] std::string to_text(const std::vector<Finding>& findings);

/// Every C++ file under engine, workflows, storage, adapters, api, tests, bench, examples; ascending by path.
[[nodiscard]] std::vector<SourceFile> code_files();
/// Every text that people read or run: code, scripts, build files, documents, screens. Not data that others
/// wrote.
[[nodiscard]] std::vector<SourceFile> readable_files();
/// The text of one file; empty if there is none.
[[nodiscard]] std::string read_source(const std::string& path);
/// Names in a folder of the tree that end in `suffix`, ascending; empty if there is no such folder.
[[nodiscard]] std::vector<std::string> names_in(const std::string& folder, std::string_view suffix);

[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);
/// The same text with comments, string and character literals and preprocessor lines blanked; lines keep
/// their number.
[[nodiscard]] std::string code_only(const std::string& text);
/// True if `word` stands in `text` with no letter, digit or underscore beside it.
[[nodiscard]] bool has_word(std::string_view text, std::string_view word);
/// True if `name` is called in `text`: the word, then an opening parenthesis.
[[nodiscard]] bool has_call(std::string_view text, std::string_view name);
[[nodiscard]] bool is_header(std::string_view path);

}  // namespace motcua::tests

#include "tests/architecture/source_tree.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace motcua::tests {
namespace {

namespace fs = std::filesystem;

struct Compiled {
  bool accepted = false;
  std::string messages{};
};

/// Compiles one include with the include root that code of `folder` gets, and no other.
Compiled compile_include(const std::string& folder, const std::string& header) {
  const fs::path place = fs::path(BINARY_DIR) / "upward_include_test";
  fs::create_directories(place);
  const fs::path source = place / (folder + ".cpp");
  const fs::path messages = place / (folder + ".txt");
  std::ofstream(source) << "#include \"" << header << "\"\n";
  const std::string command = std::string("LC_ALL=C ") + CXX_COMPILER +
                              " -std=c++20 -fsyntax-only -I" BINARY_DIR "/include_roots/" + folder + " " +
                              source.string() + " 2> " + messages.string();
  const bool accepted = std::system(command.c_str()) == 0;
  std::ifstream file(messages);
  return {accepted, {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()}};
}

/// Any header below `folder`, as an include names it; empty if there is none.
std::string some_header(const std::string& folder) {
  for (const SourceFile& file : code_files()) {
    if (is_header(file.path) && file.path.starts_with(folder + "/")) return file.path;
  }
  return {};
}

TEST(IncludeRoots, LetTheEngineSeeItself) {
  const auto own = compile_include("engine", "engine/core/ids.hpp");
  EXPECT_TRUE(own.accepted) << own.messages;
}

TEST(IncludeRoots, HideEveryOuterFolderFromTheEngine) {
  for (const char* folder : {"storage", "workflows", "adapters", "api", "tests"}) {
    const std::string header = some_header(folder);
    if (header.empty()) continue;
    const auto outer = compile_include("engine", header);
    EXPECT_FALSE(outer.accepted) << header;
    EXPECT_NE(outer.messages.find("No such file or directory"), std::string::npos) << outer.messages;
  }
  EXPECT_FALSE(some_header("tests").empty()) << "nothing was tried";
}

TEST(IncludeRoots, HideTheStoreFromTheWorkflows) {
  const std::string header = some_header("storage");
  ASSERT_FALSE(header.empty()) << "no header under storage";
  EXPECT_FALSE(compile_include("workflows", header).accepted);
}

}  // namespace
}  // namespace motcua::tests

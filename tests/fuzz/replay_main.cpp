// Tries every file of the folders and files given: the committed corpus, without a fuzzer.
#include "tests/fuzz/target.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t tried = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& path : files_of(arguments[i])) {
      std::ifstream file(path, std::ios::binary);
      const std::string input{std::istreambuf_iterator<char>(file), {}};
      std::printf("%s\n", path.filename().c_str());
      std::fflush(stdout);
      motcua::fuzz::try_input(input);
      ++tried;
    }
  }
  std::printf("%zu inputs\n", tried);
  return tried > 0 ? 0 : 1;
}

/// motcua-definitions-bench: what it costs to lint one definition and to load a province's worth of them.
/// Works on copies of the given files under codes of their own; prints one JSON object.
#include "workflows/loader/lint.hpp"
#include "workflows/loader/loaded_catalogue.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

/// Resident memory now, in MB; 0 if the system does not say.
double resident_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmRSS:", 0) == 0) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}

std::vector<std::string> read_all(const fs::path& folder) {
  std::vector<std::string> texts;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().filename() != "procedure.json") continue;
    std::ostringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    texts.push_back(bytes.str());
  }
  return texts;
}

/// The text under another code.
std::string copy_of(const std::string& text, int number) {
  char code[16];
  std::snprintf(code, sizeof code, "9.%06d", number);
  const auto begin = text.find('"', text.find("\"code\":") + 7);
  std::string copy = text;
  return copy.replace(begin + 1, text.find('"', begin + 1) - begin - 1, code);
}

json lint_each(const std::vector<std::string>& texts) {
  std::vector<double> ms;
  for (const std::string& text : texts) {
    const auto begin = Clock::now();
    const auto findings = motcua::workflows::lint_bytes(motcua::workflows::FileKind::procedure, text, "");
    ms.push_back(ms_since(begin));
    if (has_errors(findings)) std::cerr << to_text(findings);
  }
  std::sort(ms.begin(), ms.end());
  return {{"slowest_ms", ms.empty() ? 0 : ms.back()}, {"median_ms", ms.empty() ? 0 : ms[ms.size() / 2]}};
}

}  // namespace

/// Usage: motcua-definitions-bench CATALOGUE_FOLDER COUNT
int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: motcua-definitions-bench CATALOGUE_FOLDER COUNT\n";
    return 2;
  }
  const int count = std::atoi(argv[2]);
  const auto texts = read_all(argv[1]);
  if (texts.empty() || count <= 0) return 2;
  json report{{"lint", lint_each(texts)}, {"definitions", count}};
  const fs::path folder = fs::temp_directory_path() / ("motcua-definitions-" + std::to_string(::getpid()));
  for (int i = 0; i < count; ++i) {
    const auto place = folder / "catalogue" / std::to_string(i);
    fs::create_directories(place);
    std::ofstream(place / "procedure.json", std::ios::binary)
        << copy_of(texts[static_cast<std::size_t>(i) % texts.size()], i);
  }
  const double before_mb = resident_mb();
  motcua::workflows::LoadedCatalogue catalogue;
  const auto begin = Clock::now();
  const auto findings = catalogue.load_folder(folder);
  report["load_ms"] = ms_since(begin);
  report["load_mb"] = resident_mb() - before_mb;
  report["resident_mb"] = resident_mb();
  report["loaded"] = catalogue.definitions().size();
  fs::remove_all(folder);
  std::cout << report.dump() << '\n';
  return has_errors(findings) ? 1 : 0;
}

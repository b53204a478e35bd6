#include "tests/architecture/include_rules.hpp"

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace motcua::tests {
namespace {

using Names = std::set<std::string>;

struct Allowed {
  Names folders{};
  Names libraries{};
};

/// Everybody may use the standard library and the engine's vocabulary: results and JSON values.
const Names kVocabulary{"standard", "boost.system", "nlohmann"};

Names with(Names more) {
  more.insert(kVocabulary.begin(), kVocabulary.end());
  return more;
}

const std::map<std::string, Allowed>& table() {
  static const Names every_library =
      with({"posix", "boost.asio", "boost", "rocksdb", "openssl", "valijson", "cjose", "jansson", "spdlog",
            "CLI11", "toml++", "gtest", "rapidcheck", "pugixml", "icu", "zstd"});
  static const Names every_folder{"engine", "workflows", "storage", "adapters", "api"};
  static const std::map<std::string, Allowed> rules{
      {"engine", {{"engine"}, with({})}},
      {"workflows", {{"engine", "workflows"}, with({"valijson", "openssl", "pugixml", "zstd"})}},
      {"storage", {{"engine", "storage"}, with({"posix", "rocksdb", "openssl"})}},
      {"adapters",
       {{"engine", "adapters"},
        with({"posix", "boost.asio", "cjose", "jansson", "openssl", "pugixml", "icu"})}},
      {"api",
       {{"engine", "workflows", "api"},
        with({"posix", "boost.asio", "spdlog", "CLI11", "toml++", "rapidjson"})}},
      // A peer of the engine shares the wire format with it and no code.
      {"examples", {{"examples"}, with({"posix", "boost.asio", "CLI11", "pugixml", "icu"})}},
      {"bench", {{"engine", "workflows", "storage", "adapters", "api", "bench", "tests"}, every_library}},
      {"tests",
       {{"engine", "workflows", "storage", "adapters", "api", "examples", "bench", "tests"}, every_library}},
  };
  return rules;
}

/// Layers inside the engine, lowest first.
const std::map<std::string, int> kLayers{{"core", 0},    {"lifecycle", 1}, {"deadline", 2}, {"procedure", 3},
                                         {"prefill", 4}, {"ports", 5},     {"cases", 6},    {"runtime", 7}};

std::string part(std::string_view path, std::size_t index) {
  for (; index > 0; --index) {
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return {};
    path.remove_prefix(slash + 1);
  }
  const auto slash = path.find('/');
  return slash == std::string_view::npos ? std::string{} : std::string(path.substr(0, slash));
}

/// Name of the library that a system header belongs to.
std::string library_of(const std::string& header) {
  static const std::array<std::pair<std::string_view, std::string_view>, 22> prefixes{{
      {"boost/system/", "boost.system"},
      {"boost/assert/", "boost.system"},
      {"boost/msm/", "boost.msm"},
      {"boost/mpl/", "boost.msm"},
      {"boost/asio", "boost.asio"},
      {"boost/beast", "boost.asio"},
      {"boost/", "boost"},
      {"nlohmann/", "nlohmann"},
      {"rocksdb/", "rocksdb"},
      {"openssl/", "openssl"},
      {"valijson/", "valijson"},
      {"cjose/", "cjose"},
      {"jansson", "jansson"},
      {"spdlog/", "spdlog"},
      {"rapidjson/", "rapidjson"},
      {"CLI/", "CLI11"},
      {"toml", "toml++"},
      {"gtest/", "gtest"},
      {"rapidcheck", "rapidcheck"},
      {"pugixml", "pugixml"},
      {"zstd.h", "zstd"},
      {"unicode/", "icu"},
  }};
  for (const auto& [prefix, library] : prefixes) {
    if (header.starts_with(prefix)) return std::string(library);
  }
  if (header.find_first_of("./") == std::string::npos) return "standard";
  if (header.ends_with(".h") || header.starts_with("sys/")) return "posix";
  return "unknown library";
}

/// The composition root and the offline commands see every folder.
bool is_composition(const std::string& path) {
  return path == "api/main.cpp" || path.starts_with("api/cli/");
}

std::optional<std::string> folder_rule(const std::string& path, const Include& include) {
  const std::string from = part(path, 0);
  const std::string to = part(include.path, 0);
  if (table().count(to) == 0) return "an include in quotes starts with a folder of the tree: " + include.path;
  const bool composed = is_composition(path) && (to == "storage" || to == "adapters");
  if (!composed && table().at(from).folders.count(to) == 0) return from + " may not know " + to;
  if (from != "engine" || to != "engine") return std::nullopt;
  const auto own = kLayers.find(part(path, 1));
  const auto other = kLayers.find(part(include.path, 1));
  if (own == kLayers.end() || other == kLayers.end()) return "no such layer of the engine: " + include.path;
  if (other->second > own->second)
    return "engine/" + own->first + " may not know the higher engine/" + other->first;
  return std::nullopt;
}

std::optional<std::string> library_rule(const std::string& path, const Include& include) {
  const std::string library = library_of(include.path);
  if (library == "boost.msm") {
    if (part(path, 0) == "engine" && part(path, 1) == "lifecycle" && !is_header(path)) return std::nullopt;
    return "Boost.MSM is known to engine/lifecycle/*.cpp only";
  }
  const std::string folder = part(path, 0);
  if (table().at(folder).libraries.count(library) == 0) {
    return folder + " may not use " + library + " (<" + include.path + ">)";
  }
  return std::nullopt;
}

}  // namespace

std::vector<Include> includes_of(const std::string& text) {
  std::vector<Include> includes;
  int number = 0;
  for (const std::string& line : lines_of(text)) {
    ++number;
    const auto hash = line.find_first_not_of(" \t");
    if (hash == std::string::npos || line[hash] != '#') continue;
    const auto word = line.find_first_not_of(" \t", hash + 1);
    if (word == std::string::npos || line.compare(word, 7, "include") != 0) continue;
    const auto open = line.find_first_of("<\"", word);
    if (open == std::string::npos) continue;
    const auto close = line.find_first_of(">\"", open + 1);
    if (close == std::string::npos) continue;
    includes.push_back({number, line.substr(open + 1, close - open - 1), line[open] == '"'});
  }
  return includes;
}

std::vector<Finding> check_includes(const std::string& path, const std::string& text) {
  std::vector<Finding> findings;
  if (table().count(part(path, 0)) == 0) return {{path, 0, "no rule says what this folder may know"}};
  for (const Include& include : includes_of(text)) {
    const auto broken = include.quoted ? folder_rule(path, include) : library_rule(path, include);
    if (broken) findings.push_back({path, include.line, *broken});
  }
  return findings;
}

}  // namespace motcua::tests

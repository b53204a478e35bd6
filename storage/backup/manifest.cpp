#include "storage/backup/manifest.hpp"

#include "storage/record/sha256.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

namespace motcua::storage {
namespace {

using engine::Digest;
using engine::Fault;
using engine::FaultOr;
using nlohmann::json;

json json_of(const Manifest& manifest) {
  json edge = json::array();
  for (const auto& hash : manifest.edge.subtrees()) edge.push_back(engine::to_hex(hash));
  json files = json::array();
  for (const auto& file : manifest.files) {
    files.push_back({{"bytes", file.bytes}, {"name", file.name}, {"sha256", engine::to_hex(file.sha256)}});
  }
  return {{"answers", manifest.answers},
          {"artifacts", manifest.artifacts},
          {"edge", edge},
          {"epoch", manifest.epoch},
          {"files", files},
          {"first", manifest.first},
          {"format", kBackupFormat},
          {"keys", manifest.keys},
          {"last", manifest.last()},
          {"log", engine::to_hex(manifest.log_id)},
          {"number", manifest.number},
          {"previous", engine::to_hex(manifest.previous)},
          {"recorded_at_us", engine::to_micros(manifest.recorded_at)},
          {"taken_at_us", engine::to_micros(manifest.taken_at)}};
}

Digest digest_of(const json& value) {
  const auto digest = engine::digest_from_hex(value.get<std::string>());
  if (!digest) throw std::invalid_argument("not a hash");
  return *digest;
}

Manifest manifest_of(const json& object) {
  Manifest manifest;
  manifest.number = object.at("number").get<std::uint64_t>();
  const auto log_id = engine::from_hex(object.at("log").get<std::string>());
  if (!log_id || log_id->size() != manifest.log_id.size()) throw std::invalid_argument("not a log id");
  std::copy(log_id->begin(), log_id->end(), manifest.log_id.begin());
  manifest.epoch = object.at("epoch").get<std::uint64_t>();
  manifest.first = object.at("first").get<std::uint64_t>();
  std::vector<Digest> subtrees;
  for (const auto& hash : object.at("edge")) subtrees.push_back(digest_of(hash));
  auto edge = RightEdge::restore(object.at("last").get<std::uint64_t>(), std::move(subtrees));
  if (!edge) throw std::invalid_argument(edge.error().what);
  manifest.edge = *std::move(edge);
  manifest.recorded_at = engine::from_micros(object.at("recorded_at_us").get<std::int64_t>());
  manifest.taken_at = engine::from_micros(object.at("taken_at_us").get<std::int64_t>());
  manifest.previous = digest_of(object.at("previous"));
  manifest.keys = object.at("keys").get<std::uint64_t>();
  manifest.artifacts = object.at("artifacts").get<std::uint64_t>();
  manifest.answers = object.at("answers").get<std::uint64_t>();
  for (const auto& file : object.at("files")) {
    manifest.files.push_back({file.at("name").get<std::string>(), file.at("bytes").get<std::uint64_t>(),
                              digest_of(file.at("sha256"))});
  }
  return manifest;
}

}  // namespace

std::uint64_t Manifest::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& file : files) sum += file.bytes;
  return sum;
}

std::string to_text(const Manifest& manifest) {
  const auto body = json_of(manifest);
  return json{{"backup", body}, {"sha256", engine::to_hex(sha256(body.dump()))}}.dump(2) + '\n';
}

FaultOr<Manifest> parse_manifest(std::string_view text) {
  const auto document = json::parse(text, nullptr, false);
  if (!document.is_object() || !document.contains("backup")) return Fault{"this is not a manifest"};
  const auto& body = document["backup"];
  try {
    if (const auto format = body.at("format").get<std::uint64_t>(); format > kBackupFormat) {
      return Fault{"the backup has format " + std::to_string(format) + ", this version knows formats up to " +
                   std::to_string(kBackupFormat) + "; use the version that wrote it, or a later one"};
    }
    auto manifest = manifest_of(body);
    if (to_text(manifest) == text && manifest.number > 0 && manifest.first > 0 &&
        manifest.first <= manifest.last()) {
      return manifest;
    }
  } catch (const std::exception&) {  // falls through: whatever is wrong, the bytes are not ours
  }
  return Fault{"the manifest is damaged"};
}

}  // namespace motcua::storage

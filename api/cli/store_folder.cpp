#include "api/cli/store_folder.hpp"

#include "engine/runtime/publication.hpp"

#include <system_error>
#include <utility>
#include <vector>

namespace motcua::api {
namespace {

using engine::Fault;
using engine::FaultOr;

workflows::FileKind kind_of(engine::StreamKind kind) {
  switch (kind) {
    case engine::StreamKind::calendar:
      return workflows::FileKind::calendar;
    case engine::StreamKind::organisation:
      return workflows::FileKind::organisation;
    default:
      return workflows::FileKind::procedure;
  }
}

engine::StreamKind kind_of(workflows::FileKind kind) {
  switch (kind) {
    case workflows::FileKind::calendar:
      return engine::StreamKind::calendar;
    case workflows::FileKind::organisation:
      return engine::StreamKind::organisation;
    case workflows::FileKind::procedure:
      break;
  }
  return engine::StreamKind::procedure;
}

}  // namespace

StoreFolder with_defaults(StoreFolder folder) {
  auto plain = folder.data;
  if (!plain.has_filename()) plain = plain.parent_path();
  if (folder.anchor.empty()) folder.anchor = plain.string() + ".anchor";
  if (folder.master_key.empty()) folder.master_key = plain.string() + ".master-key";
  return folder;
}

bool is_vacant(const StoreFolder& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder.data, error)) return true;
  return std::filesystem::is_directory(folder.data, error) && std::filesystem::is_empty(folder.data, error);
}

FaultOr<void> init_store(const StoreFolder& folder) {
  if (!folder.data.parent_path().empty()) {
    std::error_code error;
    std::filesystem::create_directories(folder.data.parent_path(), error);
    if (error) return Fault{"cannot make " + folder.data.parent_path().string() + ": " + error.message()};
  }
  if (!std::filesystem::exists(folder.master_key)) {
    if (const auto made = storage::create_master_key(folder.master_key); !made) return made.error();
  } else if (const auto loaded = storage::load_master_key(folder.master_key); !loaded) {
    return loaded.error();
  }
  if (const auto made = storage::RocksdbEventStore::init(folder.data); !made) return made.error();
  const auto store = storage::RocksdbEventStore::open(folder.data, storage::OpenMode::read_only);
  if (!store) return store.error();
  return storage::AnchorFile(folder.anchor).write((*store)->current_anchor());
}

FaultOr<void> check_anchor(const storage::RawStore& store, const StoreFolder& folder, bool may_make_anew) {
  const storage::AnchorFile file(folder.anchor);
  const auto anchor = file.read();
  if (!anchor) return anchor.error();
  if (!*anchor) {
    if (store.head().position != 0 && !may_make_anew) {
      return Fault{
          "the anchor " + folder.anchor.string() +
          " is missing, so nothing shows whether the log is whole; restore it, or run `motcua audit verify` "
          "and start once with --new-anchor"};
    }
    return file.write(store.current_anchor());
  }
  const auto extended = storage::check_against_anchor(store, **anchor);
  if (!extended) return extended.error();
  return file.write(*extended);
}

FaultOr<void> load_published(const engine::EventStore& store, workflows::LoadedCatalogue& catalogue) {
  const auto files = engine::published_files(store);
  if (!files) return files.error();
  for (const auto& file : *files) {
    const auto findings = catalogue.add_published(kind_of(file.kind), file.bytes, file.code);
    if (workflows::has_errors(findings))
      return Fault{"a published file cannot be read: " + to_text(findings)};
  }
  return {};
}

FaultOr<void> publish_loaded(engine::EventStore& store, const workflows::LoadedCatalogue& catalogue,
                             const engine::ClockReading& reading) {
  std::vector<engine::PublishedFile> files;
  for (auto& artifact : catalogue.artifacts()) {
    files.push_back(
        {kind_of(artifact.kind), artifact.code, artifact.version, artifact.hash, std::move(artifact.bytes)});
  }
  const auto published = engine::publish(store, files, reading);
  if (!published) return published.error();
  return {};
}

}  // namespace motcua::api

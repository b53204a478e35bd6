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

constexpr std::string_view kAnchorAdvice =
    "; restore the anchor from a copy, or move it away, run `motcua audit verify --no-anchor` and start once "
    "with --new-anchor";

Fault about(const std::filesystem::path& folder, const std::string& what) {
  return Fault{folder.string() + ": " + what};
}

/// Opening to write turns the write-ahead log into sorted files: without room for them RocksDB may abort.
FaultOr<void> check_room(const std::filesystem::path& folder) {
  constexpr std::uintmax_t kMiB = std::uintmax_t{1} << 20U;
  auto needed = 4 * kMiB;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".log") continue;
    if (const auto size = entry.file_size(error); !error) needed += size;
  }
  const auto free = std::filesystem::space(folder, error).available;
  if (error || free >= needed) return {};
  return about(folder, "the disk has " + std::to_string(free / kMiB) + " MiB free, a start needs " +
                           std::to_string(needed / kMiB) + " MiB; make room, nothing was changed");
}

/// The anchor as it is to be written: `anchor` extended to the store's head, or a first one.
FaultOr<storage::Anchor> extended_anchor(const storage::RawStore& store, const StoreFolder& folder,
                                         const std::optional<storage::Anchor>& anchor, bool may_make_anchor) {
  if (!anchor) {
    if (store.head().position == 0 || may_make_anchor) return store.current_anchor();
    return Fault{
        "the anchor " + folder.anchor.string() +
        " is missing, so nothing shows whether the log is whole; restore it, or run `motcua audit verify "
        "--no-anchor` and start once with --new-anchor"};
  }
  auto extended = storage::check_against_anchor(store, *anchor);
  if (!extended) {
    return about(folder.data, extended.error().what + " (anchor " + folder.anchor.string() +
                                  "); restore the folder that belongs to this anchor, or the newest backup");
  }
  return extended;
}

}  // namespace

StoreFolder with_defaults(StoreFolder folder) {
  auto plain = folder.data;
  if (!plain.has_filename()) plain = plain.parent_path();
  if (folder.anchor.empty()) folder.anchor = plain.string() + ".anchor";
  if (folder.master_key.empty()) folder.master_key = plain.string() + ".master-key";
  return folder;
}

bool is_vacant(const StoreFolder& folder) { return storage::RocksdbEventStore::is_vacant(folder.data); }

FaultOr<void> init_store(const StoreFolder& folder) {
  if (!folder.data.parent_path().empty()) {
    std::error_code error;
    std::filesystem::create_directories(folder.data.parent_path(), error);
    if (error) return Fault{"cannot make " + folder.data.parent_path().string() + ": " + error.message()};
  }
  const auto anchor = storage::AnchorFile(folder.anchor).read();
  if (!anchor) return anchor.error();
  if (*anchor && (*anchor)->edge.size() != 0) {
    return Fault{"the anchor " + folder.anchor.string() + " belongs to a log that has reached position " +
                 std::to_string((*anchor)->edge.size()) + " and is not in " + folder.data.string() +
                 "; restore that folder, or move the anchor away to begin a new log"};
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

FaultOr<std::unique_ptr<storage::RocksdbEventStore>> open_checked(const StoreFolder& folder,
                                                                  bool may_make_anchor) {
  using storage::RocksdbEventStore;
  if (const auto holder = RocksdbEventStore::lock_holder(folder.data); holder != 0) {
    return about(folder.data,
                 "process " + std::to_string(holder) + " holds the lock of this store; end it first");
  }
  const storage::AnchorFile file(folder.anchor);
  const auto anchor = file.read();
  if (!anchor) return Fault{anchor.error().what + std::string(kAnchorAdvice)};
  {
    // Opening to write changes files before anything can be compared: so first a look that changes nothing.
    const auto seen = RocksdbEventStore::open(folder.data, storage::OpenMode::read_only);
    if (!seen) return seen.error();
    if (const auto whole = extended_anchor(**seen, folder, *anchor, may_make_anchor); !whole)
      return whole.error();
  }
  if (const auto room = check_room(folder.data); !room) return room.error();
  auto store = RocksdbEventStore::open(folder.data);
  if (!store) return store;
  const auto extended = extended_anchor(**store, folder, *anchor, may_make_anchor);
  if (!extended) return extended.error();
  if (const auto written = file.write(*extended); !written) return written.error();
  return store;
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

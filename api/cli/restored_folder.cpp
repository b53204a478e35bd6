#include "api/cli/restored_folder.hpp"

#include "api/cli/commands.hpp"
#include "api/cli/progress.hpp"
#include "engine/runtime/views.hpp"
#include "storage/log/durable_file.hpp"
#include "storage/log/verify.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace motcua::api {
namespace {

using engine::Fault;
using engine::FaultOr;
namespace fs = std::filesystem;

/// Removes what is being built unless it was put into its place.
class Scaffold {
 public:
  explicit Scaffold(fs::path path) : path_(std::move(path)) {}
  Scaffold(const Scaffold&) = delete;
  Scaffold& operator=(const Scaffold&) = delete;
  ~Scaffold() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }
  FaultOr<void> move_to(const fs::path& place) {
    std::error_code error;
    fs::rename(path_, place, error);
    if (error) {
      return Fault{"the restored folder cannot be put at " + place.string() + ": " + error.message() +
                   (fs::exists(place) ? " (a mount point cannot be replaced: name a folder inside it)" : "")};
    }
    path_.clear();
    return storage::sync_directory(fs::absolute(place).parent_path());
  }

 private:
  fs::path path_;
};

fs::path beside(const fs::path& data, const char* suffix) {
  const auto plain = data.has_filename() ? data : data.parent_path();
  return plain.string() + suffix;
}

Fault anchor_refuses(const RestoreOrder& order, const std::string& why) {
  return Fault{"the anchor " + order.folder.anchor.string() + " speaks against this restore: " + why +
               ". If that is meant, pass --replace-anchor; the old anchor is kept under another name"};
}

/// What can be said about the anchor that stands there before the long work begins.
FaultOr<std::optional<storage::Anchor>> standing_anchor(const RestoreOrder& order,
                                                        const storage::Manifest& manifest,
                                                        std::uint64_t position) {
  const auto anchor = storage::AnchorFile(order.folder.anchor).read();
  if (order.replace_anchor) return std::optional<storage::Anchor>{};
  if (!anchor) return anchor_refuses(order, anchor.error().what);
  if (!*anchor) return *anchor;
  if ((*anchor)->log_id != manifest.log_id) return anchor_refuses(order, "it belongs to another log");
  if ((*anchor)->edge.size() > position) {
    return anchor_refuses(order, "it has seen position " + std::to_string((*anchor)->edge.size()) +
                                     ", the restored log would end at " + std::to_string(position));
  }
  return *anchor;
}

FaultOr<void> write_rows(storage::RocksdbEventStore& store) {
  const auto rows = engine::expected_rows(store);
  if (!rows) return rows.error();
  for (const auto& one : rows->unreadable) {
    complain("case " + engine::to_text(one.id) + " cannot be read and stands in no list: " + one.why);
  }
  return store.replace_rows(rows->rows);
}

FaultOr<void> check_restored(const storage::RocksdbEventStore& store,
                             const std::optional<storage::Anchor>& anchor, const RestoreOrder& order) {
  if (anchor) {
    if (const auto extended = storage::check_against_anchor(store, *anchor); !extended) {
      return anchor_refuses(order, extended.error().what);
    }
  }
  const auto report = storage::verify_store(store, anchor, Progress("restore: verify:"));
  if (!report) return report.error();
  if (!report->clean()) return Fault{"the restored log does not verify: " + report->findings.front().what};
  return {};
}

/// Gives the anchor that stands there another name; empty if none does.
FaultOr<fs::path> put_anchor_aside(const fs::path& anchor) {
  std::error_code error;
  if (!fs::exists(anchor, error)) return FaultOr<fs::path>(boost::system::in_place_value, fs::path{});
  fs::path aside;
  for (int number = 1; aside.empty() || fs::exists(aside); ++number) {
    aside = anchor.string() + ".before-restore-" + std::to_string(number);
  }
  fs::rename(anchor, aside, error);
  if (error) return Fault{"the old anchor cannot be renamed to " + aside.string() + ": " + error.message()};
  return FaultOr<fs::path>(boost::system::in_place_value, std::move(aside));
}

}  // namespace

FaultOr<RestoreReport> restore_folder(const std::vector<storage::StoredBackup>& backups,
                                      const storage::Cut& cut, const RestoreOrder& order) {
  const auto& data = order.folder.data;
  if (!is_vacant(order.folder)) {
    return Fault{data.string() +
                 " is not an empty folder; a restore never writes over a store. Nothing was changed"};
  }
  const auto& newest = backups.back().manifest;
  const auto& source = backups[cut.backups - 1].manifest;
  const auto anchor = standing_anchor(order, newest, cut.position);
  if (!anchor) return anchor.error();

  Scaffold scaffold(beside(data, ".restoring"));
  std::error_code error;
  fs::remove_all(scaffold.path(), error);  // of a restore that was interrupted
  if (auto made = storage::RocksdbEventStore::init(scaffold.path(), newest.log_id, newest.epoch); !made) {
    return made.error();
  }
  RestoreReport report;
  storage::Anchor restored;
  {
    const auto store = storage::RocksdbEventStore::open(scaffold.path());
    if (!store) return store.error();
    const auto rebuilt = storage::rebuild_log(**store, backups, cut, Progress("restore:"));
    if (!rebuilt) return rebuilt.error();
    report.log = *rebuilt;
    report.restoration = {cut.position,  source.number, source.last(),         source.taken_at,
                          order.command, order.now,     (*store)->head().epoch};
    if (auto said = engine::record_restoration(**store, report.restoration); !said) return said.error();
    if (auto written = write_rows(**store); !written) return written.error();
    if (auto whole = check_restored(**store, *anchor, order); !whole) return whole.error();
    report.head = (*store)->head();
    restored = (*store)->current_anchor();
  }
  auto aside = put_anchor_aside(order.folder.anchor);
  if (!aside) return aside.error();
  report.old_anchor = *std::move(aside);
  if (auto written = storage::AnchorFile(order.folder.anchor).write(restored); !written) {
    return written.error();
  }
  if (auto moved = scaffold.move_to(data); !moved) {
    if (!report.old_anchor.empty()) fs::rename(report.old_anchor, order.folder.anchor, error);
    return moved.error();
  }
  return report;
}

}  // namespace motcua::api

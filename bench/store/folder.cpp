#include "bench/store/folder.hpp"

#include "engine/runtime/views.hpp"

#include <algorithm>

namespace motcua::bench {

Folder::Folder(const std::filesystem::path& data, const std::filesystem::path& rules, engine::Instant now)
    : paths_(api::with_defaults({data, {}, {}})) {
  if (api::is_vacant(paths_)) must(api::init_store(paths_));
  store_ = must(storage::RocksdbEventStore::open(paths_.data));
  static_cast<void>(must(engine::renew_rows(*store_)));  // as a start of the engine does
  keys_ = std::make_unique<storage::FileKeyStore>(*store_, must(storage::load_master_key(paths_.master_key)));
  clock_ = std::make_unique<engine::VirtualClock>(std::max(now, store_->head().recorded_at));
  must(api::load_published(*store_, catalogue_));
  const auto findings = catalogue_.load_folder(rules);
  if (workflows::has_errors(findings)) throw std::runtime_error(workflows::to_text(findings));
  must(api::publish_loaded(*store_, catalogue_, clock_->read()));
}

void Folder::close() { must(storage::AnchorFile(paths_.anchor).write(store_->current_anchor())); }

}  // namespace motcua::bench

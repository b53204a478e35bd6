#include "bench/store/fired.hpp"

#include "bench/store/folder.hpp"
#include "engine/cases/event.hpp"
#include "storage/record/record_codec.hpp"

#include <set>
#include <tuple>

namespace motcua::bench {

Fired read_fired(const storage::RocksdbEventStore& store) {
  Fired fired;
  std::set<std::tuple<std::string, std::string, engine::Instant>> seen;
  engine::Instant last{};
  must(store.scan_log(1, [&](const engine::LogEntry& entry) {
    if (entry.stream.kind != engine::StreamKind::case_) return true;
    const auto bytes = must(store.read_raw_records({{entry.stream, entry.version}}));
    const auto record = must(storage::decode(bytes.at(0).value()));
    if (record.type != engine::TimerFired::kType) return true;
    const auto event = must(engine::decode_event(record.type, record.type_version, record.public_bytes));
    const auto& timer = std::get<engine::TimerFired>(event);
    fired.events += 1;
    if (!seen.emplace(entry.stream.id, timer.kind, timer.due_at).second) fired.twice += 1;
    if (timer.due_at < last) fired.out_of_order += 1;
    last = timer.due_at;
    return true;
  }));
  return fired;
}

}  // namespace motcua::bench

#include "engine/runtime/views.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace motcua::engine {
namespace {

constexpr std::size_t kKeysListed = 100;
constexpr std::size_t kPage = 4096;

void note(ViewsReport& report, std::uint64_t& counter, const std::string& key) {
  counter += 1;
  if (report.keys.size() < kKeysListed) report.keys.push_back(to_hex(key));
}

}  // namespace

FaultOr<std::vector<Row>> expected_rows(const EventStore& store, const CaseLoader& loader) {
  std::vector<Row> list;
  std::map<std::string, std::int64_t> counters;
  std::optional<Fault> fault;
  const auto scanned = store.scan_streams(StreamKind::case_, [&](const StreamId& stream) {
    const auto state = loader.replay(case_of(stream));
    if (!state) {
      fault = state.error();
      return false;
    }
    for (auto& row : rows(*state)) {
      if (!row.counter_key.empty()) counters[row.counter_key] += 1;
      list.push_back(std::move(row.row));
    }
    return true;
  });
  if (!scanned) return scanned.error();
  if (fault) return *fault;
  for (const auto& [key, count] : counters) list.push_back({key, encode_counter(count)});
  std::sort(list.begin(), list.end());
  return list;
}

FaultOr<ViewsReport> check_views(const EventStore& store, const CaseLoader& loader) {
  const auto expected = expected_rows(store, loader);
  if (!expected) return expected.error();
  ViewsReport report;
  report.rows = expected->size();
  auto next = expected->begin();
  std::string after;
  while (true) {
    const auto stored = store.read_rows({}, after, kPage);
    if (!stored) return stored.error();
    for (const auto& row : *stored) {
      for (; next != expected->end() && next->key < row.key; ++next) note(report, report.missing, next->key);
      if (next == expected->end() || next->key != row.key) {
        note(report, report.unexpected, row.key);
        continue;
      }
      if (next->value != row.value) note(report, report.different, row.key);
      ++next;
    }
    if (stored->size() < kPage) break;
    after = stored->back().key;
  }
  for (; next != expected->end(); ++next) note(report, report.missing, next->key);
  return report;
}

}  // namespace motcua::engine

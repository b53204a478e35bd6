#include "engine/runtime/views.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace motcua::engine {
namespace {

constexpr std::size_t kKeysListed = 100;
constexpr std::size_t kPage = 4096;

void note(ViewsReport& report, std::uint64_t& counter, const std::string& key) {
  counter += 1;
  if (report.keys.size() < kKeysListed) report.keys.push_back(to_hex(key));
}

/// Replays every case; answers those that cannot be.
FaultOr<std::vector<UnreadableCase>> replay_each(const EventStore& store, const CaseLoader& loader,
                                                 const std::function<void(const Case&)>& visit) {
  std::vector<UnreadableCase> unreadable;
  std::optional<Fault> fault;
  const auto scanned = store.scan_streams(StreamKind::case_, [&](const StreamId& stream) {
    if (stream.id.size() != CaseId{}.bytes.size()) {
      fault = Fault{"the store holds a case whose stream has no UUID"};
      return false;
    }
    const auto id = case_of(stream);
    const auto state = loader.replay(id);
    if (state) {
      visit(*state);
    } else {
      unreadable.push_back({id, state.error().what});
    }
    return true;
  });
  if (!scanned) return scanned.error();
  if (fault) return *fault;
  return unreadable;
}

}  // namespace

FaultOr<ExpectedRows> expected_rows(const EventStore& store, const CaseLoader& loader) {
  ExpectedRows expected;
  std::map<std::string, std::int64_t> counters;
  auto unreadable = replay_each(store, loader, [&](const Case& state) {
    for (auto& row : rows(state)) {
      if (!row.counter_key.empty()) counters[row.counter_key] += 1;
      expected.rows.push_back(std::move(row.row));
    }
  });
  if (!unreadable) return unreadable.error();
  expected.unreadable = *std::move(unreadable);
  for (const auto& [key, count] : counters) expected.rows.push_back({key, encode_counter(count)});
  std::sort(expected.rows.begin(), expected.rows.end());
  return expected;
}

FaultOr<std::vector<UnreadableCase>> unreadable_cases(const EventStore& store, const CaseLoader& loader) {
  return replay_each(store, loader, [](const Case&) {});
}

FaultOr<ViewsReport> check_views(const EventStore& store, const CaseLoader& loader) {
  const auto replayed = expected_rows(store, loader);
  if (!replayed) return replayed.error();
  const auto& expected = replayed->rows;
  ViewsReport report;
  report.rows = expected.size();
  report.unreadable = replayed->unreadable;
  auto next = expected.begin();
  std::string after;
  while (true) {
    const auto stored = store.read_rows({}, after, kPage);
    if (!stored) return stored.error();
    for (const auto& row : *stored) {
      for (; next != expected.end() && next->key < row.key; ++next) note(report, report.missing, next->key);
      if (next == expected.end() || next->key != row.key) {
        note(report, report.unexpected, row.key);
        continue;
      }
      if (next->value != row.value) note(report, report.different, row.key);
      ++next;
    }
    if (stored->size() < kPage) break;
    after = stored->back().key;
  }
  for (; next != expected.end(); ++next) note(report, report.missing, next->key);
  return report;
}

}  // namespace motcua::engine

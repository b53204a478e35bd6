#include "engine/runtime/views.hpp"

#include "engine/cases/event.hpp"
#include "engine/cases/rows.hpp"
#include "engine/cases/snapshot.hpp"
#include "engine/runtime/case_loader.hpp"
#include "engine/runtime/replay.hpp"

#include <algorithm>
#include <future>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace motcua::engine {
namespace {

constexpr std::size_t kKeysListed = 100;
constexpr std::size_t kPage = 4096;

void note(ViewsReport& report, std::uint64_t& counter, const std::string& key) {
  counter += 1;
  if (report.keys.size() < kKeysListed) report.keys.push_back(to_hex(key));
}

/// What the cases of one range give.
struct Given {
  std::vector<Row> rows{};  ///< ascending
  std::map<std::string, std::int64_t> counters{};
  std::vector<UnreadableCase> unreadable{};
};

FaultOr<Given> rows_of(const EventStore& store, const StreamRange& range) {
  Given given;
  auto unreadable = replay_cases(store, range, [&](const Case& current) {
    for (auto& row : rows(current)) {
      for (auto& counter : counters_of(row)) given.counters[std::move(counter)] += 1;
      given.rows.push_back(std::move(row));
    }
  });
  if (!unreadable) return unreadable.error();
  given.unreadable = *std::move(unreadable);
  std::sort(given.rows.begin(), given.rows.end());
  return given;
}

}  // namespace

FaultOr<ExpectedRows> expected_rows(const EventStore& store) {
  const auto ranges = case_ranges(store, std::max(1U, std::thread::hardware_concurrency()));
  if (!ranges) return ranges.error();
  std::vector<std::future<FaultOr<Given>>> parts;
  for (const auto& range : *ranges) {
    parts.push_back(std::async(std::launch::async, [&store, range] { return rows_of(store, range); }));
  }
  ExpectedRows expected;
  auto& list = expected.rows;
  std::map<std::string, std::int64_t> counters;
  for (auto& part : parts) {
    auto given = part.get();
    if (!given) return given.error();
    const auto middle = static_cast<std::ptrdiff_t>(list.size());
    std::move(given->rows.begin(), given->rows.end(), std::back_inserter(list));
    std::inplace_merge(list.begin(), list.begin() + middle, list.end());
    for (const auto& [key, count] : given->counters) counters[key] += count;
    std::move(given->unreadable.begin(), given->unreadable.end(), std::back_inserter(expected.unreadable));
  }
  const auto middle = static_cast<std::ptrdiff_t>(list.size());
  for (const auto& [key, count] : counters) list.push_back({key, encode_counter(count)});
  std::inplace_merge(list.begin(), list.begin() + middle, list.end());
  list.insert(list.begin(), generation_row());
  return expected;
}

namespace {

/// The code rows of cases that nobody can read: their meaning has not changed, and nothing else leads to
/// them.
FaultOr<void> keep_codes(const EventStore& store, ExpectedRows& expected) {
  if (expected.unreadable.empty()) return {};
  std::set<std::string> unreadable;
  for (const auto& one : expected.unreadable) unreadable.insert(stream_of(one.id).id);
  const std::string codes(1, static_cast<char>(RowTable::case_code));
  std::string after;
  while (true) {
    const auto rows = store.read_rows(codes, after, kPage);
    if (!rows) return rows.error();
    for (const auto& row : *rows) {
      if (unreadable.contains(row.value)) expected.rows.push_back(row);
    }
    if (rows->size() < kPage) break;
    after = rows->back().key;
  }
  std::sort(expected.rows.begin(), expected.rows.end());
  return {};
}

}  // namespace

FaultOr<bool> renew_rows(EventStore& store) {
  const auto current = generation_row();
  const auto stored = store.read_row(current.key);
  if (!stored) return stored.error();
  if (*stored && **stored == current.value) return false;
  auto expected = expected_rows(store);
  if (!expected) return expected.error();
  if (const auto kept = keep_codes(store, *expected); !kept) return kept.error();
  if (const auto written = store.replace_rows(expected->rows); !written) return written.error();
  return true;
}

namespace {

/// What the records give up to the snapshot's version.
FaultOr<CaseSnapshot> expected_snapshot(const EventStore& store, const Snapshot& stored) {
  const auto records = store.read_stream(stored.stream, 1, stored.version);
  if (!records) return records.error();
  CaseSnapshot snapshot;
  Event event;
  for (const auto& record : *records) {
    const auto read = decode_event_into(event, record.type, record.type_version, record.public_bytes);
    if (!read) return read.error();
    evolve_in_place(snapshot.state, event, meta_of(record));
    if (holds_content(record)) snapshot.content_versions.push_back(record.version);
  }
  return snapshot;
}

/// Those that nobody could read are left out: they mislead nobody.
FaultOr<void> check_snapshots(const EventStore& store, ViewsReport& report) {
  return store.scan_snapshots([&](const Snapshot& stored) {
    if (!decode_snapshot(stored.bytes)) return true;
    const auto expected = expected_snapshot(store, stored);
    if (!expected) return true;  // its case is named as unreadable
    report.snapshots += 1;
    if (encode(*expected) != stored.bytes) note(report, report.false_snapshots, stored.stream.id);
    return true;
  });
}

}  // namespace

FaultOr<ViewsReport> check_views(const EventStore& store) {
  auto replayed = expected_rows(store);
  if (!replayed) return replayed.error();
  const auto& expected = replayed->rows;
  ViewsReport report;
  report.unreadable = std::move(replayed->unreadable);
  const auto generation = store.read_row(expected.front().key);
  if (!generation) return generation.error();
  report.of_earlier_release = *generation != expected.front().value && store.head().position != 0;
  report.rows = expected.size() - 1;
  // The generation belongs to the store's writer: a store that nobody has served yet has none.
  auto next = expected.begin() + 1;
  std::string after = expected.front().key;
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
  if (const auto checked = check_snapshots(store, report); !checked) return checked.error();
  return report;
}

}  // namespace motcua::engine

#include "bench/store/measure.hpp"

#include "bench/store/folder.hpp"
#include "bench/store/state_hash.hpp"
#include "engine/runtime/replay.hpp"
#include "engine/runtime/views.hpp"
#include "storage/record/key_codec.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <random>

namespace motcua::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

const workflows::LoadedCatalogue& no_rules() {
  static const workflows::LoadedCatalogue kNone;
  return kNone;
}

void for_each_case(const storage::RocksdbEventStore& store,
                   const std::function<void(const engine::Case&)>& visit) {
  must(engine::replay_cases(store, {}, visit));
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

Pass scan(const RawTable& records) {
  Pass pass;
  std::size_t bytes = 0;
  const auto start = SteadyClock::now();
  records.for_each([&](std::string_view key, std::string_view value) {
    bytes += key.size() + value.size();
    pass.records += 1;
  });
  pass.seconds = seconds_since(start);
  if (bytes == 0) throw std::runtime_error("there are no records");
  return pass;
}

Pass replay(const storage::RocksdbEventStore& store) {
  Pass pass;
  const auto start = SteadyClock::now();
  for_each_case(store, [&](const engine::Case& current) {
    pass.cases += 1;
    pass.records += current.version;
  });
  pass.seconds = seconds_since(start);
  return pass;
}

Pass rebuild(const storage::RocksdbEventStore& store) {
  Pass pass;
  const auto start = SteadyClock::now();
  const auto rows = must(engine::expected_rows(store));
  pass.seconds = seconds_since(start);
  pass.rows = rows.rows.size();
  return pass;
}

Survey survey(const storage::RocksdbEventStore& store) {
  Survey found;
  StateHash hash;
  for_each_case(store, [&](const engine::Case& current) {
    found.cases += 1;
    found.records += current.version;
    if (current.version >= kLengthyEvents) found.lengthy.push_back({current.id, current.version});
    hash.add(current);
  });
  found.states = hash.value();
  return found;
}

Travel travel(const storage::RocksdbEventStore& store, const std::vector<LengthyCase>& cases,
              std::size_t reads, std::uint64_t seed) {
  const engine::CaseLoader loader(store, nullptr, no_rules());
  std::mt19937_64 random(seed);
  std::vector<double> case_times;
  std::vector<double> point_times;
  for (std::size_t i = 0; i < reads; ++i) {
    const auto& one = cases[random() % cases.size()];
    const std::uint64_t version = 1 + random() % one.events;
    auto start = SteadyClock::now();
    const auto then = must(loader.load(one.id, {version, std::nullopt}));
    case_times.push_back(seconds_since(start) * 1e6);
    if (then->state.version != version) throw std::runtime_error("the case was read as of another version");
    const std::vector<storage::RecordRef> wanted{{engine::stream_of(one.id), 1 + random() % one.events}};
    start = SteadyClock::now();
    const auto record = must(store.read_raw_records(wanted));
    point_times.push_back(seconds_since(start) * 1e6);
    if (!record.front()) throw std::runtime_error("a record of a case is gone");
  }
  return {median(case_times), median(point_times)};
}

}  // namespace motcua::bench

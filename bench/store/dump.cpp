#include "bench/store/dump.hpp"

#include "bench/store/folder.hpp"
#include "bench/store/raw_table.hpp"
#include "engine/cases/rows.hpp"
#include "engine/runtime/case_loader.hpp"
#include "storage/record/key_codec.hpp"
#include "storage/record/record_codec.hpp"

#include <algorithm>
#include <fstream>

namespace motcua::bench {
namespace {

constexpr const char* kNextField = "\t";
constexpr std::size_t kPage = 4096;

std::string hex(std::string_view bytes) { return "\\\\x" + engine::to_hex(bytes); }
template <std::size_t N>
std::string hex(const std::array<std::uint8_t, N>& bytes) {
  return "\\\\x" + engine::to_hex(bytes);
}

std::ofstream open(const std::filesystem::path& folder, const char* name) {
  std::ofstream file(folder / name);
  if (!file) throw std::runtime_error("cannot write " + (folder / name).string());
  return file;
}

/// pos, case_id, ver, type, def_ver, at, header, payload (public bytes and sealed entries), leaf.
void dump_event(std::ostream& out, const engine::LogEntry& entry, const std::string& bytes) {
  const auto stored = must(storage::decode_stored(bytes));
  const auto& record = stored.record;
  out << entry.position << kNextField << engine::to_text(engine::case_of(entry.stream)) << kNextField
      << entry.version << kNextField << record.type << kNextField << record.type_version << kNextField
      << engine::to_rfc3339(record.recorded_at) << kNextField << hex(stored.header) << kNextField
      << hex(std::string_view(bytes).substr(stored.header.size())) << kNextField << hex(entry.leaf) << '\n';
}

void dump_events(const storage::RocksdbEventStore& store, std::ostream& out) {
  must(store.scan_log(1, [&](const engine::LogEntry& entry) {
    if (entry.stream.kind != engine::StreamKind::case_) return true;
    const auto bytes = must(store.read_raw_records({{entry.stream, entry.version}}));
    dump_event(out, entry, bytes.at(0).value());
    return true;
  }));
}

void dump_keys(const storage::RocksdbEventStore& store, std::ostream& out) {
  must(store.scan_streams(engine::StreamKind::case_, [&](const engine::StreamId& stream) {
    for (const auto& key : must(store.read_keys(stream))) {
      out << engine::to_text(engine::case_of(stream)) << kNextField << key.subject.value << kNextField
          << hex(key.key_id) << kNextField << hex(key.wrapped) << '\n';
    }
    return true;
  }));
}

/// key, body_mac, command_id, case_id, ver, outcome, at.
void dump_answers(const RawTable& idempotency, std::ostream& out) {
  idempotency.for_each([&](std::string_view key, std::string_view value) {
    engine::Digest scope{};
    std::copy_n(key.begin(), scope.size(), scope.begin());
    const auto answer = storage::parse_idempotency(scope, value).value();
    out << hex(scope) << kNextField << hex(answer.body_mac) << kNextField << engine::to_hex(answer.command_id)
        << kNextField << engine::to_text(engine::case_of(answer.stream)) << kNextField << answer.version
        << kNextField << answer.status << kNextField << engine::to_rfc3339(answer.recorded_at) << '\n';
  });
}

template <class Visit>
void each_row(const storage::RocksdbEventStore& store, engine::RowTable table, const Visit& visit) {
  const std::string prefix(1, static_cast<char>(table));
  std::string after;
  while (true) {
    const auto rows = must(store.read_rows(prefix, after, kPage));
    for (const auto& row : rows) visit(row);
    if (rows.size() < kPage) return;
    after = rows.back().key;
  }
}

/// What stands in the rows of finished cases: the code and whose it is,
void dump_codes(const storage::RocksdbEventStore& store, std::ostream& out) {
  each_row(store, engine::RowTable::case_code, [&](const engine::Row& row) {
    out << hex(row.key) << kNextField
        << engine::to_text(engine::case_of({engine::StreamKind::case_, row.value})) << '\n';
  });
}

/// and what the case is found by: token, agency, case.
void dump_search(const storage::RocksdbEventStore& store, std::ostream& out) {
  each_row(store, engine::RowTable::search, [&](const engine::Row& row) {
    const auto item = engine::read_search_key(row.key).value();
    out << hex(std::string_view(row.key).substr(1, engine::kSearchTokenBytes)) << kNextField
        << item.agency.value << kNextField << engine::to_text(item.id) << '\n';
  });
}

}  // namespace

void dump(const std::filesystem::path& data, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto store = must(storage::RocksdbEventStore::open(data, storage::OpenMode::read_only));
  auto events = open(folder, "event.tsv");
  dump_events(*store, events);
  auto keys = open(folder, "data_key.tsv");
  dump_keys(*store, keys);
  auto answers = open(folder, "idem.tsv");
  dump_answers(RawTable(data, "idempotency"), answers);
  auto codes = open(folder, "case_code.tsv");
  dump_codes(*store, codes);
  auto search = open(folder, "search.tsv");
  dump_search(*store, search);
}

}  // namespace motcua::bench

#include "storage/log/verify.hpp"

#include "storage/record/key_codec.hpp"
#include "storage/record/record_codec.hpp"
#include "storage/record/sha256.hpp"

#include <algorithm>
#include <utility>

namespace motcua::storage {
namespace {

using engine::FaultOr;
using engine::LogEntry;

/// Records looked up at once: enough to amortise the look-up, few enough for memory.
constexpr std::size_t kChunk = 512;

class Verifier {
 public:
  Verifier(const RawStore& store, const std::optional<Anchor>& anchor, const VerifyProgress& progress)
      : store_(store), anchor_(anchor), progress_(progress) {
    report_.head = store.head();
  }

  FaultOr<VerifyReport> run() {
    check_anchor_before();
    if (auto done = check_log(); !done) return done.error();
    if (auto done = check_record_keys(); !done) return done.error();
    if (auto done = check_edge(); !done) return done.error();
    if (auto done = check_artifacts(); !done) return done.error();
    return std::move(report_);
  }

 private:
  void find(std::string what, std::uint64_t position = 0, std::optional<engine::StreamId> stream = {},
            std::uint64_t version = 0) {
    ++report_.findings_total;
    if (report_.findings.size() < kFindingsMax) {
      report_.findings.push_back({std::move(what), position, std::move(stream), version});
    }
  }

  void check_anchor_before() {
    if (!anchor_) return;
    if (anchor_->log_id != report_.head.log_id) {
      find("the anchor belongs to another log, " + engine::to_hex(anchor_->log_id));
    }
    if (anchor_->edge.size() > report_.head.position) {
      find("the log ends at position " + std::to_string(report_.head.position) +
           ", the anchor has seen position " + std::to_string(anchor_->edge.size()));
    }
    compare_with_anchor();
  }

  void compare_with_anchor() {
    if (anchor_ && edge_.size() == anchor_->edge.size() && edge_.root() != anchor_->edge.root()) {
      find("the root at the anchor's size is not the anchor's root", edge_.size());
    }
  }

  FaultOr<void> check_log() {
    std::uint64_t expected = 1;
    bool more = true;
    while (more) {
      std::vector<LogEntry> chunk;
      std::size_t seen = 0;
      const auto scanned = store_.scan_raw_log(expected, [&](std::string_view key, std::string_view value) {
        ++seen;
        take_entry(key, value, expected, chunk);
        return seen < kChunk;
      });
      if (!scanned) return scanned.error();
      if (auto done = check_records(chunk); !done) return done;
      more = seen == kChunk;
      if (progress_) progress_(expected - 1, report_.head.position);
    }
    const auto end = expected - 1;
    if (end != report_.head.position) {
      find("the log index ends at position " + std::to_string(end) + ", the head states position " +
           std::to_string(report_.head.position));
    }
    return {};
  }

  void take_entry(std::string_view key, std::string_view value, std::uint64_t& expected,
                  std::vector<LogEntry>& chunk) {
    ++report_.log_entries;
    const auto position = parse_log_key(key);
    if (!position) {
      find("the log index has a key that is no position");
      ++expected;
      return;
    }
    if (*position != expected) {
      find(
          "log entries " + std::to_string(expected) + " to " + std::to_string(*position - 1) + " are missing",
          expected);
    }
    expected = *position + 1;
    auto entry = parse_log_value(*position, value);
    if (!entry) {
      find("the log entry is malformed", *position);
      return;
    }
    edge_.append(entry->leaf);
    compare_with_anchor();
    chunk.push_back(std::move(*entry));
  }

  FaultOr<void> check_records(const std::vector<LogEntry>& chunk) {
    std::vector<RecordRef> wanted;
    wanted.reserve(chunk.size());
    for (const auto& entry : chunk) wanted.push_back({entry.stream, entry.version});
    const auto found = store_.read_raw_records(wanted);
    if (!found) return found.error();
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      const auto& bytes = (*found)[i];
      if (bytes) {
        check_record(chunk[i], *bytes);
      } else {
        find("the record that the log names is missing", chunk[i].position, chunk[i].stream,
             chunk[i].version);
      }
    }
    return {};
  }

  void check_record(const LogEntry& entry, std::string_view bytes) {
    const auto complain = [&](std::string what) {
      find(std::move(what), entry.position, entry.stream, entry.version);
    };
    const auto stored = decode_stored(bytes);
    if (!stored) {
      complain(stored.error().what);
      return;
    }
    if (const auto verified = verify(*stored, entry.leaf); !verified) complain(verified.error().what);
    const auto& record = stored->record;
    if (record.position != entry.position || record.stream != entry.stream ||
        record.version != entry.version) {
      complain("the record states another place than the log");
    }
    if (stored->log_id != report_.head.log_id) complain("the record belongs to another log");
    if (record.recorded_at < newest_) complain("recorded_at is earlier than in the record before");
    newest_ = std::max(newest_, record.recorded_at);
    report_.sealed_entries += stored->sealed.size();
  }

  FaultOr<void> check_record_keys() {
    RecordRef last;
    const auto scanned = store_.scan_record_keys([&](std::string_view key) {
      ++report_.records;
      const auto parsed = parse_record_key(key);
      if (!parsed) {
        find("the table of records has a key that is no stream and version");
        return true;
      }
      if (parsed->stream != last.stream) {
        ++report_.streams;
        last = {parsed->stream, 0};
      }
      if (parsed->version != last.version + 1) {
        find("versions " + std::to_string(last.version + 1) + " to " + std::to_string(parsed->version - 1) +
                 " of the stream are missing",
             0, parsed->stream, parsed->version);
      }
      last.version = parsed->version;
      return true;
    });
    if (!scanned) return scanned.error();
    if (report_.records != report_.head.position) {
      find("there are " + std::to_string(report_.records) + " records, the head states " +
           std::to_string(report_.head.position));
    }
    return {};
  }

  FaultOr<void> check_edge() {
    const auto stored = store_.raw_edge();
    if (!stored) return stored.error();
    if (*stored != edge_.encoded()) find("the stored right edge is not the edge of the log's leaves");
    if (edge_.root() != report_.head.root) find("the root of the log's leaves is not the head's root");
    return {};
  }

  FaultOr<void> check_artifacts() {
    return store_.scan_artifacts([&](std::string_view hash, std::string_view bytes) {
      ++report_.artifacts;
      const auto actual = sha256(bytes);
      if (view_of(actual) != hash)
        find("the artifact stored under " + engine::to_hex(hash) + " has another hash");
      return true;
    });
  }

  const RawStore& store_;
  const std::optional<Anchor>& anchor_;
  const VerifyProgress& progress_;
  RightEdge edge_{};
  engine::Instant newest_ = engine::Instant::min();
  VerifyReport report_{};
};

}  // namespace

FaultOr<VerifyReport> verify_store(const RawStore& store, const std::optional<Anchor>& anchor,
                                   const VerifyProgress& progress) {
  return Verifier(store, anchor, progress).run();
}

}  // namespace motcua::storage

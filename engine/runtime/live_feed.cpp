#include "engine/runtime/live_feed.hpp"

#include "engine/cases/rights.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

namespace motcua::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Records kept for the feed's thread; while it is further behind it reads the store.
constexpr std::size_t kArrivedMax = 8'192;
/// Cases remembered, at least.
constexpr std::size_t kCasesKept = 2'048;
/// Log entries looked at for one reader in one go, and for how long.
constexpr std::size_t kSliceEntries = 512;
constexpr milliseconds kSliceTime{3};
/// For all readers that are behind, in one round.
constexpr milliseconds kCatchUpTime{20};
/// Without news the feed looks after its readers this often.
constexpr milliseconds kTendEvery{500};
/// Bytes that readers are woken for in one round, so that they cannot fill the thread on which they take.
constexpr std::size_t kRoundBytes = 1024UL * 1024;

/// Who follows what is not a case: publications concern whoever answers for rules, the rest its keepers.
bool may_follow(const Identity& asker, const Record& record) {
  const auto holds = [&](std::string_view role) { return asker.has_role(role); };
  if (holds("auditor")) return true;
  if (record.stream.kind == StreamKind::lookup || record.stream.kind == StreamKind::access) return false;
  static constexpr std::array<std::string_view, 3> kReaders{"supervisor", "leader", "integrator"};
  return holds("admin") ||
         (record.type.ends_with(".published") && std::any_of(kReaders.begin(), kReaders.end(), holds));
}

bool is_case(const Record& record) { return record.stream.kind == StreamKind::case_; }

}  // namespace

LiveFeed::LiveFeed(const EventStore& store, const Catalogue& catalogue, FeedHooks hooks, FeedLimits limits)
    : store_(store), hooks_(std::move(hooks)), limits_(limits), states_(store, catalogue, kCasesKept) {
  thread_ = std::thread([this] { run(); });
}

LiveFeed::~LiveFeed() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  news_.notify_one();
  thread_.join();
}

std::shared_ptr<FeedReader> LiveFeed::join(FeedWish wish) {
  if (seats_->fetch_add(1) >= limits_.readers) {
    seats_->fetch_sub(1);
    return nullptr;
  }
  const auto after = wish.after;
  auto reader = std::make_shared<FeedReader>(std::move(wish), seats_);
  reader->push(after, std::make_shared<const std::string>(hooks_.cursor(after)), steady_clock::now());
  {
    const std::lock_guard lock(mutex_);
    joining_.push_back(reader);
  }
  news_.notify_one();
  return reader;
}

void LiveFeed::recorded(std::vector<Record> records) {
  if (seats_->load(std::memory_order_relaxed) == 0) return;
  {
    const std::lock_guard lock(mutex_);
    if (arrived_.size() + records.size() > kArrivedMax) {
      arrived_.clear();
      lost_some_ = true;
    } else {
      std::move(records.begin(), records.end(), std::back_inserter(arrived_));
    }
  }
  news_.notify_one();
}

LiveFeed::Figures LiveFeed::figures() const { return {seats_->load(), sent_.load(), dropped_.load()}; }

void LiveFeed::run() {
  Steady next_round{};
  std::unique_lock lock(mutex_);
  while (true) {
    wait(lock, next_round);
    if (stopping_) break;
    auto joined = std::exchange(joining_, {});
    auto records = std::exchange(arrived_, {});
    const bool lost_some = std::exchange(lost_some_, false);
    lock.unlock();
    next_round = steady_clock::now() + limits_.round;
    round(std::move(joined), std::move(records), lost_some);
    lock.lock();
  }
}

/// Until there is something to do, and the next round may begin.
void LiveFeed::wait(std::unique_lock<std::mutex>& lock, Steady next_round) {
  const auto stops = [&] { return stopping_; };
  const auto has_news = [&] { return stopping_ || lost_some_ || !joining_.empty() || !arrived_.empty(); };
  if (news_.wait_until(lock, next_round, stops) || has_work()) return;
  if (readers_.empty()) {
    news_.wait(lock, has_news);
  } else {
    news_.wait_for(lock, kTendEvery, has_news);
  }
}

/// Somebody is behind, or has not taken everything.
bool LiveFeed::has_work() const {
  return std::any_of(readers_.begin(), readers_.end(), [&](const auto& reader) {
    return reader->waiting_bytes() > 0 || (!reader->has_ended() && is_behind(*reader));
  });
}

void LiveFeed::round(Readers joined, std::vector<Record> records, bool lost_some) {
  welcome(std::move(joined));
  follow(records);
  if (lost_some) next_ = std::max(next_, store_.head().position + 1);
  catch_up();
  tend();
  wake_readers();
}

/// The first reader of all makes the feed begin at the end of the log.
void LiveFeed::welcome(Readers joined) {
  if (readers_.empty() && !joined.empty()) next_ = store_.head().position + 1;
  std::move(joined.begin(), joined.end(), std::back_inserter(readers_));
}

/// Past what has not arrived: its readers are behind then, and the store has it.
void LiveFeed::follow(const std::vector<Record>& records) {
  for (const auto& record : records) {
    if (record.position < next_) continue;
    next_ = record.position;
    give(record);
  }
}

/// One event for everybody who is not behind.
void LiveFeed::give(const Record& record) {
  const Case* after = nullptr;
  bool is_known = !is_case(record);
  bool is_looked_up = is_known;
  FeedText text;
  const auto now = steady_clock::now();
  for (const auto& reader : readers_) {
    if (reader->cursor() + 1 != record.position || !has_room(*reader)) continue;
    if (!is_looked_up) {
      after = states_.after(record);
      is_known = after != nullptr;
      is_looked_up = true;
    }
    if (is_known && is_seen_by(*reader, record, after)) {
      if (!text) text = std::make_shared<const std::string>(hooks_.event(record, after));
      reader->push(record.position, text, now);
      sent_.fetch_add(1, std::memory_order_relaxed);
    }
    reader->pass(record.position);
  }
  next_ = record.position + 1;
}

bool LiveFeed::is_seen_by(const FeedReader& reader, const Record& record, const Case* after) const {
  const auto& wish = reader.wish();
  if (!wish.types.empty() && !wish.types.contains(record.type)) return false;
  if (wish.only && (!is_case(record) || case_of(record.stream) != *wish.only)) return false;
  return after != nullptr ? may_see(wish.asker, *after) : may_follow(wish.asker, record);
}

bool LiveFeed::has_room(const FeedReader& reader) const {
  return reader.waiting_bytes() < limits_.waiting_bytes;
}

/// Reads the log for those who are behind, each in turn.
void LiveFeed::catch_up() {
  const auto end = steady_clock::now() + kCatchUpTime;
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    auto& reader = *readers_[(turn_ + i) % readers_.size()];
    if (!is_behind(reader) || !has_room(reader) || reader.has_left() || reader.has_ended()) continue;
    const auto now = steady_clock::now();
    if (now >= end) break;
    catch_up(reader, std::min(end, now + kSliceTime));
  }
  ++turn_;
}

void LiveFeed::catch_up(FeedReader& reader, Steady until) {
  std::vector<LogEntry> entries;
  const auto scanned = store_.scan_log(reader.cursor() + 1, [&](const LogEntry& entry) {
    if (entry.position < next_) entries.push_back(entry);
    return entry.position < next_ && entries.size() < kSliceEntries;
  });
  if (!scanned) return;
  const auto& only = reader.wish().only;
  for (const auto& entry : entries) {
    if (!has_room(reader) || steady_clock::now() >= until) return;
    if (!only || entry.stream == stream_of(*only)) {
      const auto records = store_.read_stream(entry.stream, entry.version, entry.version);
      // What cannot be read is passed over: its case is set aside everywhere.
      const auto* record = records && !records->empty() ? &records->front() : nullptr;
      const auto* after = record != nullptr && is_case(*record) ? states_.after(*record) : nullptr;
      const bool is_known = record != nullptr && (after != nullptr || !is_case(*record));
      if (is_known && is_seen_by(reader, *record, after)) {
        reader.push(entry.position, std::make_shared<const std::string>(hooks_.event(*record, after)),
                    steady_clock::now());
        sent_.fetch_add(1, std::memory_order_relaxed);
      }
    }
    reader.pass(entry.position);
  }
}

/// Forgets who has left, drops who takes too slowly, ends who may not stay, tells the others where they are.
void LiveFeed::tend() {
  std::erase_if(readers_, [](const auto& reader) { return reader->has_left(); });
  if (readers_.empty()) {
    states_.clear();
    return;
  }
  const auto now = steady_clock::now();
  const auto token_time = hooks_.token_time();
  for (const auto& reader : readers_) {
    if (reader->has_ended()) continue;
    const auto untaken_since = reader->untaken_since(now);
    if (untaken_since && now - *untaken_since >= limits_.untaken) {
      reader->end_with(hooks_.dropped);
      dropped_.fetch_add(1, std::memory_order_relaxed);
    } else if (reader->wish().asker.expires_at <= token_time) {
      reader->end_with(hooks_.cursor);
    } else if (!untaken_since && now - reader->last_pushed() >= limits_.heartbeat) {
      reader->push(reader->cursor(), std::make_shared<const std::string>(hooks_.cursor(reader->cursor())),
                   now);
    }
  }
}

/// Those for whom something waits, as far as the bytes of a round go.
void LiveFeed::wake_readers() {
  Readers ready;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < readers_.size() && bytes < kRoundBytes; ++i) {
    const auto& reader = readers_[(turn_ + i) % readers_.size()];
    const auto waiting = std::min(reader->waiting_bytes(), kFeedPieceBytes);
    if (waiting == 0) continue;
    bytes += waiting;
    ready.push_back(reader);
  }
  if (ready.empty()) return;
  hooks_.post([ready = std::move(ready)] {
    for (const auto& reader : ready) reader->ready();
  });
}

}  // namespace motcua::engine

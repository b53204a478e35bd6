/// The live feed: follows the log behind the commits and gives every reader the events that it may see, once
/// and in order. One thread looks at each new event once for all readers; a reader that is behind is read the
/// log for, slice by slice, until it has caught up. Durable events only.
#pragma once

#include "engine/core/time.hpp"
#include "engine/ports/catalogue.hpp"
#include "engine/ports/event_store.hpp"
#include "engine/runtime/case_states.hpp"
#include "engine/runtime/feed_reader.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace motcua::engine {

struct FeedLimits {
  std::size_t readers = 200;
  std::size_t waiting_bytes = 256UL * 1024;  ///< for one reader; beyond it the reader is behind
  std::chrono::milliseconds untaken{
      10'000};  ///< what waits must be taken within it, or the reader is dropped
  std::chrono::milliseconds heartbeat{15'000};
  std::chrono::milliseconds round{20};  ///< at least between two deliveries: many events, one write
};

struct FeedHooks {
  /// What readers get of an event; `after` is the case as it left it, null for other streams. Feed's thread.
  std::function<std::string(const Record& record, const Case* after)> event{};
  /// Where the reader stands, so that it can resume there. Feed's thread.
  std::function<std::string(std::uint64_t position)> cursor{};
  /// The last words to a reader that takes too slowly. Feed's thread.
  std::function<std::string(std::uint64_t position)> dropped{};
  /// Runs a task on the thread where readers take. Any thread.
  std::function<void(std::function<void()>)> post{};
  /// Time by which tokens expire. Feed's thread.
  std::function<Instant()> token_time{};
};

class LiveFeed {
 public:
  /// `store` and `catalogue` must outlive it. Starts its thread.
  LiveFeed(const EventStore& store, const Catalogue& catalogue, FeedHooks hooks, FeedLimits limits = {});
  LiveFeed(const LiveFeed&) = delete;
  LiveFeed& operator=(const LiveFeed&) = delete;
  /// Ends the thread; who still reads gets nothing more.
  ~LiveFeed();

  /// Any thread. Null if all seats are taken. The first text tells where the reader begins.
  [[nodiscard]] std::shared_ptr<FeedReader> join(FeedWish wish);

  /// Records that have just become durable, in order. Without readers one atomic load.
  void recorded(std::vector<Record> records);

  /// Figures for metrics; any thread.
  struct Figures {
    std::size_t readers = 0;
    std::uint64_t sent = 0;     ///< events queued for readers, counted once for each
    std::uint64_t dropped = 0;  ///< readers that took too slowly
  };
  [[nodiscard]] Figures figures() const;

 private:
  using Readers = std::vector<std::shared_ptr<FeedReader>>;
  using Steady = FeedReader::Steady;

  void run();
  void wait(std::unique_lock<std::mutex>& lock, Steady next_round);
  void round(Readers joined, std::vector<Record> records, bool lost_some);
  void welcome(Readers joined);
  void follow(const std::vector<Record>& records);
  void give(const Record& record);
  void catch_up();
  void catch_up(FeedReader& reader, Steady until);
  [[nodiscard]] bool is_seen_by(const FeedReader& reader, const Record& record, const Case* after) const;
  [[nodiscard]] bool has_room(const FeedReader& reader) const;
  [[nodiscard]] bool is_behind(const FeedReader& reader) const { return reader.cursor() + 1 < next_; }
  void tend();
  void wake_readers();
  [[nodiscard]] bool has_work() const;

  const EventStore& store_;
  FeedHooks hooks_;
  FeedLimits limits_;
  std::shared_ptr<std::atomic<std::size_t>> seats_ = std::make_shared<std::atomic<std::size_t>>(0);
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::uint64_t> dropped_{0};

  std::mutex mutex_{};  ///< of what follows, up to `stopping_`
  std::condition_variable news_{};
  Readers joining_{};
  std::vector<Record> arrived_{};
  bool lost_some_ = false;  ///< more had arrived than is kept: the store has it
  bool stopping_ = false;

  // The feed's thread.
  Readers readers_{};
  CaseStates states_;
  std::uint64_t next_ = 1;  ///< position that readers who are not behind get next
  std::size_t turn_ = 0;    ///< who is served first in a round

  std::thread thread_{};
};

}  // namespace motcua::engine

/// One reader of the live feed: what waits for it, bounded, between the feed's thread and the thread on which
/// it takes.
#pragma once

#include "engine/core/ids.hpp"
#include "engine/ports/token_verifier.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace motcua::engine {

/// What somebody wants of the log. Rights are judged event by event.
struct FeedWish {
  Identity asker{};
  std::set<std::string> types{};  ///< empty: every type
  std::optional<CaseId> only{};   ///< events of this case alone
  std::uint64_t after = 0;        ///< position after which it begins
};

/// Taken at once, about: what one write to a connection should have.
inline constexpr std::size_t kFeedPieceBytes = 64UL * 1024;

/// Text of one event, shared by all who read it.
using FeedText = std::shared_ptr<const std::string>;

class FeedReader {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  /// `seats` counts the readers that have not left.
  FeedReader(FeedWish wish, std::shared_ptr<std::atomic<std::size_t>> seats);
  FeedReader(const FeedReader&) = delete;
  FeedReader& operator=(const FeedReader&) = delete;
  ~FeedReader() { leave(); }

  // The taker's thread.

  /// Appends what waits, about kFeedPieceBytes at most, to `out`. False once nothing will follow.
  [[nodiscard]] bool take(std::string& out);
  /// `wake` is called on the taker's thread by `ready`.
  void when_ready(std::function<void()> wake) { wake_ = std::move(wake); }
  void ready() const {
    if (wake_) wake_();
  }

  // Any thread.

  /// Nobody takes any more. The seat is free at once.
  void leave() noexcept;
  [[nodiscard]] bool has_left() const { return left_.load(std::memory_order_relaxed); }

  // The feed's thread.

  [[nodiscard]] const FeedWish& wish() const { return wish_; }
  /// Position up to which the log has been looked through for it.
  [[nodiscard]] std::uint64_t cursor() const { return cursor_; }
  void pass(std::uint64_t position) { cursor_ = position; }
  /// Queues a text that ends at `position`.
  void push(std::uint64_t position, FeedText text, Steady now);
  /// Replaces what waits by one last text, made for the last position taken.
  void end_with(const std::function<std::string(std::uint64_t)>& last_text);
  [[nodiscard]] std::size_t waiting_bytes() const;
  /// When a text was last queued, and since when nothing has been taken of what waits.
  [[nodiscard]] Steady last_pushed() const { return last_pushed_; }
  [[nodiscard]] std::optional<Steady> untaken_since(Steady now);
  [[nodiscard]] bool has_ended() const;

 private:
  struct Waiting {
    std::uint64_t position = 0;
    FeedText text{};
  };

  const FeedWish wish_;
  const std::shared_ptr<std::atomic<std::size_t>> seats_;
  std::atomic<bool> left_{false};
  std::function<void()> wake_{};  ///< taker's thread only

  std::uint64_t cursor_;  ///< feed's thread only, as the next three
  Steady last_pushed_{};
  Steady untaken_since_{};
  std::uint64_t takes_seen_ = 0;

  mutable std::mutex mutex_{};  ///< of what follows
  std::deque<Waiting> waiting_{};
  std::size_t bytes_ = 0;
  std::uint64_t taken_;      ///< position of the last text taken
  std::uint64_t takes_ = 0;  ///< that took something
  bool ended_ = false;
};

}  // namespace motcua::engine

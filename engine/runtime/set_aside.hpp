/// What cannot be recorded now (để riêng): it is tried again after pauses that double, so that it neither
/// spins nor holds up the rest. Memory, not events: a restart tries everything once.
#pragma once

#include "engine/core/result.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace motcua::engine {

/// Told what was refused, why, and when it is tried again. Called on the thread of the worker concerned.
using TellRefused =
    std::function<void(const std::string& name, const Rejection& why, std::chrono::seconds pause)>;

/// True if the refusal is about this one thing; others would be refused as well otherwise.
[[nodiscard]] inline bool is_about_one(const Rejection& why) {
  if (why.members.contains("unreadable")) return true;
  return why.code != RejectionCode::clock_suspect && why.code != RejectionCode::overloaded &&
         why.code != RejectionCode::not_durable && why.code != RejectionCode::outcome_unknown;
}

/// One worker's list; its thread only.
template <class Key>
class SetAside {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kPauseFirst{1};
  static constexpr std::chrono::seconds kPauseMost{15 * 60};

  /// Puts it aside, again with a longer pause; answers the pause.
  std::chrono::seconds put(const Key& key, Moment now) {
    auto [found, is_new] = waiting_.try_emplace(key);
    auto& [until, pause] = found->second;
    pause = is_new ? kPauseFirst : std::min(2 * pause, kPauseMost);
    until = now + pause;
    return pause;
  }
  [[nodiscard]] bool waits(const Key& key, Moment now) const {
    const auto found = waiting_.find(key);
    return found != waiting_.end() && now < found->second.first;
  }
  void forget(const Key& key) { waiting_.erase(key); }
  template <class Predicate>
  void forget_unless(const Predicate& keeps) {
    std::erase_if(waiting_, [&](const auto& entry) { return !keeps(entry.first); });
  }
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }

 private:
  std::map<Key, std::pair<Moment, std::chrono::seconds>> waiting_{};
};

}  // namespace motcua::engine

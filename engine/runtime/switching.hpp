/// Switch worker (chuyển hồ sơ đang giải quyết khi phiên bản mới có hiệu lực): when a version that takes open
/// cases along (open_cases: switch) takes force, commands each received case under an earlier one to follow
/// it, off the request path. What it did stands in the cases; it keeps nothing else.
#pragma once

#include "engine/ports/catalogue.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/event_store.hpp"
#include "engine/ports/key_store.hpp"
#include "engine/runtime/case_loader.hpp"
#include "engine/runtime/sequencer.hpp"
#include "engine/runtime/set_aside.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace motcua::engine {

/// What one round did about one version.
struct SwitchReport {
  ProcedureCode code{};
  std::int64_t version = 0;
  std::uint64_t moved = 0;
  std::uint64_t refused = 0;  ///< did not fit: each has a task now
};

/// What the worker stands on. All must outlive it.
struct SwitchPorts {
  const EventStore& store;
  const KeyStore& keys;
  const Catalogue& catalogue;
  const Clock& clock;
  Sequencer& sequencer;
  std::function<void()>
      begin{};         ///< on the worker's thread, first thing: makes it give way to requests; may be empty
  TellRefused tell{};  ///< may be empty
  std::function<void(const SwitchReport&)> report{};  ///< after a round that did something; may be empty
};

/// The version that open cases follow on `day`, by procedure: the newest that takes them along and has taken
/// force. A version that has ended takes nobody along.
using SwitchTargets = std::map<ProcedureCode, std::shared_ptr<const Definition>>;
[[nodiscard]] SwitchTargets switch_targets(const Catalogue& catalogue, LocalDay day);
/// The first beginning of the first day of such a version behind `after`; none if none is published.
[[nodiscard]] std::optional<Instant> next_switch(const Catalogue& catalogue, Instant after);

/// Where a case stands towards the version that it is to follow.
struct SwitchStanding {
  std::uint64_t seen = 0;  ///< version of the case
  bool stays = false;      ///< it did not fit before, or a person has taken it back from there
};
/// Of its events, oldest first. `target` is a version's number.
[[nodiscard]] SwitchStanding switch_standing(const std::vector<HistoryEntry>& history, std::int64_t target);

class SwitchWorker {
 public:
  /// Cases commanded at once: behind so many decisions a request may have to wait.
  static constexpr std::size_t kPortion = 8;

  /// Starts a thread, which begins with a round: what a stopped engine left is found again.
  explicit SwitchWorker(SwitchPorts ports);
  SwitchWorker(const SwitchWorker&) = delete;
  SwitchWorker& operator=(const SwitchWorker&) = delete;
  ~SwitchWorker();

  /// Something was published. Any thread.
  void wake();
  /// Waits for a round that begins now; false if it could not be ended. Any thread but the worker's.
  [[nodiscard]] bool settle();

  struct Figures {
    std::uint64_t moved = 0;    ///< cases, since the start
    std::uint64_t refused = 0;  ///< cases that did not fit, since the start
    std::uint64_t behind = 0;   ///< cases that the round under way has still to look at
  };
  [[nodiscard]] Figures figures() const;

 private:
  struct Shared;  ///< what replies touch: it outlives the worker if they come late
  struct Step;    ///< a case and the version that it is told to follow

  void run();
  /// Waits for the next round's reason: a call, a new day, or the end of `pause`.
  void rest(std::chrono::steady_clock::duration pause);
  /// One round; false if something could not be read or written: it is tried again after a pause.
  bool round();
  bool follow(const std::vector<std::pair<CaseId, std::shared_ptr<const Definition>>>& cases);
  /// What is to be commanded of the case; none if nothing is.
  std::optional<Step> look_at(const CaseId& id, const std::shared_ptr<const Definition>& target);
  bool command(const std::vector<Step>& portion);
  void report();

  SwitchPorts ports_;
  CaseLoader loader_;
  std::shared_ptr<Shared> shared_;
  LocalDay day_{};                                ///< of the last round
  std::map<CaseId, std::int64_t> settled_{};      ///< stay behind that version; the worker's thread only
  std::map<ProcedureCode, SwitchReport> done_{};  ///< in this round
  std::thread thread_{};
};

}  // namespace motcua::engine

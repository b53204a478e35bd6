/// Recalculation worker (tính lại thời hạn theo lịch mới): proposes a new date for every open case that a
/// newer version of its calendar moves, off the request path. First one pass over all open cases, then the
/// log from where the pass began. What it found and how far it came stands in its records; it keeps nothing
/// else.
#pragma once

#include "engine/ports/catalogue.hpp"
#include "engine/ports/event_store.hpp"
#include "engine/ports/key_store.hpp"
#include "engine/runtime/calendar_judge.hpp"
#include "engine/runtime/proposal_book.hpp"
#include "engine/runtime/sequencer.hpp"
#include "engine/runtime/set_aside.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace motcua::engine {

/// What the worker stands on. All must outlive it.
struct RecalculationPorts {
  const EventStore& store;
  KeyStore& keys;
  const Catalogue& catalogue;
  Sequencer& sequencer;
  ProposalBook& book;
  std::function<void()>
      begin{};         ///< on the worker's thread, first thing: makes it give way to requests; may be empty
  TellRefused tell{};  ///< may be empty
};

class RecalculationWorker {
 public:
  /// Cases judged between two looks at whether a page is full or the process ends.
  static constexpr std::size_t kSlice = 64;

  /// Starts a thread, which goes on where the records say that it was.
  explicit RecalculationWorker(const RecalculationPorts& ports);
  RecalculationWorker(const RecalculationWorker&) = delete;
  RecalculationWorker& operator=(const RecalculationWorker&) = delete;
  ~RecalculationWorker();

  /// Something was decided: looks at it at once. Any thread.
  void wake();
  /// Something was published: it stands in the book when this returns. Any thread.
  void announce();

  struct Figures {
    std::uint64_t judged = 0;    ///< cases, since the start
    std::uint64_t proposed = 0;  ///< proposals recorded since the start
    std::uint64_t behind = 0;  ///< records of the log not yet looked at; 0 while no calendar has two versions
  };
  [[nodiscard]] Figures figures() const;

 private:
  /// What waits to be recorded about one version.
  struct Waiting {
    std::shared_ptr<const WorkingCalendar> calendar{};
    ProposalPage page{};
  };
  using Waitings = std::map<Digest, Waiting>;
  struct Shared;  ///< what replies touch: it outlives the worker if they come late

  void run();
  /// One round; false if something could not be read or written: it is tried again after a pause.
  bool work();
  bool refresh();
  bool pass_over_all(const std::vector<UnfinishedPass>& unfinished);
  bool follow();
  /// The cases that the records of a slice of the log may have moved; and where the slice ends.
  struct LogSlice;
  bool read_slice(LogSlice& slice);
  bool judge(const CaseId& id);
  Waiting& waiting_for(const std::shared_ptr<const WorkingCalendar>& calendar);
  /// Another slice might not fit into some page.
  [[nodiscard]] bool is_page_full() const;
  bool flush_pass(const std::vector<UnfinishedPass>& unfinished, const CaseId& scanned);
  /// Records what waits; only the last page says `through`. `scanned` marks how far the pass has come.
  bool flush(std::uint64_t through, const std::optional<CaseId>& scanned);
  bool write(const std::shared_ptr<const WorkingCalendar>& calendar, std::string_view type,
             std::string bytes);
  [[nodiscard]] bool is_stopping() const;

  RecalculationPorts ports_;
  CaseLoader loader_;
  CalendarJudge judge_;
  std::shared_ptr<Shared> shared_;
  Waitings waiting_{};
  std::uint64_t position_ = 0;  ///< every record of the log up to here has been looked at
  std::uint64_t written_ = 0;   ///< number of the last record asked for, to name it
  std::thread thread_{};
};

}  // namespace motcua::engine

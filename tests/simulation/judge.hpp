/// Compares the engine with the model: each answer, the log, and every row. Throws what it finds.
#pragma once

#include "tests/simulation/model/office_model.hpp"
#include "tests/simulation/office_engine.hpp"
#include "tests/simulation/statistics.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace motcua::simulation {

/// The engine is not what the model says.
struct Discrepancy {
  std::string what{};
  std::string case_id{};  ///< empty if it is about no single case
};

class Judge {
 public:
  Judge(OfficeEngine& engine, model::OfficeModel& book, Statistics& statistics);

  /// One answer, in the order of submission. `also`: a refusal that is lawful too.
  void answer(const model::Command& command, const Answer& answer, model::Micros now, bool suspect,
              const std::string& also = "");
  /// A command whose answer was lost was written all the same: the store says so.
  void written(const model::Command& command, model::Micros now);
  /// The engine recorded on its own behalf what `command` says; `with_lookup`: a look-up before it.
  void recorded(const model::Command& command, model::Micros now, bool with_lookup);

  /// What `reader` sees of the case, and is offered.
  void read(const model::Actor& reader, const model::OfficeCase& current);

  /// The log holds exactly what was accepted, in that order.
  void log();
  /// Worklists, counters, timers and open effects are those of the model.
  void rows();
  /// Everything else: each case replayed is the live one, rows rebuilt are the rows kept, no leaf has
  /// changed.
  void everything();

  [[nodiscard]] std::string log_hash() const;
  [[nodiscard]] const std::deque<std::string>& story(const std::string& case_id) { return stories_[case_id]; }
  void tell(const std::string& case_id, std::string line);
  void trace(bool on) { trace_ = on; }
  std::uint64_t step = 0;

 private:
  struct Expected {
    engine::StreamKind kind = engine::StreamKind::case_;
    std::string case_id{};
    std::uint64_t version = 0;
    std::string command{};
    std::string actor{};
    model::Micros now = 0;
    model::Micros recorded_at = 0;
  };
  void accept(const model::Command& command, const model::Verdict& verdict, const engine::CaseHandle& after,
              model::Micros now);
  void repetition(const model::Command& command, const engine::CommandAnswer& answer);
  void effects(const model::Command& command, const model::OfficeCase* before,
               const model::OfficeCase& after);
  void record(const engine::LogEntry& entry, const Expected& expected);
  void offers(const model::Actor& reader, const model::OfficeCase& current, const engine::LoadedCase& loaded);
  void worklists();
  void counters();
  void lanes();
  void timers_and_effects();
  [[nodiscard]] engine::CaseHandle load(const std::string& case_id, std::uint64_t version = UINT64_MAX) const;

  OfficeEngine& engine_;
  model::OfficeModel& book_;
  Statistics& statistics_;
  std::deque<Expected> expected_{};
  std::map<std::string, std::map<std::uint64_t, engine::CaseHandle>> handles_{};
  std::map<std::string, std::deque<std::string>> stories_{};
  std::map<std::string, std::string> tails_{};  ///< of the worklist row of each waiting case
  std::vector<engine::Digest> leaves_{};
  std::uint64_t position_ = 0;
  std::uint64_t hash_ = 14695981039346656037ULL;
  bool trace_ = false;
};

}  // namespace motcua::simulation

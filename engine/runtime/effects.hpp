/// Effects (việc nhờ bên ngoài): asks the population register about the open look-ups of all cases and brings
/// each answer back as a command; has linked cases opened, tells the cases that wait
/// for them, and looks for results that must be there first. Attempts
/// and pauses live here, in memory; events say only that a question is open, failed once, or answered.
#pragma once

#include "engine/ports/catalogue.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/event_store.hpp"
#include "engine/ports/key_store.hpp"
#include "engine/ports/population_registry.hpp"
#include "engine/runtime/sequencer.hpp"
#include "engine/runtime/set_aside.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>

namespace motcua::engine {

/// What the worker stands on. All must outlive it.
struct EffectPorts {
  const EventStore& store;
  KeyStore& keys;
  const Catalogue& catalogue;
  const Clock& clock;
  IdSource& ids;                 ///< of its own: an IdSource belongs to one thread
  PopulationRegistry* registry;  ///< null: nobody is asked, look-ups stay open
  Sequencer& sequencer;
  const DiskSpace* disk = nullptr;  ///< null: room without end
  TellRefused tell{};               ///< may be empty
};

struct EffectFigures {
  std::uint64_t asked = 0;     ///< questions handed to the register's adapter
  std::uint64_t answered = 0;  ///< answers recorded
  std::uint64_t failures = 0;  ///< first failures recorded
  std::size_t open = 0;        ///< known to the worker now
  std::size_t set_aside = 0;   ///< of them, refused when they were to be asked or recorded
};

class EffectWorker {
 public:
  /// Questions with the adapter at once; it has its own, smaller cap on calls.
  static constexpr std::size_t kAskedAtOnce = 32;
  /// Rows looked at in one round; a longer list is walked over several.
  static constexpr std::size_t kSlice = 1024;

  explicit EffectWorker(const EffectPorts& ports);
  EffectWorker(const EffectWorker&) = delete;
  EffectWorker& operator=(const EffectWorker&) = delete;
  ~EffectWorker();

  [[nodiscard]] EffectFigures figures() const;

 private:
  struct Shared;    ///< what answers and replies touch: it outlives the worker if they come late
  struct Question;  ///< one open effect, as the worker knows it

  void hear_of_link();
  void run();
  /// A walk over the rows of one kind of effects.
  struct Walk {
    std::string prefix{};
    bool inside = false;  ///< carried out among cases, not asked of the register
    std::string cursor{};
  };
  void walk(Walk& walk);
  void ask(const EffectItem& effect, Question& question);
  /// Has the sequencer do what concerns cases only.
  void carry_out(const EffectItem& effect, Question& question, const OpenEffect& open,
                 const LoadedCase& current);
  [[nodiscard]] FaultOr<CommandRequest> inside_request(const EffectItem& effect, const OpenEffect& open,
                                                       const LoadedCase& current) const;
  void take_answers();
  void record(const EffectItem& effect, Question& question, RegisterAnswer answer);
  /// Tells the worker what came of a command.
  [[nodiscard]] Reply reply_to(const EffectItem& effect, bool answered);
  /// A case that stands still, or whose way is not decided yet, is no fault: it is asked again.
  [[nodiscard]] static bool waits_for_case(const Question& question, const Rejection& why);
  void put_aside(const EffectItem& effect, const Rejection& why);
  [[nodiscard]] bool is_due(const Question& question, std::size_t asked) const;

  EffectPorts ports_;
  CaseLoader loader_;
  std::shared_ptr<Shared> shared_;
  /// Not by row key: that one changes when the case gets a due instant. The worker's thread only.
  std::map<EffectItem, Question> questions_;
  SetAside<EffectItem> set_aside_{};
  Walk register_{effect_prefix(), false, {}};
  Walk inside_{inside_effect_prefix(), true, {}};
  LinkState link_ = LinkState::up;  ///< as this round sees it
  std::thread thread_{};
};

}  // namespace motcua::engine

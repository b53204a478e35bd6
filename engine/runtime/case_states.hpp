/// Cases as their events left them, for somebody who follows the log event by event. One thread.
#pragma once

#include "engine/runtime/case_loader.hpp"

#include <cstddef>
#include <unordered_map>

namespace motcua::engine {

class CaseStates {
 public:
  /// Both must outlive it. Keeps up to twice `kept` cases.
  CaseStates(const EventStore& store, const Catalogue& catalogue, std::size_t kept)
      : loader_(store, nullptr, catalogue), kept_(kept) {}

  /// The case as `record` left it, without what people typed; null if its records cannot be read. Valid until
  /// the next call.
  [[nodiscard]] const Case* after(const Record& record);
  void clear();

 private:
  using Known = std::unordered_map<CaseId, Case>;
  [[nodiscard]] Case* find(const CaseId& id);
  Case& keep(Case state);
  [[nodiscard]] bool evolve_known(Case& state, const Record& record);

  CaseLoader loader_;
  std::size_t kept_;
  Known newer_{};  ///< used since `older_` was
  Known older_{};
  Case passing_{};  ///< of a case that is known at a later version
  Event event_{};
};

}  // namespace motcua::engine

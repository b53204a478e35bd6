/// A case as the model sees it. Plain values.
#pragma once

#include "tests/simulation/model/time_limit.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace motcua::simulation::model {

struct Promise {
  Micros due_at = 0;
  Micros made_at = 0;
  std::string basis{};
  std::string reason{};
  std::string told_how{};
  friend bool operator==(const Promise&, const Promise&) = default;
};

struct Duty {
  std::string kind{};
  Micros opened_at = 0;
  std::optional<Micros> closed_at{};
  friend bool operator==(const Duty&, const Duty&) = default;
};

/// Whom the holder of a step has do it.
struct Delegated {
  std::string to{};
  std::optional<Micros> until{};  ///< it is over here
};

/// Who completed a step, and in whose name.
struct Completion {
  std::string step{};
  std::string by{};
  std::string on_behalf_of{};
};

/// Asked of another agency.
struct Question {
  std::uint64_t version = 0;  ///< of the case that asked
  std::string agency{};
  Micros due_at = 0;
  bool acknowledged = false;
  bool answered = false;
};

/// Version of the event that asked, and which of its questions.
using EffectName = std::pair<std::uint64_t, std::uint32_t>;

struct OfficeCase {
  std::string id{};
  std::uint64_t version = 0;
  std::uint64_t foreground_version = 0;
  std::string code{};
  std::string procedure{};
  std::string channel{};
  std::string agency{};
  std::string filed_by{};
  std::string stage{};
  std::string step{};  ///< empty before reception and after the end
  bool steps_ended = false;

  std::string clock = "not_started";
  std::string pause_reason{};
  Micros since = 0;
  std::vector<ClockEntry> ledger{};
  std::size_t limit = 0;
  std::vector<Promise> promises{};
  std::optional<Micros> legal_due{};
  std::optional<Micros> due_at{};
  std::optional<std::int64_t> remaining{};
  std::optional<Micros> extended_to{};
  std::int64_t extensions = 0;
  std::map<std::string, Micros> timers{};
  std::vector<Duty> duties{};
  std::set<std::string> flags{};

  std::set<std::string> open_items{};
  std::int64_t supplement_requests = 0;
  std::set<std::string> papers{};
  std::set<std::string> missing{};
  nlohmann::json data = nlohmann::json::object();   ///< the form as the engine showed it last
  nlohmann::json typed = nlohmann::json::object();  ///< what people typed into it
  std::map<std::string, std::string> assignees{};
  std::map<std::string, Delegated> delegations{};  ///< by step
  std::vector<Completion> completions{};
  std::vector<Question> questions{};
  std::set<EffectName> effects{};  ///< open
  std::set<EffectName> failed{};   ///< open, an attempt got no answer
  std::set<EffectName> answered{};

  Micros created_at = 0;
  std::optional<Micros> resolved_at{};
  std::optional<Micros> returned_at{};

  [[nodiscard]] bool is_final() const {
    return stage == "not_received" || stage == "withdrawn" || stage == "stopped" || stage == "returned";
  }
  [[nodiscard]] bool in_office() const { return stage == "received" || stage == "in_process"; }
  [[nodiscard]] bool owes_apology() const {
    return !duties.empty() && duties.back().kind == "apology" && !duties.back().closed_at;
  }
};

}  // namespace motcua::simulation::model

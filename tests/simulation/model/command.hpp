/// What somebody asks of the office, as the contract words it.
#pragma once

#include "tests/simulation/model/office_calendar.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace motcua::simulation::model {

/// Who asks: what a token says.
struct Actor {
  std::string sub{};
  std::vector<std::string> roles{};
  std::string agency{};

  [[nodiscard]] bool has(const std::string& role) const {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  }
};

/// A command with its data; members that a command does not have stay empty.
struct Command {
  std::string name{};     ///< of the contract; `file`; `timer` and `answer` are the engine's own
  std::string case_id{};  ///< empty for `file`
  Actor actor{};
  std::string key{};
  std::optional<std::uint64_t> expected_version{};
  bool malformed = false;   ///< refused for its shape before anything else is looked at
  bool bad_shape = false;   ///< form data that the form does not have
  bool has_reason = false;  ///< free text beside the data

  std::string procedure{};
  std::string channel{};
  nlohmann::json applicant = nlohmann::json::object();
  nlohmann::json data = nlohmann::json::object();
  nlohmann::json value = nullptr;
  std::vector<std::string> papers{};
  std::vector<std::string> items{};  ///< of a supplement request; results of resolve
  std::optional<std::string> step{};
  std::string code{};      ///< event, reason code, law or pointer
  std::string assignee{};  ///< also the signer of an extension, and to whom a step is delegated
  std::string asked{};     ///< agency that is consulted
  Micros due_at = 0;       ///< also a moment of a delegation's last day; 0: none
  bool accept_incomplete = false;

  /// Everything it says but the key: two commands with one key must say the same.
  [[nodiscard]] std::string body() const;
};

}  // namespace motcua::simulation::model

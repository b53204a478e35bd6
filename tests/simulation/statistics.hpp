/// What a run did, by kind; runs add up.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace motcua::simulation {

struct Statistics {
  std::map<std::string, std::uint64_t> accepted{};  ///< by command
  std::map<std::string, std::uint64_t> refused{};   ///< by problem
  std::map<std::string, std::uint64_t> faults{};    ///< by kind
  std::map<std::string, std::uint64_t> checks{};    ///< by kind
  std::uint64_t commands = 0;
  std::int64_t simulated_micros = 0;

  void add(const Statistics& other);
  /// One table.
  [[nodiscard]] std::string table() const;
  /// Kinds that should occur in a long run and did not; empty if none.
  [[nodiscard]] std::string absent() const;
  [[nodiscard]] double years() const;
  /// One line that two runs of a seed must share.
  [[nodiscard]] std::string line() const;
};

}  // namespace motcua::simulation

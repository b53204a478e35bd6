/// What the model knows of a procedure and of the offices: read from the files that integrators write.
#pragma once

#include "tests/simulation/model/time_limit.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace motcua::simulation::model {

/// A way out of a step.
struct Way {
  std::string event{};
  std::string target{};
  nlohmann::json guard = nullptr;
  std::vector<std::string> required{};
};

/// A state that a case can stand in: an atomic step, or the end of all steps.
struct Step {
  bool is_end = false;
  std::string role{};
  std::vector<Way> ways{};                  ///< its own first, then those of what encloses it
  std::set<std::string> not_same_person{};  ///< atomic steps
};

struct Leaf {
  std::string pointer{};
  std::string source{};
  bool required = false;
  std::string within{};  ///< required only if this object is there; empty: always
};

struct Paper {
  std::string code{};
  nlohmann::json required = false;  ///< boolean or condition
};

struct Procedure {
  std::string code{};
  std::set<std::string> channels{};
  std::vector<TimeLimit> limits{};
  std::int64_t max_extensions = 0;
  std::set<std::string> pause_reasons{};
  std::set<std::string> refusal_reasons{};
  std::set<std::string> laws{};
  std::set<std::string> results{};
  std::vector<Leaf> leaves{};
  std::vector<Paper> papers{};
  std::set<std::string> register_leaves{};  ///< that a register's answer fills
  std::string initial{};
  std::map<std::string, Step> steps{};

  static Procedure read(const nlohmann::ordered_json& file);

  [[nodiscard]] const Leaf* leaf(const std::string& pointer) const;
  [[nodiscard]] bool has_paper(const std::string& code) const;
  /// Which limit applies to these facts.
  [[nodiscard]] std::size_t limit_for(const nlohmann::json& facts) const;
  /// Pointers and paper codes that are absent.
  [[nodiscard]] std::set<std::string> missing(const nlohmann::json& data, const std::string& channel,
                                              const std::set<std::string>& papers) const;
};

/// What conditions of limits, papers and guards read.
[[nodiscard]] nlohmann::json facts_of(const nlohmann::json& data, const std::string& channel,
                                      const std::set<std::string>& papers);

struct Officer {
  std::string sub{};
  std::set<std::string> roles{};
};
struct Agency {
  std::string id{};
  std::string calendar{};
  std::string code_prefix{};
  std::vector<Officer> officers{};

  [[nodiscard]] bool has(const std::string& sub, const std::string& role) const;
  [[nodiscard]] bool has(const std::string& sub) const;
};
[[nodiscard]] std::map<std::string, Agency> read_agencies(const nlohmann::json& organisation);

}  // namespace motcua::simulation::model

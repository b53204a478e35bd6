/// The people of the office: who asks what next. Mostly what the case needs, sometimes what nobody may.
#pragma once

#include "tests/simulation/draw.hpp"
#include "tests/simulation/model/office_model.hpp"
#include "tests/simulation/weights.hpp"

#include <deque>
#include <string>
#include <vector>

namespace motcua::simulation {

class Actors {
 public:
  Actors(const model::World& world, const model::OfficeModel& book, Draw& draw, const Weights& weights)
      : world_(world), book_(book), draw_(draw), weights_(weights) {}

  /// Some commands that arrive at once.
  [[nodiscard]] std::vector<model::Command> group(model::Micros now);
  /// What brings an open case nearer to its end; nobody makes a mistake.
  [[nodiscard]] model::Command next_step(const model::OfficeCase& current, model::Micros now);
  /// Somebody who reads.
  [[nodiscard]] model::Actor reader();

  /// Kinds of repetitions made since the start.
  std::uint64_t repeated = 0;
  std::uint64_t reused = 0;
  std::uint64_t raced = 0;

 private:
  [[nodiscard]] model::Command filing(model::Micros now);
  [[nodiscard]] model::Command on_a_case(const model::OfficeCase& current, model::Micros now);
  [[nodiscard]] model::Command lawful(const model::OfficeCase& current, model::Micros now);
  [[nodiscard]] model::Command at_desk(const model::OfficeCase& current);
  [[nodiscard]] model::Command waiting(const model::OfficeCase& current);
  [[nodiscard]] model::Command in_office(const model::OfficeCase& current, model::Micros now);
  [[nodiscard]] static const model::Question* open_question(const model::OfficeCase& current);
  [[nodiscard]] model::Command opinion(const model::OfficeCase& current, const model::Question& question);
  [[nodiscard]] model::Command question(const model::OfficeCase& current);
  [[nodiscard]] model::Command delegation(const model::OfficeCase& current, model::Micros now);
  [[nodiscard]] model::Command on_step(const model::OfficeCase& current);
  [[nodiscard]] model::Command on_clock(const model::OfficeCase& current, model::Micros now);
  [[nodiscard]] model::Command correction(const model::OfficeCase& current);
  [[nodiscard]] model::Command anything(const model::OfficeCase& current, model::Micros now);
  [[nodiscard]] model::Command engines_own(const model::OfficeCase& current);
  void spoil(model::Command& command, const model::OfficeCase& current);
  [[nodiscard]] model::Command named(const char* name, const model::OfficeCase& current, const char* role);
  [[nodiscard]] model::Actor officer(const std::string& agency, const std::string& role);
  [[nodiscard]] std::string fresh_key() { return "key-" + std::to_string(++keys_); }
  [[nodiscard]] const model::OfficeCase* some_case();
  [[nodiscard]] std::vector<std::string> open_items_of(const model::OfficeCase& current);

  const model::World& world_;
  const model::OfficeModel& book_;
  Draw& draw_;
  const Weights& weights_;
  std::uint64_t keys_ = 0;
  std::deque<std::pair<model::Command, model::Micros>> sent_{};  ///< the last ones, for repetitions
};

}  // namespace motcua::simulation

/// A population register that keeps every question until the run says what becomes of it.
#pragma once

#include "engine/ports/population_registry.hpp"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace motcua::simulation {

class RegisterDouble final : public engine::PopulationRegistry {
 public:
  void look_up(engine::PersonQuery query, std::function<void(engine::RegisterAnswer)> done) override;
  void on_link_change(std::function<void(engine::LinkState)> told) override;
  [[nodiscard]] engine::LinkFigures figures() const override { return {}; }

  /// Says that the link is up: whoever holds questions asks them now.
  void announce();
  /// Names of the questions that wait, ascending.
  [[nodiscard]] std::vector<std::string> waiting() const;
  /// Every name that was ever asked for since the last call.
  [[nodiscard]] std::vector<std::string> take_asked();
  [[nodiscard]] engine::PersonQuery query(const std::string& name) const;
  /// Answers a question that waits.
  void answer(const std::string& name, const engine::RegisterAnswer& answer);
  /// Answers everything that waits: the process ends.
  void shut_down();

 private:
  struct Question {
    engine::PersonQuery query{};
    std::function<void(engine::RegisterAnswer)> done{};
  };
  mutable std::mutex mutex_{};
  std::map<std::string, Question> waiting_{};
  std::vector<std::string> asked_{};
  std::function<void(engine::LinkState)> told_{};
};

}  // namespace motcua::simulation

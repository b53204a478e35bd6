/// The register where no link is configured: every look-up is UNAVAILABLE.
#pragma once

#include "engine/ports/population_registry.hpp"

namespace motcua::adapters {

class UnconnectedRegistry final : public engine::PopulationRegistry {
 public:
  void look_up(engine::PersonQuery, std::function<void(engine::RegisterAnswer)> done) override {
    engine::RegisterAnswer answer;
    answer.detail = name_of(engine::AnswerDetail::connection);
    done(std::move(answer));
  }
  void on_link_change(std::function<void(engine::LinkState)>) override {}
  [[nodiscard]] engine::LinkFigures figures() const override {
    engine::LinkFigures figures;
    figures.state_now = engine::LinkState::down;
    return figures;
  }
};

}  // namespace motcua::adapters

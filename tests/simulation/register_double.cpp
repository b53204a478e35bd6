#include "tests/simulation/register_double.hpp"

#include <utility>

namespace motcua::simulation {

using engine::RegisterAnswer;

void RegisterDouble::look_up(engine::PersonQuery query, std::function<void(RegisterAnswer)> done) {
  const std::lock_guard lock(mutex_);
  const auto name = query.request_id;
  asked_.push_back(name);
  waiting_[name] = {std::move(query), std::move(done)};
}

void RegisterDouble::on_link_change(std::function<void(engine::LinkState)> told) {
  const std::lock_guard lock(mutex_);
  told_ = std::move(told);
}

void RegisterDouble::announce() {
  std::function<void(engine::LinkState)> told;
  {
    const std::lock_guard lock(mutex_);
    told = told_;
  }
  if (told) told(engine::LinkState::up);
}

std::vector<std::string> RegisterDouble::waiting() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, question] : waiting_) names.push_back(name);
  return names;
}

std::vector<std::string> RegisterDouble::take_asked() {
  const std::lock_guard lock(mutex_);
  return std::exchange(asked_, {});
}

engine::PersonQuery RegisterDouble::query(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return waiting_.at(name).query;
}

void RegisterDouble::answer(const std::string& name, const RegisterAnswer& answer) {
  Question question;
  {
    const std::lock_guard lock(mutex_);
    question = std::move(waiting_.at(name));
    waiting_.erase(name);
  }
  question.done(answer);
}

void RegisterDouble::shut_down() {
  std::map<std::string, Question> left;
  {
    const std::lock_guard lock(mutex_);
    left = std::exchange(waiting_, {});
  }
  for (auto& [name, question] : left) {
    question.done({engine::AnswerClass::unavailable, "shutting_down", {}, {}, {}, {}});
  }
}

}  // namespace motcua::simulation

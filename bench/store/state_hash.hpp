/// One hash over the states of all cases: two ways of replaying agree if they give the same.
#pragma once

#include "engine/cases/case.hpp"

namespace motcua::bench {

/// Folds one case after the other, in the order of their ids. Every member of Case counts.
class StateHash {
 public:
  void add(const engine::Case& current);
  [[nodiscard]] const engine::Digest& value() const { return value_; }

 private:
  std::string bytes_{};
  engine::Digest value_{};
};

}  // namespace motcua::bench

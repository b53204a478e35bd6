/// A value that copies share until one of them is edited. Keeps the copy of a case cheap where an event
/// changes only a small part of it.
#pragma once

#include <memory>
#include <utility>

namespace motcua::engine {

template <class T>
class Shared {
 public:
  Shared() : held_(empty()) {}
  Shared(T value) : held_(std::make_shared<T>(std::move(value))) {}  // NOLINT: stands for the value

  const T& operator*() const { return *held_; }
  const T* operator->() const { return held_.get(); }

  /// The value for writing; first made this one's own if others share it.
  T& edit() {
    if (held_.use_count() != 1) held_ = std::make_shared<T>(*held_);
    return *held_;
  }
  /// True if both are the same object, so that nothing was edited between them.
  [[nodiscard]] bool same_as(const Shared& other) const { return held_ == other.held_; }

  friend bool operator==(const Shared& a, const Shared& b) { return a.held_ == b.held_ || *a == *b; }

 private:
  static const std::shared_ptr<T>& empty() {
    static const std::shared_ptr<T> kEmpty = std::make_shared<T>();
    return kEmpty;
  }

  std::shared_ptr<T> held_;
};

}  // namespace motcua::engine

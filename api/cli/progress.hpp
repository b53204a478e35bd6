/// Where long work stands, on standard error, about once a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <utility>

namespace motcua::api {

/// One thread at a time. Work that takes less than a second says nothing.
class Progress {
 public:
  explicit Progress(std::string what) : what_(std::move(what)) {}

  void operator()(std::uint64_t position, std::uint64_t end) {
    const auto now = std::chrono::steady_clock::now();
    if (now - said_ < std::chrono::seconds{1}) return;
    said_ = now;
    std::cerr << "motcua: " << what_ << " position " << position << " of " << end << '\n';
  }

 private:
  std::string what_;
  std::chrono::steady_clock::time_point said_ = std::chrono::steady_clock::now();
};

}  // namespace motcua::api

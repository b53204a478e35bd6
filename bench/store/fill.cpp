#include "bench/store/fill.hpp"

#include "adapters/system/random_ids.hpp"
#include "bench/store/lives.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <vector>

namespace motcua::bench {
namespace {

constexpr std::uint64_t kSideBySide = 1000;  ///< cases of an office day that are under way together
constexpr std::chrono::milliseconds kBetweenSteps{500};

/// Cases under way together. `events_of` says how many events the case of that number gets.
class Office {
 public:
  Office(Folder& folder, GroupWriter& writer) : folder_(folder), writer_(writer) {}

  void play(std::uint64_t cases, const std::function<std::size_t(std::uint64_t)>& events_of) {
    for (std::uint64_t first = 0; first < cases; first += kSideBySide) {
      play_some(std::min(kSideBySide, cases - first), events_of);
    }
  }
  void play_lengthy(std::uint64_t cases, std::uint64_t events) {
    for (std::uint64_t i = 0; i < cases; ++i) {
      auto current = lives_.file(writer_, ++filed_);
      current = lives_.advance(writer_, current, 1);
      lives_.lengthen(writer_, current, events);
      move_on();
    }
  }

 private:
  void play_some(std::uint64_t cases, const std::function<std::size_t(std::uint64_t)>& events_of) {
    std::vector<engine::CaseHandle> young;
    for (std::uint64_t i = 0; i < cases; ++i) young.push_back(lives_.file(writer_, ++filed_));
    for (std::size_t step = 1; step < kLifeEvents; ++step) {
      move_on();
      for (std::uint64_t i = 0; i < cases; ++i) {
        if (step < events_of(i)) young[i] = lives_.advance(writer_, young[i], step);
      }
    }
    std::fprintf(stderr, "\r%llu cases", static_cast<unsigned long long>(filed_));
  }
  void move_on() {
    const auto moved = folder_.clock().move_to(folder_.clock().now() + kBetweenSteps);
    if (!moved) throw std::logic_error("the clock went back");
  }

  Folder& folder_;
  GroupWriter& writer_;
  Lives lives_{};
  std::uint64_t filed_ = 0;
};

}  // namespace

void fill(Folder& folder, const FillPlan& plan) {
  adapters::RandomIds ids;
  GroupWriter writer(folder.ports(ids));
  Office office(folder, writer);
  office.play(plan.finished, [](std::uint64_t) { return kLifeEvents; });
  office.play(plan.open, [](std::uint64_t number) { return 1 + number % (kLifeEvents - 1); });
  office.play_lengthy(plan.lengthy, plan.lengthy_events);
  writer.finish();
  std::fputc('\n', stderr);
}

}  // namespace motcua::bench

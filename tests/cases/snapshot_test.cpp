/// A snapshot holds all of a case's state, and only its canonical text is read.
#include "engine/cases/snapshot.hpp"

#include "tests/cases/event_samples.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

CaseSnapshot after(const Event& event) {
  CaseSnapshot snapshot;
  snapshot.state =
      evolve(case_before_samples(), event,
             {scenario_case(), 64, kMonday8h + std::chrono::hours{1}, ActorId("desk-1"), "chief-1"});
  snapshot.content_versions = {1, 3, 64};
  return snapshot;
}

TEST(Snapshot, ReadsBackTheCaseAfterEveryKindOfEvent) {
  for (const auto& event : sample_events()) {
    const auto snapshot = after(event);
    const auto read = decode_snapshot(encode(snapshot));
    ASSERT_TRUE(read.has_value()) << type_of(event);
    EXPECT_EQ(*read, snapshot) << type_of(event);
  }
}

TEST(Snapshot, OfAnotherGenerationOrCutAnywhereIsAFault) {
  auto snapshot = after(sample_events().front());
  const auto text = encode(snapshot);
  for (std::size_t size = 0; size < text.size(); size += 3) {
    EXPECT_TRUE(decode_snapshot(text.substr(0, size)).has_error()) << size;
  }
  snapshot.generation += 1;
  EXPECT_TRUE(decode_snapshot(encode(snapshot)).has_error());
}

}  // namespace
}  // namespace motcua::engine

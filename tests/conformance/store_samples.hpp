/// What the suites of tests/conformance share: where a store under test lives, and plausible records.
#pragma once

#include "engine/ports/event_store.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

namespace motcua::conformance {

/// A store and the place it lives in. Removed with everything when it goes.
class StoreHarness {
 public:
  StoreHarness() = default;
  StoreHarness(const StoreHarness&) = delete;
  StoreHarness& operator=(const StoreHarness&) = delete;
  virtual ~StoreHarness() = default;
  [[nodiscard]] virtual engine::EventStore& store() = 0;
  /// Closes the store and opens it again, as a new process would.
  virtual void reopen() = 0;
};

struct StoreFactory {
  std::string name{};
  std::function<std::unique_ptr<StoreHarness>()> make{};
};
inline void PrintTo(const StoreFactory& factory, std::ostream* out) { *out << factory.name; }
inline std::string name_of_store(const ::testing::TestParamInfo<StoreFactory>& parameter) {
  return parameter.param.name;
}

inline engine::StreamId case_stream(char last) {
  engine::CaseId id;
  id.bytes[0] = 1;
  id.bytes[15] = static_cast<std::uint8_t>(last);
  return engine::stream_of(id);
}

/// A plausible record; its time is 2026-03-02 08:00 in Hà Nội plus `position` seconds.
inline engine::Record record_at(std::uint64_t position, engine::StreamId stream, std::uint64_t version) {
  engine::Record record;
  record.position = position;
  record.stream = std::move(stream);
  record.version = version;
  record.type = version == 1 ? "case.filed" : "case.received";
  record.recorded_at = engine::from_micros(1'772'413'200'000'000) + std::chrono::seconds(position);
  record.occurred_at = record.recorded_at;
  record.actor = engine::ActorId("officer-17");
  record.agency = engine::AgencyId("H15.50.05");
  record.command_id[0] = static_cast<std::uint8_t>(position);
  record.rules = {{"procedure", engine::Digest{7}}};
  record.public_bytes = R"({"stage":"registered"})";
  record.sealed = {{engine::SubjectName("applicant"), engine::Id128{1}, {2}, "0123456789abcdefXYZ"}};
  return record;
}

}  // namespace motcua::conformance

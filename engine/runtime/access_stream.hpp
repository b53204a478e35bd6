/// The stream `access/main`: who stands in for whom (làm thay khi vắng mặt). Its records are few; the whole
/// table is held in memory, by the sequencer with what is not durable yet, by readers as it is on disk.
#pragma once

#include "engine/cases/substitution.hpp"
#include "engine/core/result.hpp"
#include "engine/ports/event_store.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace motcua::engine {

inline constexpr const char* kSubstitutionSetType = "substitution.set";
inline constexpr const char* kSubstitutionEndedType = "substitution.ended";
[[nodiscard]] StreamId access_stream();

/// The public bytes of the record that sets `substitution`, or ends it.
[[nodiscard]] std::string set_text(const Substitution& substitution);
[[nodiscard]] std::string ended_text(std::uint64_t id);

/// Adds what a record of the stream says; the substitution that it is about. Fault: unknown or malformed.
[[nodiscard]] FaultOr<std::uint64_t> fold_in(Substitutions& table, const Record& record);

/// The substitution that version `version` of the stream is about, as it stood after it.
[[nodiscard]] FaultOr<SubstitutionHandle> read_substitution(const EventStore& store, std::uint64_t version);

/// The table as it grows with its stream. One thread.
class SubstitutionReader {
 public:
  explicit SubstitutionReader(const EventStore& store) : store_(store) {}

  /// The durable table. Reads what is new; an earlier table stays as it was.
  [[nodiscard]] FaultOr<SubstitutionsHandle> read();
  /// Of the stream, as far as it was read.
  [[nodiscard]] std::uint64_t version() const { return version_; }

 private:
  const EventStore& store_;
  std::uint64_t version_ = 0;
  SubstitutionsHandle table_ = std::make_shared<const Substitutions>();
};

}  // namespace motcua::engine

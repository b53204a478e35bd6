#include "engine/runtime/clock_confirmation.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <stdexcept>
#include <utility>

namespace motcua::engine {
namespace {

using nlohmann::json;

constexpr std::array kFaults{ClockFault::jumped, ClockFault::before_last_record,
                             ClockFault::long_after_record};

const char* sentence(ClockFault fault) {
  switch (fault) {
    case ClockFault::jumped:
      return "wall time departs from monotonic time by more than five minutes";
    case ClockFault::before_last_record:
      return "wall time lies before the last record of the log";
    case ClockFault::long_after_record:
      return "wall time at start lies more than seven days after the last record of the log";
  }
  return "";
}

ClockDoubt read_doubt(const json& payload) {
  const auto code = payload.at("fault").get<std::string>();
  const auto fault =
      std::find_if(kFaults.begin(), kFaults.end(), [&](ClockFault each) { return code == name_of(each); });
  if (fault == kFaults.end()) throw std::invalid_argument("unknown fault");
  return {*fault, from_micros(payload.at("expected_at").get<std::int64_t>())};
}

}  // namespace

StreamId system_stream() { return {StreamKind::system, "main"}; }

const char* name_of(ClockFault fault) {
  switch (fault) {
    case ClockFault::jumped:
      return "jumped";
    case ClockFault::before_last_record:
      return "before_last_record";
    case ClockFault::long_after_record:
      return "long_after_record";
  }
  return "";
}

std::string public_text(const ClockConfirmation& confirmation) {
  const auto& reading = confirmation.reading;
  return json{{"expected_at", to_micros(reading.doubt->expected)},
              {"fault", name_of(reading.doubt->fault)},
              {"wall_at", to_micros(reading.now)}}
      .dump();
}

FaultOr<ConfirmationHandle> read_confirmation(const Record& record) {
  if (record.type != kClockConfirmedType || record.type_version != 1) {
    return Fault{"event type " + record.type + " version " + std::to_string(record.type_version) +
                 " of the system is unknown"};
  }
  try {
    const auto payload = json::parse(record.public_bytes);
    auto confirmation = std::make_shared<ClockConfirmation>();
    confirmation->reading = {from_micros(payload.at("wall_at").get<std::int64_t>()), read_doubt(payload)};
    confirmation->confirmed_by = record.actor;
    confirmation->recorded_at = record.recorded_at;
    return ConfirmationHandle{std::move(confirmation)};
  } catch (const std::exception&) {
    return Fault{"a confirmation of the clock is malformed"};
  }
}

FaultOr<ConfirmationHandle> read_confirmation(const EventStore& store, std::uint64_t version) {
  const auto records = store.read_stream(system_stream(), version, version);
  if (!records) return records.error();
  if (records->empty()) return Fault{"a confirmation of the clock is missing"};
  return read_confirmation(records->front());
}

FaultOr<Instant> last_trusted_wall(const EventStore& store) {
  const auto head = store.head().recorded_at;
  const auto records = store.read_stream(system_stream());
  if (!records) return records.error();
  if (records->empty()) return head;
  const auto last = read_confirmation(records->back());
  if (!last) return last.error();
  return (*last)->recorded_at == head ? std::min(head, (*last)->reading.now) : head;
}

std::int64_t deviation_seconds(const ClockReading& reading) {
  return std::chrono::duration_cast<std::chrono::seconds>(reading.now - reading.doubt->expected).count();
}

Rejection clock_suspect(const ClockReading& reading) {
  const auto& doubt = *reading.doubt;
  return {
      RejectionCode::clock_suspect,
      std::string(sentence(doubt.fault)) + "; writes wait until it agrees or an administrator confirms it",
      {{"fault", name_of(doubt.fault)},
       {"wall_time", to_rfc3339(reading.now)},
       {"expected_time", to_rfc3339(doubt.expected)},
       {"deviation_s", deviation_seconds(reading)}}};
}

}  // namespace motcua::engine

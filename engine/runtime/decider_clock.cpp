/// Confirmation of the clock: decided by the same thread as everything that waits for it.
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/rights.hpp"
#include "engine/runtime/decider.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {

Result<std::uint64_t> Decider::next_system_version() {
  if (!system_version_) {
    const auto records = ports_.store.read_stream(system_stream());
    if (!records)
      return Rejection{RejectionCode::not_durable, "the store cannot be read: " + records.error().what};
    system_version_ = records->size();
  }
  return *system_version_ + 1;
}

Result<CommandAnswer> Decider::handle_clock(Group& group, const CommandRequest& request,
                                            const ClockRequest& command, const ClockReading& reading) {
  if (const auto role = check_may_confirm_clock(request.asker); !role) return role.error();
  if (!command.reason) return command.reason.error();
  if (!reading.doubt) return not_allowed("the clock is not in doubt: there is nothing to confirm");
  const auto version = next_system_version();
  if (!version) return version.error();
  const auto confirmation = std::make_shared<const ClockConfirmation>(
      ClockConfirmation{reading, request.asker.sub, std::max(reading.now, last_recorded_)});
  auto record = next_record(system_stream(), *version, kClockConfirmedType, reading.now);
  record.actor = request.asker.sub;
  record.agency = request.asker.agency;
  record.public_bytes = public_text(*confirmation);
  const nlohmann::json said{{"reason", *command.reason}};
  if (const auto sealed = seal_into(group, record, SubjectName("free-text"), said.dump()); !sealed) {
    return sealed.error();
  }
  CommandAnswer answer{{}, {}, confirmation, 200, {}, false};
  remember(group, request, record, answer.status, answer);
  push(group, std::move(record));
  system_version_ = *version;
  // What follows in this group is written with it or not at all.
  ports_.clock.trust(reading);
  return answer;
}

}  // namespace motcua::engine

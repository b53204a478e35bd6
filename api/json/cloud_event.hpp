/// An event of the log as a CloudEvent 1.0 (JSON format), for who follows the log from outside.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/ports/event_store.hpp"

#include <string>
#include <string_view>

namespace motcua::api {

/// `{specversion, id, source, type, subject, time, datacontenttype, data}` in one line. `id` is log id and
/// position, `type` the event's own, `subject` the case id or the code of what was published, `time`
/// recorded_at. `data` has the header's facts, for a case stage, steps and due_at after the event, and the
/// public payload with its instants as RFC 3339. Nothing sealed, nothing personal; search tokens are left
/// out, because equal ones would tell equal names.
[[nodiscard]] std::string cloud_event(std::string_view log_id, const engine::Record& record,
                                      const engine::Case* after);

}  // namespace motcua::api

#include "engine/cases/payload_reader.hpp"

#include <exception>
#include <utility>
#include <variant>

namespace motcua::engine {
namespace {

/// Makes `event` the empty alternative whose type name is `type`.
template <std::size_t Index = 0>
bool become(Event& event, std::string_view type) {
  if constexpr (Index < std::variant_size_v<Event>) {
    constexpr std::string_view kType = std::variant_alternative_t<Index, Event>::kType;
    // Types have the prefix `case.`; most differ in length or in the next letter.
    if (type.size() != kType.size() || type[5] != kType[5] || type != kType)
      return become<Index + 1>(event, type);
    event.emplace<Index>();
    return true;
  } else {
    return false;
  }
}

}  // namespace

FaultOr<void> decode_event_into(Event& event, std::string_view type, std::uint16_t type_version,
                                std::string_view public_bytes) {
  if (type_version != kEventTypeVersion || !become(event, type)) {
    return Fault{"event type " + std::string(type) + " version " + std::to_string(type_version) +
                 " is unknown"};
  }
  try {
    PayloadReader reader(public_bytes);
    std::visit([&](auto& alternative) { reader.get(alternative); }, event);
    reader.demand_end();
  } catch (const std::exception& error) {
    return Fault{"payload of " + std::string(type) + " is malformed: " + error.what()};
  }
  return {};
}

FaultOr<Event> decode_event(std::string_view type, std::uint16_t type_version,
                            std::string_view public_bytes) {
  FaultOr<Event> event = Event{};
  if (const auto read = decode_event_into(*event, type, type_version, public_bytes); !read)
    return read.error();
  return event;
}

}  // namespace motcua::engine

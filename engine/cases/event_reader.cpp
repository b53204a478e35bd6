/// Reads public payloads in one pass over their parsed text; replay spends most of its time here.
#include "engine/cases/event_members.hpp"

#include <exception>
#include <limits>
#include <simdjson.h>
#include <stdexcept>
#include <utility>

namespace motcua::engine {
namespace {

using Value = simdjson::dom::element;

void demand(bool holds, const std::string& what) {
  if (!holds) throw std::invalid_argument(what);
}

/// The members of an object, taken by name in ascending order; whoever knows them all has reached the end.
class Fields {
 public:
  explicit Fields(Value from) : object_(from.get_object().value()), at_(object_.begin()) {}

  [[nodiscard]] std::optional<Value> take(std::string_view name) {
    if (at_ == object_.end() || at_.key() != name) return std::nullopt;
    const auto value = at_.value();
    ++at_;
    return value;
  }
  void demand_end() const {
    if (at_ != object_.end())
      throw std::invalid_argument("unknown or misplaced member " + std::string(at_.key()));
  }

 private:
  simdjson::dom::object object_;
  simdjson::dom::object::iterator at_;
};

struct PayloadReader {
  template <Described T>
  static void get(Value from, T& into) {
    Fields fields(from);
    std::apply([&](const auto&... member) { (get_member(fields, member, into), ...); }, kMembers<T>);
    fields.demand_end();
  }
  template <class Owner, class T>
  static void get_member(Fields& fields, const Member<Owner, T>& member, Owner& into) {
    const auto value = fields.take(member.name);
    if (value) return get(*value, into.*member.at);
    demand(member.optional, "member " + std::string(member.name) + " is absent");
  }

  static void get(Value from, std::string& text) { text = from.get_string().value(); }
  static void get(Value from, bool& value) { value = from.get_bool().value(); }
  static void get(Value from, std::int64_t& number) { number = from.get_int64().value(); }
  static void get(Value from, std::uint64_t& number) { number = from.get_uint64().value(); }
  static void get(Value from, std::uint32_t& number) {
    const auto wide = from.get_uint64().value();
    demand(wide <= std::numeric_limits<std::uint32_t>::max(), "a number is too large");
    number = static_cast<std::uint32_t>(wide);
  }
  static void get(Value from, Instant& at) { at = from_micros(from.get_int64().value()); }
  static void get(Value from, WorkingSeconds& seconds) { seconds.count = from.get_int64().value(); }
  template <class Tag>
  static void get(Value from, TextId<Tag>& id) {
    get(from, id.value);
  }
  static void get(Value from, Digest& digest) {
    const auto read = digest_from_hex(from.get_string().value());
    demand(read.has_value(), "digest is not 64 hexadecimal digits");
    digest = *read;
  }
  template <class Name>
  requires requires(const Name& name) { from_name("", name); }
  static void get(Value from, Name& value) {
    const std::string_view name = from.get_string().value();
    const auto known = from_name(name, value);
    demand(known.has_value(), "unknown name " + std::string(name));
    value = *known;
  }
  static void get(Value from, MissingItem& item) {
    Fields fields(from);
    if (const auto paper = fields.take("paper")) {
      get(*paper, item.paper);
    } else {
      const auto pointer = fields.take("pointer");
      demand(pointer.has_value(), "a missing item names neither a paper nor a pointer");
      get(*pointer, item.pointer);
    }
    fields.demand_end();
  }

  template <class T>
  static void get(Value from, std::optional<T>& value) {
    get(from, value.emplace());
  }
  template <class T>
  static void get(Value from, std::vector<T>& list) {
    const simdjson::dom::array array = from.get_array();
    list.reserve(array.size());
    for (const auto item : array) get(item, list.emplace_back());
  }
  template <class Key, class T>
  static void get(Value from, std::map<Key, T>& map) {
    const simdjson::dom::object object = from.get_object();
    for (const auto field : object) {
      get(field.value, map.emplace_hint(map.end(), Key(std::string(field.key)), T{})->second);
    }
  }
};

/// The empty alternative whose type name is `type`.
template <std::size_t Index = 0>
std::optional<Event> empty_event(std::string_view type) {
  if constexpr (Index < std::variant_size_v<Event>) {
    using Alternative = std::variant_alternative_t<Index, Event>;
    if (Alternative::kType == type) return Event{Alternative{}};
    return empty_event<Index + 1>(type);
  } else {
    return std::nullopt;
  }
}

}  // namespace

FaultOr<Event> decode_event(std::string_view type, std::uint16_t type_version,
                            std::string_view public_bytes) {
  auto event = empty_event(type);
  if (!event || type_version != kEventTypeVersion) {
    return Fault{"event type " + std::string(type) + " version " + std::to_string(type_version) +
                 " is unknown"};
  }
  thread_local simdjson::dom::parser parser;
  try {
    const Value payload = parser.parse(public_bytes.data(), public_bytes.size());
    std::visit([&](auto& alternative) { PayloadReader::get(payload, alternative); }, *event);
  } catch (const std::exception& error) {
    return Fault{"payload of " + std::string(type) + " is malformed: " + error.what()};
  }
  return *std::move(event);
}

}  // namespace motcua::engine

// Public payloads of events: any bytes are refused or are an event; what was read is written canonically,
// folds into any case and gives rows that are read back.
#include "engine/cases/event.hpp"

#include "engine/cases/rows.hpp"
#include "tests/fuzz/target.hpp"

#include <utility>
#include <vector>

namespace motcua::fuzz {
namespace {

using engine::Case;
using engine::Event;

template <std::size_t... Index>
std::vector<std::string_view> types_of(std::index_sequence<Index...>) {
  return {std::variant_alternative_t<Index, Event>::kType...};
}

void fold(const Event& event) {
  engine::EventMeta meta;
  meta.case_id.bytes = {1, 2, 3};
  meta.version = 7;
  meta.actor = engine::ActorId("officer-1");
  const Case once = engine::evolve(Case{}, event, meta);
  const Case twice = engine::evolve(once, event, meta);
  for (const Case& current : {once, twice}) {
    promise(current.version == meta.version, "a case has the version of its last event");
    const auto rows = engine::rows(current);
    promise(std::is_sorted(rows.begin(), rows.end()), "rows are ascending");
    std::map<std::string, std::int64_t> counters;
    const bool changed =
        !engine::difference(rows, rows, counters).empty() ||
        std::any_of(counters.begin(), counters.end(), [](const auto& each) { return each.second != 0; });
    promise(!changed, "the same rows differ in nothing");
  }
}

}  // namespace

void try_input(std::string_view input) {
  static const auto types = types_of(std::make_index_sequence<std::variant_size_v<Event>>());
  Values values(input);
  const auto type = types[values.byte() % types.size()];
  const auto read = engine::decode_event(type, engine::kEventTypeVersion, values.rest());
  if (!read) {
    promise(read.error().what.find(type) != std::string::npos, "a refusal names the type");
    return;
  }
  promise(engine::type_of(*read) == type, "an event has the type it was read as");
  const auto written = engine::encode(*read);
  const auto again = engine::decode_event(type, engine::kEventTypeVersion, written);
  promise(again && *again == *read, "an event is read back as written");
  promise(engine::encode(*again) == written, "an event has one canonical text");
  fold(*read);
}

}  // namespace motcua::fuzz

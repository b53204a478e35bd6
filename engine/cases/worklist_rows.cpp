#include "engine/cases/worklist_rows.hpp"

#include "engine/cases/row_keys.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace motcua::engine {
namespace {

/// One place in which a case waits.
struct Place {
  AgencyId agency{};
  Queue queue{};
  StepName step{};
  Bucket bucket = Bucket::no_limit;
  std::uint64_t rank = 0;  ///< of a running or paused bucket
};

void set_rank(Place& place, const Due& due) {
  if (due.due_at) {
    place.bucket = Bucket::running;
    place.rank = static_cast<std::uint64_t>(to_micros(*due.due_at));
  } else if (due.remaining) {
    place.bucket = Bucket::paused;
    place.rank = static_cast<std::uint64_t>(due.remaining->count);
  }
}

void add_office_places(const Case& current, std::vector<Place>& list) {
  switch (current.stage) {
    case Stage::registered:
      list.push_back({current.received_by, Queue::reception, {}});
      return;
    case Stage::resolved:
      list.push_back({current.received_by, Queue::return_, {}});
      return;
    case Stage::awaiting_supplement:
      if (current.clock.state == ClockState::not_started) {
        list.push_back({current.received_by, Queue::reception, {}});
        return;
      }
      break;
    case Stage::received:
    case Stage::in_process:
    case Stage::awaiting_payment:
      break;
    case Stage::not_received:
    case Stage::withdrawn:
    case Stage::stopped:
    case Stage::returned:
      return;
  }
  for (std::size_t i = 0; i < current.steps.size(); ++i) {
    const bool signing = i < current.step_roles.size() && current.step_roles[i] == "signatory";
    list.push_back({current.competent, signing ? Queue::signing : Queue::processing, current.steps[i]});
  }
}

std::vector<Place> places(const Case& current) {
  std::vector<Place> list;
  add_office_places(current, list);
  for (auto& place : list) set_rank(place, current.due);
  const bool ended = is_final(current.stage) || current.stage == Stage::resolved;
  for (const auto& asked : current.consultations) {
    if (ended || asked.answered_at) continue;
    list.push_back({asked.agency, Queue::consultation, {}});
    set_rank(list.back(), Due{{}, asked.due_at, {}});
  }
  return list;
}

constexpr char kSeparator = '\x1f';  // no code, role or identifier of ours has control characters

/// Fields in a fixed order, each ended by kSeparator; flags follow. The first three are what is counted.
enum Field : std::size_t {
  kStage,
  kProcedure,
  kStep,
  kProcedureVersion,
  kCode,
  kVersion,
  kAssignee,
  kStepDue,
  kFields
};
constexpr std::size_t kCountedFields = 3;

const ActorId* holder(const Case& current, const Place& place) {
  const auto held = current.assignees.find(place.step);
  return held == current.assignees.end() ? nullptr : &held->second;
}

std::string value_of(const Case& current, const Place& place) {
  std::string value;
  value.reserve(128);
  const auto add = [&](std::string_view field) {
    value.append(field);
    value.push_back(kSeparator);
  };
  add(name_of(current.stage));
  add(current.pins.procedure.value);
  add(place.step.value);
  add(std::to_string(current.pins.procedure_version));
  add(current.codes.empty() ? std::string_view() : current.codes.front().code);
  add(std::to_string(current.version));
  const auto* officer = holder(current, place);
  add(officer == nullptr ? std::string_view() : officer->value);
  const auto step_due = current.step_due.find(place.step);
  add(step_due == current.step_due.end() ? std::string() : std::to_string(to_micros(step_due->second)));
  for (const auto& flag : current.flags) add(flag);
  return value;
}

/// The fields of a value; none if it is no worklist row's.
std::vector<std::string_view> fields_of(std::string_view value) {
  std::vector<std::string_view> fields;
  while (!value.empty()) {
    const auto end = value.find(kSeparator);
    if (end == std::string_view::npos) return {};
    fields.push_back(value.substr(0, end));
    value.remove_prefix(end + 1);
  }
  if (fields.size() < kFields) fields.clear();
  return fields;
}

std::string_view counted_part(std::string_view value) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < kCountedFields && end != std::string_view::npos; ++i) {
    end = value.find(kSeparator, end == 0 ? 0 : end + 1);
  }
  return value.substr(0, end);
}

/// A whole number of decimal digits; 0 for anything else.
std::uint64_t number_of(std::string_view digits) {
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::string tail_of(const Case& current, const Place& place, std::size_t ordinal) {
  std::string tail(1, static_cast<char>(place.bucket));
  if (place.bucket != Bucket::no_limit) append_be64(tail, place.rank);
  append_be64(tail, static_cast<std::uint64_t>(to_micros(current.created_at)));
  tail.append(bytes_of(current.id));
  tail.push_back(static_cast<char>(ordinal));
  return tail;
}

/// Agency and queue of the row of a whole queue, and its tail.
struct QueueKey {
  std::string_view agency{};
  Queue queue{};
  std::string_view tail{};
};

std::optional<QueueKey> read_queue_key(std::string_view key) {
  if (key.empty() || key.front() != static_cast<char>(RowTable::worklist)) return std::nullopt;
  key.remove_prefix(1);
  QueueKey read;
  if (!take_sized(key, read.agency) || key.empty()) return std::nullopt;
  read.queue = static_cast<Queue>(key.front());
  read.tail = key.substr(1);
  if (!is_lane_tail(read.tail)) return std::nullopt;
  return read;
}

void append_day(std::string& key, LocalDay day) {
  const auto number = static_cast<std::uint32_t>(day.time_since_epoch().count());
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>(number >> shift & 0xFFU));
}

std::string counters_prefix(const Lane& lane, char kind) {
  auto key = table_key(RowTable::counter);
  append_sized(key, lane.agency.value);
  key.push_back(static_cast<char>(lane.queue));
  append_sized(key, lane.procedure.value);
  append_sized(key, lane.step.value);
  key.push_back(kind);
  return key;
}

}  // namespace

const std::vector<Queue>& all_queues() {
  static const std::vector<Queue> kQueues{Queue::reception, Queue::processing, Queue::signing, Queue::return_,
                                          Queue::consultation};
  return kQueues;
}

std::string_view name_of(Queue queue) {
  switch (queue) {
    case Queue::reception:
      return "reception";
    case Queue::processing:
      return "processing";
    case Queue::signing:
      return "signing";
    case Queue::return_:
      return "return";
    case Queue::consultation:
      return "consultation";
  }
  return {};
}

std::string_view name_of(Bucket bucket) {
  switch (bucket) {
    case Bucket::running:
      return "running";
    case Bucket::paused:
      return "paused";
    case Bucket::no_limit:
      return "no_limit";
  }
  return {};
}

std::optional<Queue> queue_from(std::string_view name) {
  for (const auto queue : all_queues()) {
    if (name_of(queue) == name) return queue;
  }
  return std::nullopt;
}

std::optional<Bucket> bucket_from(std::string_view name) {
  for (const auto bucket : {Bucket::running, Bucket::paused, Bucket::no_limit}) {
    if (name_of(bucket) == name) return bucket;
  }
  return std::nullopt;
}

std::string lane_prefix(const Lane& lane) {
  const bool of_officer = !lane.officer.empty();
  const bool of_step = !lane.step.empty();
  auto key = table_key(of_officer ? RowTable::officer_lane
                       : of_step  ? RowTable::step_lane
                                  : RowTable::worklist);
  append_sized(key, lane.agency.value);
  key.push_back(static_cast<char>(lane.queue));
  if (of_officer) {
    append_sized(key, lane.officer.value);
  } else if (of_step) {
    append_sized(key, lane.procedure.value);
    append_sized(key, lane.step.value);
  }
  return key;
}

std::string lane_prefix(const Lane& lane, Bucket bucket) {
  auto key = lane_prefix(lane);
  key.push_back(static_cast<char>(bucket));
  return key;
}

std::string lane_bound(const Lane& lane, Instant due) {
  auto key = lane_prefix(lane, Bucket::running);
  append_be64(key, static_cast<std::uint64_t>(to_micros(due)));
  return key;
}

bool is_lane_tail(std::string_view tail) {
  if (tail.empty()) return false;
  const auto bucket = static_cast<Bucket>(tail.front());
  if (name_of(bucket).empty()) return false;
  const auto rank = bucket == Bucket::no_limit ? 0 : kNumberBytes;
  return tail.size() == 1 + rank + kNumberBytes + kIdBytes + 1;
}

std::optional<Instant> due_in_tail(std::string_view tail) {
  if (!is_lane_tail(tail) || tail.front() != static_cast<char>(Bucket::running)) return std::nullopt;
  return from_micros(static_cast<std::int64_t>(read_be64(tail.substr(1))));
}

void add_worklist_rows(const Case& current, std::vector<Row>& list) {
  const auto waiting = places(current);
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    const auto& place = waiting[i];
    const auto tail = tail_of(current, place, i);
    list.push_back({lane_prefix({place.agency, place.queue, {}, {}, {}}) + tail, value_of(current, place)});
    if (const auto* officer = holder(current, place)) {
      list.push_back({lane_prefix({place.agency, place.queue, *officer, {}, {}}) + tail, {}});
    }
    if (!place.step.empty()) {
      list.push_back(
          {lane_prefix({place.agency, place.queue, {}, current.pins.procedure, place.step}) + tail, {}});
    }
  }
}

std::optional<WorklistItem> read_worklist_row(const Row& row) {
  const auto key = read_queue_key(row.key);
  if (!key) return std::nullopt;
  const auto fields = fields_of(row.value);
  if (fields.empty()) return std::nullopt;
  WorklistItem item;
  item.queue = key->queue;
  auto tail = key->tail;
  item.bucket = static_cast<Bucket>(tail.front());
  item.due_at = due_in_tail(tail);
  tail.remove_prefix(1);
  if (item.bucket == Bucket::paused) item.remaining = static_cast<std::int64_t>(read_be64(tail));
  if (item.bucket != Bucket::no_limit) tail.remove_prefix(kNumberBytes);
  item.filed_at = from_micros(static_cast<std::int64_t>(read_be64(tail)));
  tail.remove_prefix(kNumberBytes);
  std::copy_n(tail.begin(), kIdBytes, item.id.bytes.begin());
  item.stage = fields[kStage];
  item.procedure.value = fields[kProcedure];
  item.step = fields[kStep];
  item.procedure_version = static_cast<std::int64_t>(number_of(fields[kProcedureVersion]));
  item.code = fields[kCode];
  item.version = number_of(fields[kVersion]);
  item.assignee = fields[kAssignee];
  if (!fields[kStepDue].empty())
    item.step_due = from_micros(static_cast<std::int64_t>(number_of(fields[kStepDue])));
  item.flags.assign(fields.begin() + kFields, fields.end());
  return item;
}

std::vector<std::string> counters_of(const Row& row) {
  const auto key = read_queue_key(row.key);
  if (!key) return {};
  const auto fields = fields_of(row.value);
  if (fields.empty()) return {};
  std::vector<std::string> counters;
  const auto due = due_in_tail(key->tail);
  const auto add = [&](const Lane& lane) {
    counters.push_back(stage_counters(lane).append(fields[kStage]));
    if (!due) return;
    counters.push_back(day_counters(lane));
    append_day(counters.back(), local_day(*due));
  };
  Lane lane{AgencyId(std::string(key->agency)), key->queue, {}, {}, {}};
  add(lane);
  if (fields[kStep].empty()) return counters;
  lane.procedure.value = fields[kProcedure];
  lane.step.value = fields[kStep];
  add(lane);
  return counters;
}

bool counts_alike(const Row& left, const Row& right) {
  return left.key == right.key && counted_part(left.value) == counted_part(right.value);
}

std::string stage_counters(const Lane& lane) { return counters_prefix(lane, 's'); }
std::string day_counters(const Lane& lane) { return counters_prefix(lane, 'd'); }

LocalDay day_of_counter(std::string_view rest) {
  std::uint32_t number = 0;
  for (const char byte : rest) number = number << 8U | static_cast<unsigned char>(byte);
  return LocalDay{std::chrono::days{number}};
}

std::string encode_counter(std::int64_t count) {
  std::string value;
  append_be64(value, static_cast<std::uint64_t>(count));
  return value;
}

std::int64_t decode_counter(std::string_view value) { return static_cast<std::int64_t>(read_be64(value)); }

}  // namespace motcua::engine

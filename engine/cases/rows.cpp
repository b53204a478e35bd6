#include "engine/cases/rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <iterator>
#include <utility>

namespace motcua::engine {
namespace {

constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kNumberBytes = 8;

void append_be64(std::string& key, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(value >> shift & 0xFFU));
}

std::uint64_t read_be64(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes.substr(0, 8)) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::string table_key(RowTable table) { return std::string(1, static_cast<char>(table)); }

void append_sized(std::string& key, std::string_view text) {
  key.push_back(static_cast<char>(text.size()));
  key.append(text);
}

std::string_view bytes_of(const CaseId& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

/// One place in which a case waits: an agency's queue, and the step if there is one.
struct Place {
  AgencyId agency{};
  Queue queue{};
  StepName step{};
};

std::vector<Place> places(const Case& current) {
  switch (current.stage) {
    case Stage::registered:
      return {{current.received_by, Queue::reception, {}}};
    case Stage::resolved:
      return {{current.received_by, Queue::return_, {}}};
    case Stage::awaiting_supplement:
      if (current.clock.state == ClockState::not_started)
        return {{current.received_by, Queue::reception, {}}};
      break;
    case Stage::received:
    case Stage::in_process:
    case Stage::awaiting_payment:
      break;
    case Stage::not_received:
    case Stage::withdrawn:
    case Stage::stopped:
    case Stage::returned:
      return {};
  }
  std::vector<Place> list;
  for (std::size_t i = 0; i < current.steps.size(); ++i) {
    const bool signing = i < current.step_roles.size() && current.step_roles[i] == "signatory";
    list.push_back({current.competent, signing ? Queue::signing : Queue::processing, current.steps[i]});
  }
  return list;
}

Bucket bucket_of(const Case& current) {
  if (current.due.due_at) return Bucket::running;
  return current.due.remaining ? Bucket::paused : Bucket::no_limit;
}

constexpr char kSeparator = '\x1f';  // no code, role or identifier of ours has control characters

/// Fields in a fixed order, each ended by kSeparator: code, procedure, its version, stage, version, step,
/// assignee, flags.
std::string value_of(const Case& current, const Place& place) {
  std::string value;
  value.reserve(128);
  const auto add = [&](std::string_view field) {
    value.append(field);
    value.push_back(kSeparator);
  };
  add(current.codes.empty() ? std::string_view() : current.codes.front().code);
  add(current.pins.procedure.value);
  add(std::to_string(current.pins.procedure_version));
  add(name_of(current.stage));
  add(std::to_string(current.version));
  add(place.step.value);
  const auto held = current.assignees.find(place.step);
  add(held == current.assignees.end() ? std::string_view() : held->second.value);
  for (const auto& flag : current.flags) add(flag);
  return value;
}

/// The fields of a value; fewer than seven make no worklist row.
std::vector<std::string> fields_of(std::string_view value) {
  std::vector<std::string> fields;
  while (!value.empty()) {
    const auto end = value.find(kSeparator);
    if (end == std::string_view::npos) return {};
    fields.emplace_back(value.substr(0, end));
    value.remove_prefix(end + 1);
  }
  return fields;
}

/// A whole number of decimal digits; 0 for anything else.
std::uint64_t number_of(const std::string& digits) {
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

CaseRow worklist_row(const Case& current, const Place& place, std::size_t ordinal) {
  const auto bucket = bucket_of(current);
  CaseRow row;
  row.row.key = worklist_prefix(place.agency, place.queue, bucket);
  if (bucket == Bucket::running)
    append_be64(row.row.key, static_cast<std::uint64_t>(to_micros(*current.due.due_at)));
  if (bucket == Bucket::paused)
    append_be64(row.row.key, static_cast<std::uint64_t>(current.due.remaining->count));
  append_be64(row.row.key, static_cast<std::uint64_t>(to_micros(current.created_at)));
  row.row.key.append(bytes_of(current.id));
  row.row.key.push_back(static_cast<char>(ordinal));
  row.row.value = value_of(current, place);
  row.counter_key = counter_prefix(place.agency);
  row.counter_key.push_back(static_cast<char>(place.queue));
  row.counter_key.append(name_of(current.stage));
  return row;
}

CaseRow timer_row(const Case& current, const CaseTimer& timer) {
  CaseRow row;
  row.row.key = table_key(RowTable::timer);
  append_be64(row.row.key, static_cast<std::uint64_t>(to_micros(timer.due_at)));
  row.row.key.append(bytes_of(current.id));
  row.row.key.append(timer.kind);
  return row;
}

/// The value is empty: everything that the worker needs stands in the key and in the case.
CaseRow effect_row(const Case& current, const OpenEffect& effect) {
  CaseRow row;
  row.row.key = effect_prefix();
  append_be64(row.row.key,
              static_cast<std::uint64_t>(to_micros(current.due.due_at.value_or(effect.requested_at))));
  row.row.key.append(bytes_of(current.id));
  append_be64(row.row.key, effect.ref.version);
  append_be64(row.row.key, effect.ref.ordinal);
  return row;
}

}  // namespace

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
  for (const auto queue : {Queue::reception, Queue::processing, Queue::signing, Queue::return_}) {
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

std::vector<CaseRow> rows(const Case& current) {
  std::vector<CaseRow> list;
  if (current.version == 0) return list;
  const auto waiting = places(current);
  for (std::size_t i = 0; i < waiting.size(); ++i) list.push_back(worklist_row(current, waiting[i], i));
  for (const auto& timer : current.timers) list.push_back(timer_row(current, timer));
  for (const auto& effect : current.effects) list.push_back(effect_row(current, effect));
  for (const auto& code : current.codes) {
    if (auto key = case_code_key(code.code))
      list.push_back({{*std::move(key), std::string(bytes_of(current.id))}, {}});
  }
  std::sort(list.begin(), list.end());
  return list;
}

std::vector<RowChange> difference(const std::vector<CaseRow>& before, const std::vector<CaseRow>& after,
                                  std::map<std::string, std::int64_t>& counters) {
  std::vector<RowChange> changes;
  for (const auto& old : before) {
    if (!old.counter_key.empty()) counters[old.counter_key] -= 1;
    const bool kept = std::any_of(after.begin(), after.end(),
                                  [&](const CaseRow& row) { return row.row.key == old.row.key; });
    if (!kept) changes.push_back({old.row.key, std::nullopt});
  }
  for (const auto& row : after) {
    if (!row.counter_key.empty()) counters[row.counter_key] += 1;
    const bool same =
        std::any_of(before.begin(), before.end(), [&](const CaseRow& old) { return old.row == row.row; });
    if (!same) changes.push_back({row.row.key, row.row.value});
  }
  return changes;
}

std::string worklist_prefix(const AgencyId& agency, Queue queue) {
  auto key = table_key(RowTable::worklist);
  append_sized(key, agency.value);
  key.push_back(static_cast<char>(queue));
  return key;
}

std::string worklist_prefix(const AgencyId& agency, Queue queue, Bucket bucket) {
  auto key = worklist_prefix(agency, queue);
  key.push_back(static_cast<char>(bucket));
  return key;
}

std::string counter_prefix(const AgencyId& agency) {
  auto key = table_key(RowTable::counter);
  append_sized(key, agency.value);
  return key;
}

std::string timer_prefix() { return table_key(RowTable::timer); }

std::optional<TimerItem> read_timer_row(const Row& row) {
  std::string_view key = row.key;
  if (key.size() <= 1 + kNumberBytes + kIdBytes || !key.starts_with(timer_prefix())) return std::nullopt;
  key.remove_prefix(1);
  TimerItem item;
  item.due_at = from_micros(static_cast<std::int64_t>(read_be64(key)));
  key.remove_prefix(kNumberBytes);
  std::copy_n(key.begin(), kIdBytes, item.id.bytes.begin());
  item.kind = key.substr(kIdBytes);
  return item;
}

std::string effect_prefix() { return table_key(RowTable::effect); }

std::optional<EffectItem> read_effect_row(const Row& row) {
  std::string_view key = row.key;
  if (key.size() != 1 + 3 * kNumberBytes + kIdBytes || !key.starts_with(effect_prefix())) return std::nullopt;
  key.remove_prefix(1 + kNumberBytes);
  EffectItem item;
  std::copy_n(key.begin(), kIdBytes, item.id.bytes.begin());
  key.remove_prefix(kIdBytes);
  item.ref.version = read_be64(key);
  item.ref.ordinal = static_cast<std::uint32_t>(read_be64(key.substr(kNumberBytes)));
  return item;
}

std::string encode_counter(std::int64_t count) {
  std::string value;
  append_be64(value, static_cast<std::uint64_t>(count));
  return value;
}

std::int64_t decode_counter(std::string_view value) { return static_cast<std::int64_t>(read_be64(value)); }

std::optional<WorklistItem> read_worklist_row(const Row& row) {
  std::string_view key = row.key;
  if (key.size() < 2 || key[0] != static_cast<char>(RowTable::worklist)) return std::nullopt;
  key.remove_prefix(std::min<std::size_t>(2 + static_cast<unsigned char>(key[1]), key.size()));
  if (key.size() < 2 + kNumberBytes + kIdBytes + 1) return std::nullopt;
  WorklistItem item;
  item.queue = static_cast<Queue>(key[0]);
  item.bucket = static_cast<Bucket>(key[1]);
  key.remove_prefix(2);
  if (item.bucket == Bucket::running) item.due_at = from_micros(static_cast<std::int64_t>(read_be64(key)));
  if (item.bucket == Bucket::paused) item.remaining = static_cast<std::int64_t>(read_be64(key));
  if (item.bucket != Bucket::no_limit) key.remove_prefix(kNumberBytes);
  if (key.size() != kNumberBytes + kIdBytes + 1) return std::nullopt;
  item.filed_at = from_micros(static_cast<std::int64_t>(read_be64(key)));
  key.remove_prefix(kNumberBytes);
  std::copy_n(key.begin(), kIdBytes, item.id.bytes.begin());
  auto fields = fields_of(row.value);
  if (fields.size() < 7) return std::nullopt;
  item.code = std::move(fields[0]);
  item.procedure = ProcedureCode(std::move(fields[1]));
  item.procedure_version = static_cast<std::int64_t>(number_of(fields[2]));
  item.stage = std::move(fields[3]);
  item.version = number_of(fields[4]);
  item.step = std::move(fields[5]);
  item.assignee = std::move(fields[6]);
  item.flags.assign(std::make_move_iterator(fields.begin() + 7), std::make_move_iterator(fields.end()));
  return item;
}

std::string case_code(const std::string& prefix, LocalDay day, std::uint64_t number) {
  const std::chrono::year_month_day date{day};
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "-%02d%02u%02u-%04llu", static_cast<int>(date.year()) % 100,
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<unsigned long long>(number));
  return prefix + text.data();
}

std::optional<std::string> case_code_key(std::string_view code) {
  const auto last = code.rfind('-');
  if (code.size() > 128 || last == std::string_view::npos || last < 8 || code[last - 7] != '-')
    return std::nullopt;
  const auto digits = code.substr(last + 1);
  const auto day = code.substr(last - 6, 6);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digits.size() < 4 || digits.size() > 18 || !std::all_of(digits.begin(), digits.end(), is_digit))
    return std::nullopt;
  if (!std::all_of(day.begin(), day.end(), is_digit)) return std::nullopt;
  if (digits.size() > 4 && digits.front() == '0') return std::nullopt;
  auto key = table_key(RowTable::case_code);
  append_sized(key, code.substr(0, last - 7));
  key.append(day);
  append_be64(key, std::stoull(std::string(digits)));
  return key;
}

std::string case_code_prefix(const std::string& prefix, LocalDay day) {
  auto key = *case_code_key(case_code(prefix, day, 0));
  key.resize(key.size() - kNumberBytes);
  return key;
}

std::uint64_t case_code_number(std::string_view key) {
  return read_be64(key.substr(key.size() - kNumberBytes));
}

}  // namespace motcua::engine

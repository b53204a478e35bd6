/// What the store holds, against the model.
#include "engine/cases/rows.hpp"
#include "engine/runtime/views.hpp"
#include "tests/simulation/differences.hpp"
#include "tests/simulation/judge.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <tuple>

namespace motcua::simulation {

using engine::Bucket;
using engine::Queue;
using model::WorkItem;

namespace {

constexpr std::size_t kAll = 1'000'000;

const std::map<std::string, std::string>& types_of_commands() {
  static const std::map<std::string, std::string> kTypes{
      {"file", "case.filed"},
      {"receive", "case.received"},
      {"refuse_reception", "case.reception_refused"},
      {"request_supplement", "case.supplement_requested"},
      {"supply", "case.supplied"},
      {"assign", "case.step_assigned"},
      {"claim", "case.step_claimed"},
      {"release", "case.step_released"},
      {"delegate", "case.step_delegated"},
      {"consult", "case.consulted"},
      {"acknowledge_consultation", "case.consultation_acknowledged"},
      {"answer_consultation", "case.consultation_answered"},
      {"step", "case.step_taken"},
      {"withdraw", "case.withdrawn"},
      {"stop", "case.stopped"},
      {"resolve", "case.resolved"},
      {"return_result", "case.result_returned"},
      {"correct", "case.corrected"},
      {"note", "case.noted"},
      {"pause", "case.paused"},
      {"resume", "case.resumed"},
      {"extend", "case.extended"},
      {"timer", "case.timer_fired"},
      {"failure", "case.lookup_unavailable"}};
  return kTypes;
}

bool is_type_of(const std::string& type, const std::string& command) {
  if (command == "answer") return type == "case.lookup_answered" || type == "case.answer_ignored";
  const auto found = types_of_commands().find(command);
  return found != types_of_commands().end() && found->second == type;
}

std::vector<engine::Row> rows_below(const FaultyStore& store, const std::string& prefix) {
  auto rows = store.read_rows(prefix, {}, kAll);
  if (!rows) throw Discrepancy{"rows cannot be read: " + rows.error().what, ""};
  return *std::move(rows);
}

WorkItem item_of(const engine::Row& row, const std::string& agency) {
  const auto read = engine::read_worklist_row(row);
  if (!read) throw Discrepancy{"a worklist row cannot be read", ""};
  const std::int64_t rank = read->due_at ? engine::to_micros(*read->due_at) : read->remaining.value_or(0);
  return {agency,
          std::string(name_of(read->queue)),
          std::string(name_of(read->bucket)),
          rank,
          engine::to_micros(read->filed_at),
          engine::to_text(read->id),
          read->code,
          read->stage,
          read->step,
          read->assignee,
          read->version,
          {read->flags.begin(), read->flags.end()}};
}

std::string text_of(const WorkItem& item) {
  return item.agency + ' ' + item.queue + ' ' + item.bucket + ' ' + std::to_string(item.rank) + ' ' +
         item.case_id + ' ' + item.stage + ' ' + item.step + ' ' + item.assignee + " version " +
         std::to_string(item.version);
}

}  // namespace

void Judge::log() {
  std::vector<engine::LogEntry> entries;
  const auto scanned = engine_.store().scan_log(position_ + 1, [&](const engine::LogEntry& entry) {
    entries.push_back(entry);
    return true;
  });
  if (!scanned) throw Discrepancy{"the log cannot be read", ""};
  for (const auto& entry : entries) {
    if (expected_.empty()) throw Discrepancy{"the log holds a record that nobody asked for", ""};
    const auto expected = expected_.front();
    expected_.pop_front();
    record(entry, expected);
    position_ = entry.position;
    leaves_.push_back(entry.leaf);
  }
  if (!expected_.empty()) {
    throw Discrepancy{"an acknowledged " + expected_.front().command + " is not in the log",
                      expected_.front().case_id};
  }
  book_.settled();
}

void Judge::record(const engine::LogEntry& entry, const Expected& expected) {
  const auto id = engine::to_text(engine::case_of(entry.stream));
  if (entry.position != position_ + 1) throw Discrepancy{"a position is missing in the log", id};
  const bool is_case = expected.kind == engine::StreamKind::case_;
  if (entry.stream.kind != expected.kind || entry.version != expected.version ||
      (is_case && id != expected.case_id)) {
    throw Discrepancy{"the log holds another record than the one that was acknowledged", expected.case_id};
  }
  const auto records = engine_.store().read_stream(entry.stream, entry.version, entry.version);
  if (!records || records->size() != 1) throw Discrepancy{"a record of the log cannot be read", id};
  const auto& record = records->front();
  if (is_case && !is_type_of(record.type, expected.command)) {
    throw Discrepancy{"a " + expected.command + " was recorded as " + record.type, id};
  }
  if (is_case && record.actor.value != expected.actor) throw Discrepancy{"recorded for somebody else", id};
  const auto recorded_at = engine::to_micros(record.recorded_at);
  if (recorded_at != expected.recorded_at || engine::to_micros(record.occurred_at) != expected.now) {
    throw Discrepancy{"recorded at " + engine::to_rfc3339(record.recorded_at) + ", and not at " +
                          engine::to_rfc3339(engine::from_micros(expected.recorded_at)),
                      id};
  }
  const auto text = std::to_string(record.position) + record.stream.id + std::to_string(record.version) +
                    record.type + std::to_string(recorded_at) + record.actor.value + record.agency.value +
                    engine::to_hex(record.command_id) + record.cause + record.public_bytes;
  for (const char byte : text) hash_ = (hash_ ^ static_cast<unsigned char>(byte)) * 1099511628211ULL;
}

std::string Judge::log_hash() const {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash_));
  return text.data();
}

void Judge::rows() {
  worklists();
  counters();
  lanes();
  timers_and_effects();
  ++statistics_.checks["rows against the model"];
}

void Judge::worklists() {
  tails_.clear();
  using Place = std::tuple<std::string, Queue, Bucket>;
  std::map<Place, std::vector<WorkItem>> wanted;
  std::size_t count = 0;
  for (const auto& [id, current] : book_.cases()) {
    for (const auto& item : book_.work_items(current)) {
      wanted[{item.agency, *engine::queue_from(item.queue), *engine::bucket_from(item.bucket)}].push_back(
          item);
      ++count;
    }
  }
  for (auto& [place, items] : wanted) {
    std::sort(items.begin(), items.end(), [](const WorkItem& left, const WorkItem& right) {
      return std::tie(left.rank, left.filed_at, left.case_id) <
             std::tie(right.rank, right.filed_at, right.case_id);
    });
    const auto& [agency, queue, bucket] = place;
    const auto lane = engine::lane_prefix({engine::AgencyId(agency), queue, {}, {}, {}});
    const auto found = rows_below(engine_.store(),
                                  engine::lane_prefix({engine::AgencyId(agency), queue, {}, {}, {}}, bucket));
    for (std::size_t i = 0; i < std::max(found.size(), items.size()); ++i) {
      const auto actual = i < found.size() ? item_of(found[i], agency) : WorkItem{};
      const auto expected = i < items.size() ? items[i] : WorkItem{};
      if (i < found.size() && !actual.step.empty()) tails_[actual.case_id] = found[i].key.substr(lane.size());
      if (actual != expected) {
        throw Discrepancy{"a worklist differs: the model says\n  " + text_of(expected) + "\nthe engine\n  " +
                              text_of(actual),
                          expected.case_id.empty() ? actual.case_id : expected.case_id};
      }
    }
  }
  const std::string table(1, static_cast<char>(engine::RowTable::worklist));
  if (rows_below(engine_.store(), table).size() != count)
    throw Discrepancy{"a worklist holds a stale row", ""};
}

namespace {

/// Adds one waiting case to the counters that it must be counted in.
void count_item(const WorkItem& item, const std::string& procedure,
                std::map<std::string, std::int64_t>& wanted) {
  const engine::AgencyId agency(item.agency);
  std::vector<engine::Lane> lanes{{agency, *engine::queue_from(item.queue), {}, {}, {}}};
  if (!item.step.empty()) {
    lanes.push_back(
        {agency, lanes.front().queue, {}, engine::ProcedureCode(procedure), engine::StepName(item.step)});
  }
  for (const auto& lane : lanes) {
    wanted[engine::stage_counters(lane) + item.stage] += 1;
    if (item.bucket != "running") continue;
    auto key = engine::day_counters(lane);
    const auto day = engine::local_day(engine::from_micros(item.rank)).time_since_epoch().count();
    for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>(day >> shift & 0xFF));
    wanted[key] += 1;
  }
}

}  // namespace

/// Counters are those of the model's own worklists: by stage, and by the day on which a running case is due,
/// of the queue and of the step.
void Judge::counters() {
  std::map<std::string, std::int64_t> wanted;
  for (const auto& [id, current] : book_.cases()) {
    for (const auto& item : book_.work_items(current)) count_item(item, current.procedure, wanted);
  }
  std::map<std::string, std::int64_t> found;
  const std::string table(1, static_cast<char>(engine::RowTable::counter));
  for (const auto& row : rows_below(engine_.store(), table))
    found[row.key] = engine::decode_counter(row.value);
  if (wanted != found) throw Discrepancy{"a counter differs", ""};
}

/// Narrower lanes lead to exactly the model's items of that officer and that step.
void Judge::lanes() {
  std::set<std::string> wanted;
  for (const auto& [id, current] : book_.cases()) {
    const auto item = book_.work_item(current);
    if (!item || item->step.empty()) continue;
    const engine::Lane queue{engine::AgencyId(item->agency), *engine::queue_from(item->queue), {}, {}, {}};
    const auto tail = tails_.at(id);
    auto lane = queue;
    lane.procedure = engine::ProcedureCode(current.procedure);
    lane.step = engine::StepName(item->step);
    wanted.insert(engine::lane_prefix(lane) + tail);
    if (item->assignee.empty()) continue;
    lane = queue;
    lane.officer = engine::ActorId(item->assignee);
    wanted.insert(engine::lane_prefix(lane) + tail);
  }
  std::set<std::string> found;
  for (const auto table : {engine::RowTable::officer_lane, engine::RowTable::step_lane}) {
    for (const auto& row : rows_below(engine_.store(), std::string(1, static_cast<char>(table))))
      found.insert(row.key);
  }
  if (wanted != found) throw Discrepancy{"a lane of an officer or a step differs", ""};
}

void Judge::timers_and_effects() {
  std::vector<model::Timer> timers;
  for (const auto& row : rows_below(engine_.store(), engine::timer_prefix())) {
    const auto timer = engine::read_timer_row(row);
    if (!timer) throw Discrepancy{"a timer row cannot be read", ""};
    timers.push_back({engine::to_micros(timer->due_at), engine::to_text(timer->id), timer->kind});
  }
  if (timers != book_.timers_until(INT64_MAX)) throw Discrepancy{"the timers differ", ""};
  std::set<std::pair<std::string, model::EffectName>> effects;
  for (const auto& row : rows_below(engine_.store(), engine::effect_prefix())) {
    const auto effect = engine::read_effect_row(row);
    if (!effect) throw Discrepancy{"an effect row cannot be read", ""};
    effects.insert({engine::to_text(effect->id), {effect->ref.version, effect->ref.ordinal}});
  }
  std::set<std::pair<std::string, model::EffectName>> wanted;
  for (const auto& [id, current] : book_.cases()) {
    for (const auto& effect : current.effects) wanted.insert({id, effect});
  }
  if (effects != wanted) throw Discrepancy{"the open effects differ", ""};
}

void Judge::everything() {
  const auto views = engine::check_views(engine_.store());
  if (!views || !views->clean()) throw Discrepancy{"rows rebuilt are not the rows kept", ""};
  for (const auto& [id, current] : book_.cases()) {
    const auto replayed = load(id);
    const auto& live = handles_.at(id).rbegin()->second;
    if (!(replayed->state == live->state) || !(*replayed->content == *live->content)) {
      throw Discrepancy{"the case replayed is not the live one:\n" + differences(current, *replayed), id};
    }
    const auto code = engine_.store().read_row(*engine::case_code_key(current.code));
    if (!code || !*code || **code != engine::stream_of(live->state.id).id) {
      throw Discrepancy{"the case code does not lead to the case", id};
    }
  }
  std::size_t index = 0;
  const auto first = position_ - leaves_.size() + 1;
  const auto scanned = engine_.store().scan_log(first, [&](const engine::LogEntry& entry) {
    const bool same = index < leaves_.size() && entry.leaf == leaves_[index];
    index += same ? 1 : 0;
    return same;
  });
  if (!scanned || index != leaves_.size()) throw Discrepancy{"a record of the log has changed", ""};
  ++statistics_.checks["replay, rebuild and whole log"];
}

}  // namespace motcua::simulation

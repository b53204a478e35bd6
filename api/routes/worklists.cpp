/// Worklists (danh sách việc): what waits in each queue of an agency, first due first, and how much of it.
#include "api/json/problem.hpp"
#include "api/json/view_json.hpp"
#include "api/routes/worklist_query.hpp"
#include "engine/deadline/counting.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <utility>

namespace motcua::api {
namespace {

using engine::AgencyId;
using engine::FaultOr;
using engine::Identity;
using engine::Instant;
using engine::Lane;
using engine::Result;
using nlohmann::json;

constexpr std::size_t kSlice = 1000;
constexpr int kWindowDays = 7;

/// Every row below `prefix`; few, since the keys are of one agency's counters.
template <class Visit>
FaultOr<void> each_counter(const engine::EventStore& store, const std::string& prefix, const Visit& visit) {
  std::string after;
  while (true) {
    const auto rows = store.read_rows(prefix, after, kSlice);
    if (!rows) return rows.error();
    for (const auto& row : *rows) {
      visit(std::string_view(row.key).substr(prefix.size()), engine::decode_counter(row.value));
    }
    if (rows->size() < kSlice) return {};
    after = rows->back().key;
  }
}

/// Running cases of the lane that are due before `now`, of those due today: read from the day's own rows.
FaultOr<std::int64_t> passed_today(const engine::EventStore& store, const Lane& lane, Instant now) {
  const auto midnight = engine::instant_at(engine::local_day(now), std::chrono::microseconds{0});
  const auto prefix = engine::lane_prefix(lane);
  auto after = engine::lane_bound(lane, midnight);
  std::int64_t passed = 0;
  while (true) {
    const auto rows = store.read_rows(engine::lane_prefix(lane, engine::Bucket::running), after, kSlice);
    if (!rows) return rows.error();
    for (const auto& row : *rows) {
      const auto due = engine::due_in_tail(std::string_view(row.key).substr(prefix.size()));
      if (!due || *due >= now) return passed;
      ++passed;
    }
    if (rows->size() < kSlice) return passed;
    after = rows->back().key;
  }
}

/// Adds `due {overdue, today, next_days[{day, count}], later}`: from the day counters, and the rows of today.
Result<void> add_due(json& item, const engine::EventStore& store, const Lane& lane, Instant now) {
  const auto today = engine::local_day(now);
  const auto passed = passed_today(store, lane, now);
  if (!passed) return unreadable(passed.error());
  std::int64_t overdue = *passed;
  std::int64_t rest_of_today = -*passed;
  std::int64_t later = 0;
  std::array<std::int64_t, kWindowDays> window{};
  const auto read =
      each_counter(store, engine::day_counters(lane), [&](std::string_view rest, std::int64_t count) {
        const auto ahead = (engine::day_of_counter(rest) - today).count();
        if (ahead < 0) {
          overdue += count;
        } else if (ahead == 0) {
          rest_of_today += count;
        } else if (ahead <= kWindowDays) {
          window[static_cast<std::size_t>(ahead - 1)] += count;
        } else {
          later += count;
        }
      });
  if (!read) return unreadable(read.error());
  json days = json::array();
  for (int ahead = 1; ahead <= kWindowDays; ++ahead) {
    days.push_back({{"day", engine::to_iso(today + std::chrono::days{ahead})},
                    {"count", window[static_cast<std::size_t>(ahead - 1)]}});
  }
  // A commit between the two reads may have moved a case of today.
  item["due"] = {{"overdue", overdue},
                 {"today", std::max<std::int64_t>(rest_of_today, 0)},
                 {"next_days", std::move(days)},
                 {"later", later}};
  return {};
}

/// Adds `stages`, `count` and `due` of a lane.
Result<void> add_lane_counts(json& item, const engine::EventStore& store, const Lane& lane, Instant now) {
  json stages = json::object();
  std::int64_t total = 0;
  const auto read =
      each_counter(store, engine::stage_counters(lane), [&](std::string_view stage, std::int64_t count) {
        stages[std::string(stage)] = count;
        total += count;
      });
  if (!read) return unreadable(read.error());
  item["stages"] = std::move(stages);
  item["count"] = total;
  return add_due(item, store, lane, now);
}

/// Adds `count`, or `at_least` where more rows than a count examines would have to be looked at.
Result<void> add_filtered_count(json& item, const engine::EventStore& store, const WorklistFilter& filter) {
  const auto found = find_items(store, filter, {}, kCountRowsMax, kCountRowsMax);
  if (!found) return found.error();
  item[found->more ? "at_least" : "count"] = found->items.size();
  return {};
}

Result<void> add_counts(json& item, const Services& services, const WorklistFilter& filter) {
  if (!filter.is_whole_lane()) return add_filtered_count(item, services.store, filter);
  return add_lane_counts(item, services.store, filter.lane(), services.clock.now());
}

Result<Response> get_counts(const Services& services, const Identity& asker, const Request& request) {
  if (const auto query = check_query(request, {"agency"}); !query) return query.error();
  if (const auto reader = check_worklist_reader(asker); !reader) return reader.error();
  const auto agency = worklist_agency(asker, request);
  if (!agency) return agency.error();
  const auto now = services.clock.now();
  json body{{"items", json::array()}, {"next_cursor", nullptr}, {"agency", agency->value}};
  for (const auto queue : engine::all_queues()) {
    json item{{"queue", engine::name_of(queue)}};
    const auto counted = add_lane_counts(item, services.store, {*agency, queue, {}, {}, {}}, now);
    if (!counted) return counted.error();
    body["items"].push_back(std::move(item));
  }
  for (const auto& declared : declared_queues(services, asker, *agency)) {
    json item{{"queue", declared.code},
              {"of", declared.queue},
              {"name", {{"vi", declared.name.vi}, {"en", declared.name.en}}}};
    const auto counted = add_counts(item, services, filter_of(declared, *agency, asker, now));
    if (!counted) return counted.error();
    body["items"].push_back(std::move(item));
  }
  return json_response(body);
}

/// A cursor is the last tail and a mark of the question, so that it fits no other and cannot be made up.
class Cursors {
 public:
  Cursors(const engine::KeyStore& keys, const Identity& asker, const Request& request) : keys_(keys) {
    question_ = asker.agency.value + '\n' + asker.sub.value + '\n' + std::string(request.path);
    std::map<std::string, std::string> members;
    for (const auto& [name, value] : request.query) {
      if (name != "cursor" && name != "limit") members[std::string(name)] = value;
    }
    for (const auto& [name, value] : members) question_ += '\n' + name + '=' + value;
  }

  [[nodiscard]] std::string text(const std::string& tail) const { return engine::to_hex(tail + mark(tail)); }
  /// The tail; nullopt for what `text` did not give.
  [[nodiscard]] std::optional<std::string> read(std::string_view cursor) const {
    const auto bytes = engine::from_hex(cursor);
    if (!bytes || bytes->size() <= kMarkBytes) return std::nullopt;
    auto tail = bytes->substr(0, bytes->size() - kMarkBytes);
    if (mark(tail) != std::string_view(*bytes).substr(tail.size())) return std::nullopt;
    return tail;
  }

 private:
  static constexpr std::size_t kMarkBytes = 16;
  [[nodiscard]] std::string mark(const std::string& tail) const {
    const auto code = keys_.mac("cursor", question_ + '\n' + tail);
    return {reinterpret_cast<const char*>(code.data()), kMarkBytes};
  }

  const engine::KeyStore& keys_;
  std::string question_{};
};

/// Working seconds until each item's due instant, by the calendar of the agency whose worklist it is.
class TimeLeft {
 public:
  TimeLeft(const Services& services, const AgencyId& agency) : now_(services.clock.now()) {
    const auto organisation = services.catalogue.organisation_of(agency);
    const auto* held = organisation ? organisation->find(agency) : nullptr;
    if (held != nullptr) calendar_ = services.catalogue.calendar(held->calendar);
  }

  /// Negative once overdue; null without a due instant or a calendar.
  [[nodiscard]] json of(const engine::WorklistItem& item) const {
    if (item.remaining) return *item.remaining;
    if (!item.due_at || !calendar_) return nullptr;
    if (now_ <= *item.due_at) return engine::working_time_between(*calendar_, now_, *item.due_at).count;
    return -engine::working_time_between(*calendar_, *item.due_at, now_).count;
  }

 private:
  Instant now_;
  std::shared_ptr<const engine::WorkingCalendar> calendar_{};
};

json procedure_name(const Services& services, const engine::WorklistItem& item) {
  const auto definition = services.catalogue.definition(item.procedure, item.procedure_version);
  if (!definition) return nullptr;
  return {{"vi", definition->name.vi}, {"en", definition->name.en}};
}

Result<Response> get_queue(const Services& services, const Identity& asker, const Request& request) {
  if (const auto query = check_query(request, {"agency", "bucket", "stage", "procedure", "step", "assignee",
                                               "flag", "due_from", "due_to", "count", "limit", "cursor"});
      !query) {
    return query.error();
  }
  if (const auto reader = check_worklist_reader(asker); !reader) return reader.error();
  const auto filter = worklist_filter(services, asker, request);
  if (!filter) return filter.error();
  const auto limit = list_limit(request);
  if (!limit) return limit.error();
  const auto count = request.query_value("count");
  if (count && *count != "true" && *count != "false") return bad_request("count must be true or false");
  const Cursors cursors(services.keys, asker, request);
  std::string after;
  if (const auto cursor = request.query_value("cursor")) {
    auto tail = cursors.read(*cursor);
    if (!tail) return bad_request("cursor is not one that this call gave");
    after = *std::move(tail);
  }
  const auto found = find_items(services.store, *filter, after, *limit, kPageRowsMax);
  if (!found) return found.error();
  json body{{"items", json::array()}, {"next_cursor", nullptr}};
  const TimeLeft time_left(services, filter->agency);
  for (const auto& item : found->items) {
    body["items"].push_back(worklist_item_json(item, procedure_name(services, item), time_left.of(item)));
  }
  if (found->more && !found->last.empty()) body["next_cursor"] = cursors.text(found->last);
  if (count == "true") {
    auto& total = body["total"] = json::object();
    if (const auto counted = add_counts(total, services, *filter); !counted) return counted.error();
  }
  return json_response(body);
}

}  // namespace

void add_worklist_routes(Router& router, const Services& services) {
  router.get("/api/v1/worklists", answering(services, &get_counts));
  router.get("/api/v1/worklists/{queue}", answering(services, &get_queue));
}

}  // namespace motcua::api

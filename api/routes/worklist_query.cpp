#include "api/routes/worklist_query.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

namespace motcua::api {
namespace {

using engine::AgencyId;
using engine::Bucket;
using engine::Identity;
using engine::Instant;
using engine::Lane;
using engine::Rejection;
using engine::RejectionCode;
using engine::Result;
using engine::Row;
using engine::WorklistItem;

bool sees_everything(const Identity& asker) {
  return asker.has_role("supervisor") || asker.has_role("leader") || asker.has_role("auditor");
}

/// `due_from`, `due_to`: an instant, or a day that begins at midnight in Việt Nam.
Result<std::optional<Instant>> instant_of(const Request& request, const char* name) {
  const auto text = request.query_value(name);
  if (!text) return std::optional<Instant>{};
  if (const auto at = engine::parse_rfc3339(*text)) return at;
  if (const auto day = engine::parse_iso_day(*text))
    return std::optional(engine::instant_at(*day, std::chrono::microseconds{0}));
  return bad_request(std::string(name) + " must be an RFC 3339 instant or a day");
}

void set_assignee(WorklistFilter& filter, const std::string& assignee, const Identity& asker) {
  filter.unassigned = assignee == "none";
  filter.assignee = filter.unassigned ? std::string() : assignee == "me" ? asker.sub.value : assignee;
}

/// The named queue: one of the office, or one that the agency declares.
Result<WorklistFilter> named_queue(const Services& services, const Identity& asker, const AgencyId& agency,
                                   const std::string& name) {
  if (const auto queue = engine::queue_from(name)) {
    WorklistFilter filter;
    filter.agency = agency;
    filter.queue = *queue;
    return filter;
  }
  for (const auto& declared : declared_queues(services, asker, agency)) {
    if (declared.code == name) return filter_of(declared, agency, asker, services.clock.now());
  }
  return Rejection{RejectionCode::not_found, "there is no such queue"};
}

/// A query narrows; it cannot ask for something else than a declared queue holds.
Result<void> narrow(std::string& member, const Request& request, const char* name) {
  const auto value = request.query_value(name);
  if (!value) return {};
  if (!member.empty() && member != *value)
    return bad_request(std::string(name) + " contradicts the queue's own");
  member = std::string(*value);
  return {};
}

/// The rows of a page read at once: whole rows, or the tails of a narrower lane with their rows behind them.
/// A row that moved between the two reads makes the read anew, so that nothing is missed that was there all
/// the time; one that still has no value belongs to no case.
class RowReader {
 public:
  RowReader(const engine::EventStore& store, const Lane& lane)
      : store_(store),
        lane_(engine::lane_prefix(lane)),
        queue_(engine::lane_prefix({lane.agency, lane.queue, {}, {}, {}})),
        narrow_(lane_ != queue_) {}

  [[nodiscard]] const std::string& lane() const { return lane_; }

  engine::FaultOr<std::vector<Row>> read(const std::string& prefix, const std::string& after,
                                         std::size_t limit) const {
    constexpr int kAttempts = 5;
    for (int attempt = 1;; ++attempt) {
      auto rows = store_.read_rows(prefix, after, limit);
      if (!rows || !narrow_) return rows;
      const auto whole = fill_in(*rows);
      if (!whole) return whole.error();
      if (*whole || attempt == kAttempts) return rows;
    }
  }
  [[nodiscard]] std::string tail(const Row& row) const { return row.key.substr(queue_.size()); }

 private:
  /// Puts the whole queue's rows in the place of the lane's; false if one is gone.
  engine::FaultOr<bool> fill_in(std::vector<Row>& rows) const {
    bool whole = true;
    for (auto& row : rows) {
      row.key.replace(0, lane_.size(), queue_);
      auto value = store_.read_row(row.key);
      if (!value) return value.error();
      whole = whole && value->has_value();
      row.value = std::move(*value).value_or("");
    }
    return whole;
  }

  const engine::EventStore& store_;
  std::string lane_;
  std::string queue_;
  bool narrow_;
};

}  // namespace

bool WorklistFilter::matches(const WorklistItem& item) const {
  if (!stage.empty() && item.stage != stage) return false;
  if (!procedure.empty() && item.procedure.value != procedure) return false;
  if (!step.empty() && item.step != step) return false;
  if (unassigned ? !item.assignee.empty() : !assignee.empty() && item.assignee != assignee) return false;
  if (due_from && (!item.due_at || *item.due_at < *due_from)) return false;
  if (due_to && (!item.due_at || *item.due_at >= *due_to)) return false;
  return flag.empty() || std::find(item.flags.begin(), item.flags.end(), flag) != item.flags.end();
}

Lane WorklistFilter::lane() const {
  Lane lane{agency, queue, {}, {}, {}};
  if (!assignee.empty()) {
    lane.officer.value = assignee;
  } else if (!procedure.empty() && !step.empty()) {
    lane.procedure.value = procedure;
    lane.step.value = step;
  }
  return lane;
}

bool WorklistFilter::is_whole_lane() const {
  const bool lane_of_step = !procedure.empty() && !step.empty();
  const bool other = bucket || !stage.empty() || !flag.empty() || unassigned || due_from || due_to;
  return !other && assignee.empty() && (lane_of_step || (procedure.empty() && step.empty()));
}

Result<void> check_worklist_reader(const Identity& asker) {
  for (const auto* role : {"desk_officer", "case_officer", "signatory", "supervisor", "leader", "auditor"}) {
    if (asker.has_role(role)) return {};
  }
  return Rejection{RejectionCode::role_forbidden, "the token's roles have no worklist"};
}

Result<AgencyId> worklist_agency(const Identity& asker, const Request& request) {
  const auto named = request.query_value("agency");
  if (!named || *named == asker.agency.value) return asker.agency;
  const bool above = (asker.has_role("supervisor") || asker.has_role("leader")) &&
                     named->starts_with(asker.agency.value + '.');
  if (above || asker.has_role("auditor")) return AgencyId(std::string(*named));
  return Rejection{RejectionCode::not_found, "there is no such agency below yours"};
}

std::vector<engine::DeclaredQueue> declared_queues(const Services& services, const Identity& asker,
                                                   const AgencyId& agency) {
  const auto organisation = services.catalogue.organisation_of(agency);
  const auto* held = organisation ? organisation->find(agency) : nullptr;
  if (held == nullptr) return {};
  std::vector<engine::DeclaredQueue> seen;
  for (const auto& queue : held->queues) {
    if (queue.role.empty() || asker.has_role(queue.role) || sees_everything(asker)) seen.push_back(queue);
  }
  return seen;
}

WorklistFilter filter_of(const engine::DeclaredQueue& queue, const AgencyId& agency, const Identity& asker,
                         Instant now) {
  WorklistFilter filter;
  filter.agency = agency;
  filter.queue = engine::queue_from(queue.queue).value_or(engine::Queue::reception);
  filter.stage = queue.stage;
  filter.procedure = queue.procedure;
  filter.step = queue.step;
  filter.flag = queue.flag;
  set_assignee(filter, queue.assignee, asker);
  if (queue.due_within_days) {
    const auto after = engine::local_day(now) + std::chrono::days{*queue.due_within_days + 1};
    filter.due_to = engine::instant_at(after, std::chrono::microseconds{0});
  }
  return filter;
}

Result<WorklistFilter> worklist_filter(const Services& services, const Identity& asker,
                                       const Request& request) {
  const auto agency = worklist_agency(asker, request);
  if (!agency) return agency.error();
  auto filter = named_queue(services, asker, *agency, std::string(request.param("queue")));
  if (!filter) return filter;
  if (const auto name = request.query_value("bucket")) {
    filter->bucket = engine::bucket_from(*name);
    if (!filter->bucket) return bad_request("bucket must be running, paused or no_limit");
  }
  for (auto [member, name] : {std::pair{&filter->stage, "stage"}, std::pair{&filter->procedure, "procedure"},
                              std::pair{&filter->step, "step"}, std::pair{&filter->flag, "flag"}}) {
    if (const auto narrowed = narrow(*member, request, name); !narrowed) return narrowed.error();
  }
  if (!filter->stage.empty() && !engine::stage_from(filter->stage))
    return bad_request("stage must be a stage of the life cycle");
  if (const auto assignee = request.query_value("assignee"))
    set_assignee(*filter, std::string(*assignee), asker);
  const auto from = instant_of(request, "due_from");
  if (!from) return from.error();
  const auto to = instant_of(request, "due_to");
  if (!to) return to.error();
  if (*from) filter->due_from = *from;
  if (*to) filter->due_to = filter->due_to ? std::min(*filter->due_to, **to) : **to;
  const bool by_due = filter->due_from || filter->due_to;
  if (by_due && filter->bucket.value_or(Bucket::running) != Bucket::running)
    return bad_request("only running cases have a due instant");
  if (by_due) filter->bucket = Bucket::running;
  return filter;
}

Result<FoundItems> find_items(const engine::EventStore& store, const WorklistFilter& filter,
                              const std::string& after, std::size_t most, std::size_t rows) {
  const auto lane = filter.lane();
  const RowReader reader(store, lane);
  const auto prefix = filter.bucket ? engine::lane_prefix(lane, *filter.bucket) : reader.lane();
  FoundItems found;
  found.last = after;
  auto position = after.empty() ? std::string() : reader.lane() + after;
  if (position.empty() && filter.due_from) position = engine::lane_bound(lane, *filter.due_from);
  std::size_t examined = 0;
  // No more at once than the page may need: without a filter, its own and the one behind it.
  for (std::size_t slice = most + 1; examined < rows; slice *= 2) {
    slice = std::min(slice, rows - examined);
    const auto read = reader.read(prefix, position, slice);
    if (!read) return unreadable(read.error());
    for (const auto& row : *read) {
      const auto tail = reader.tail(row);
      if (filter.due_to && engine::due_in_tail(tail).value_or(*filter.due_to) >= *filter.due_to) return found;
      auto item = engine::read_worklist_row(row);
      if (item && filter.matches(*item)) {
        if (found.items.size() == most) {
          found.more = true;
          return found;
        }
        found.items.push_back(*std::move(item));
      }
      found.last = tail;
      position = reader.lane() + tail;
    }
    if (read->size() < slice) return found;
    examined += slice;
  }
  found.more = true;
  return found;
}

}  // namespace motcua::api

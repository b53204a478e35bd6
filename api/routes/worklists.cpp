/// Worklists (danh sách việc): what waits in each queue of the asker's agency, first due first.
#include "api/json/problem.hpp"
#include "api/json/view_json.hpp"
#include "api/routes/services.hpp"
#include "engine/cases/rows.hpp"
#include "engine/deadline/counting.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

namespace motcua::api {
namespace {

using engine::Identity;
using engine::Rejection;
using engine::RejectionCode;
using engine::Result;

/// Most rows one page examines before it returns with a cursor.
constexpr std::size_t kRowsExaminedMax = 2000;
constexpr std::array kQueues{engine::Queue::reception, engine::Queue::processing, engine::Queue::signing,
                             engine::Queue::return_};

Result<void> check_reader(const Identity& asker) {
  for (const auto* role : {"desk_officer", "case_officer", "signatory", "supervisor", "leader", "auditor"}) {
    if (asker.has_role(role)) return {};
  }
  return Rejection{RejectionCode::role_forbidden, "the token's roles have no worklist"};
}

Result<Response> get_counts(const Services& services, const Identity& asker, const Request& request) {
  if (const auto query = check_query(request, {}); !query) return query.error();
  if (const auto reader = check_reader(asker); !reader) return reader.error();
  const auto prefix = engine::counter_prefix(asker.agency);
  const auto rows = services.store.read_rows(prefix, {}, 1000);
  if (!rows) return unreadable(rows.error());
  nlohmann::json body{{"items", nlohmann::json::array()}, {"next_cursor", nullptr}};
  for (const auto queue : kQueues) {
    nlohmann::json stages = nlohmann::json::object();
    std::int64_t total = 0;
    for (const auto& row : *rows) {
      const std::string_view rest = std::string_view(row.key).substr(prefix.size());
      if (rest.empty() || rest[0] != static_cast<char>(queue)) continue;
      const auto count = engine::decode_counter(row.value);
      stages[std::string(rest.substr(1))] = count;
      total += count;
    }
    body["items"].push_back({{"queue", engine::name_of(queue)}, {"stages", stages}, {"count", total}});
  }
  body["agency"] = asker.agency.value;
  return json_response(body);
}

/// What a page of one queue asks for.
struct PageRequest {
  std::string prefix{};
  std::string after{};
  std::string procedure{};
  std::string assignee{};
  std::size_t limit = 0;
};

std::string encode_cursor(const std::string& key) { return engine::to_hex(key); }

Result<PageRequest> page_request(const Identity& asker, const Request& request, engine::Queue queue) {
  PageRequest page;
  page.prefix = engine::worklist_prefix(asker.agency, queue);
  if (const auto name = request.query_value("bucket")) {
    const auto bucket = engine::bucket_from(*name);
    if (!bucket) return bad_request("bucket must be running, paused or no_limit");
    page.prefix = engine::worklist_prefix(asker.agency, queue, *bucket);
  }
  const auto limit = list_limit(request);
  if (!limit) return limit.error();
  page.limit = *limit;
  page.procedure = request.query_value("procedure").value_or("");
  page.assignee = request.query_value("assignee").value_or("");
  if (const auto cursor = request.query_value("cursor")) {
    const auto key = engine::from_hex(*cursor);
    if (!key || !key->starts_with(page.prefix)) return bad_request("cursor is not one that this call gave");
    page.after = *key;
  }
  return page;
}

bool matches(const engine::WorklistItem& item, const PageRequest& page) {
  if (!page.procedure.empty() && item.procedure.value != page.procedure) return false;
  return page.assignee.empty() || item.assignee == page.assignee;
}

/// The rows of a page, and where it ends.
struct Found {
  std::vector<engine::WorklistItem> items{};
  std::string last{};  ///< key of the last row examined
  bool more = false;   ///< rows behind it may match
};

/// Reads no more rows at once than the page may need: without a filter, its own and the one behind it.
Result<Found> find_items(const Services& services, const PageRequest& page) {
  Found found;
  found.last = page.after;
  std::size_t examined = 0;
  for (std::size_t slice = page.limit + 1; examined < kRowsExaminedMax; slice *= 2) {
    slice = std::min(slice, kRowsExaminedMax - examined);
    const auto rows = services.store.read_rows(page.prefix, found.last, slice);
    if (!rows) return unreadable(rows.error());
    for (const auto& row : *rows) {
      auto item = engine::read_worklist_row(row);
      if (item && matches(*item, page)) {
        if (found.items.size() == page.limit) {
          found.more = true;
          return found;
        }
        found.items.push_back(*std::move(item));
      }
      found.last = row.key;
    }
    if (rows->size() < slice) return found;
    examined += slice;
  }
  found.more = true;
  return found;
}

/// Working seconds until the due instant; negative once overdue; null without a due instant or calendar.
nlohmann::json time_left(const Services& services, const Identity& asker, const engine::WorklistItem& item) {
  if (item.remaining) return *item.remaining;
  if (!item.due_at) return nullptr;
  const auto organisation = services.catalogue.organisation_of(asker.agency);
  const auto* agency = organisation ? organisation->find(asker.agency) : nullptr;
  const auto calendar = agency != nullptr ? services.catalogue.calendar(agency->calendar) : nullptr;
  if (!calendar) return nullptr;
  const auto now = services.clock.now();
  if (now <= *item.due_at) return engine::working_time_between(*calendar, now, *item.due_at).count;
  return -engine::working_time_between(*calendar, *item.due_at, now).count;
}

nlohmann::json procedure_name(const Services& services, const engine::WorklistItem& item) {
  const auto definition = services.catalogue.definition(item.procedure, item.procedure_version);
  if (!definition) return nullptr;
  return {{"vi", definition->name.vi}, {"en", definition->name.en}};
}

Result<Response> get_queue(const Services& services, const Identity& asker, const Request& request) {
  if (const auto query = check_query(request, {"bucket", "procedure", "assignee", "limit", "cursor"});
      !query) {
    return query.error();
  }
  const auto queue = engine::queue_from(request.param("queue"));
  if (!queue) return Rejection{RejectionCode::not_found, "there is no such queue"};
  if (const auto reader = check_reader(asker); !reader) return reader.error();
  auto page = page_request(asker, request, *queue);
  if (!page) return page.error();
  const auto found = find_items(services, *page);
  if (!found) return found.error();
  nlohmann::json body{{"items", nlohmann::json::array()}, {"next_cursor", nullptr}};
  for (const auto& item : found->items) {
    body["items"].push_back(
        worklist_item_json(item, procedure_name(services, item), time_left(services, asker, item)));
  }
  if (found->more) body["next_cursor"] = encode_cursor(found->last);
  return json_response(body);
}

}  // namespace

void add_worklist_routes(Router& router, const Services& services) {
  router.get("/api/v1/worklists", answering(services, &get_counts));
  router.get("/api/v1/worklists/{queue}", answering(services, &get_queue));
}

}  // namespace motcua::api

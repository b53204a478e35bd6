/// GET /events: the log as it grows (dòng sự kiện), for whoever may see it, as server-sent events.
#include "api/json/cloud_event.hpp"
#include "api/routes/services.hpp"
#include "engine/cases/event_members.hpp"
#include "engine/cases/rights.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace motcua::api {
namespace {

using engine::Identity;
using engine::Rejection;
using engine::RejectionCode;
using engine::Result;

/// Types that one reader may name.
constexpr std::size_t kTypesMax = 64;
/// What a client waits before it comes back.
constexpr const char* kRetry = "retry: 2000\n\n";

/// A reader's seat as the body of an answer; the seat is given up with it.
class EventBody final : public BodyStream {
 public:
  explicit EventBody(std::shared_ptr<engine::FeedReader> reader) : reader_(std::move(reader)) {}
  ~EventBody() override {
    if (reader_) reader_->leave();
  }
  EventBody(const EventBody&) = delete;
  EventBody& operator=(const EventBody&) = delete;

  void start(std::function<void()> wake) override { reader_->when_ready(std::move(wake)); }
  bool take(std::string& out) override {
    out += std::exchange(opening_, "");
    return reader_->take(out);
  }

 private:
  std::shared_ptr<engine::FeedReader> reader_;
  const char* opening_ = kRetry;
};

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '.'; });
}

/// Types of cases are a closed list; a slip of the pen must not look like silence.
Result<std::set<std::string>> read_types(std::string_view list) {
  std::set<std::string> types;
  while (true) {
    const auto end = std::min(list.find(','), list.size());
    const auto type = list.substr(0, end);
    const bool is_known =
        !type.starts_with("case.") || engine::from_name(type, std::string_view{}).has_value();
    if (!is_word(type) || !is_known) return bad_request("types names a type that no event has");
    types.emplace(type);
    if (types.size() > kTypesMax) return bad_request("types has more than 64 names");
    if (end == list.size()) return types;
    list.remove_prefix(end + 1);
  }
}

/// Where the reader goes on: Last-Event-ID, else `after`, else the end of the log.
Result<std::uint64_t> read_after(const Services& services, const Request& request) {
  const auto head = services.store.head().position;
  const auto query = request.query_value("after");
  if (request.last_event_id.empty() && !query) return head;
  const auto from_query = query ? whole_number(*query) : std::nullopt;
  if (query && !from_query) return bad_request("after must be a whole number");
  const auto from_header = whole_number(request.last_event_id);
  if (!request.last_event_id.empty() && !from_header) {
    return bad_request("Last-Event-ID is not one that this call gave");
  }
  const auto after = from_header ? *from_header : *from_query;
  if (after > head) return bad_request("the position lies beyond the end of the log");
  return after;
}

/// A case of which the asker may not know is not there, as everywhere.
Result<std::optional<engine::CaseId>> read_case(const Services& services, const Identity& asker,
                                                const Request& request) {
  const auto text = request.query_value("case");
  if (!text) return std::optional<engine::CaseId>{};
  const auto id = engine::parse_case_id(*text);
  if (!id) return bad_request("case must be the id of a case");
  const auto loaded = loader(services).load(*id);
  if (!loaded) return unreadable(loaded.error());
  if (!*loaded || !engine::may_see(asker, (*loaded)->state)) {
    return Rejection{RejectionCode::not_found, "there is no such case"};
  }
  return std::optional<engine::CaseId>{*id};
}

Result<engine::FeedWish> read_wish(const Services& services, const Identity& asker, const Request& request) {
  if (const auto query = check_query(request, {"after", "types", "case"}); !query) return query.error();
  engine::FeedWish wish;
  wish.asker = asker;
  if (const auto types = request.query_value("types")) {
    auto named = read_types(*types);
    if (!named) return named.error();
    wish.types = *std::move(named);
  }
  const auto after = read_after(services, request);
  if (!after) return after.error();
  wish.after = *after;
  const auto only = read_case(services, asker, request);
  if (!only) return only.error();
  wish.only = *only;
  return wish;
}

Result<Response> follow(const Services& services, const Identity& asker, const Request& request) {
  auto wish = read_wish(services, asker, request);
  if (!wish) return wish.error();
  std::shared_ptr<engine::FeedReader> reader;
  if (request.method != Method::head) {
    reader = services.feed == nullptr ? nullptr : services.feed->join(*std::move(wish));
    if (!reader) return Rejection{RejectionCode::overloaded, "too many readers follow the log"};
  }
  Response response;
  response.content_type = "text/event-stream";
  response.headers.emplace_back("X-Accel-Buffering", "no");
  response.stream = std::make_unique<EventBody>(std::move(reader));
  return response;
}

std::string cursor_lines(const char* event, std::uint64_t position) {
  const auto number = std::to_string(position);
  return "event: " + std::string(event) + "\nid: " + number + "\ndata: {\"position\":" + number + "}\n\n";
}

}  // namespace

void set_feed_texts(engine::FeedHooks& hooks, const std::string& log_id) {
  hooks.event = [log_id](const engine::Record& record, const engine::Case* after) {
    return "id: " + std::to_string(record.position) + "\ndata: " + cloud_event(log_id, record, after) +
           "\n\n";
  };
  hooks.cursor = [](std::uint64_t position) { return ": alive\n" + cursor_lines("cursor", position); };
  hooks.dropped = [](std::uint64_t position) { return cursor_lines("dropped", position); };
}

void add_stream_routes(Router& router, const Services& services) {
  router.get("/api/v1/events", answering(services, &follow));
}

}  // namespace motcua::api

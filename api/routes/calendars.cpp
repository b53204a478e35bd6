/// Calendars (lịch làm việc): their versions, and the publication of a new one.
#include "api/json/problem.hpp"
#include "api/routes/services.hpp"
#include "engine/cases/decision_parts.hpp"
#include "engine/cases/rights.hpp"
#include "engine/runtime/proposal_book.hpp"
#include "engine/runtime/recalculation.hpp"
#include "workflows/loader/loaded_catalogue.hpp"
#include "workflows/loader/readers.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace motcua::api {
namespace {

using engine::Identity;
using engine::Rejection;
using engine::RejectionCode;
using engine::Result;
using nlohmann::json;

json version_json(const engine::PublishedVersion& published) {
  return {{"id", engine::id_of(published)},
          {"code", published.code},
          {"version", published.version},
          {"hash", engine::to_hex(published.hash)}};
}

json published_until(const Services& services, const engine::Digest& hash) {
  const auto calendar = services.catalogue.calendar_by_hash(hash);
  return calendar ? json(engine::to_iso(calendar->published_until)) : json(nullptr);
}

json line_json(const Services& services, const engine::CalendarLine& line) {
  const auto& [publication, newest, supersedes, complete, counts] = line;
  auto object = version_json(publication.published);
  object["published_at"] = engine::to_rfc3339(publication.recorded_at);
  object["published_until"] = published_until(services, publication.published.hash);
  object["newest"] = newest;
  object["complete"] = complete || !supersedes;
  object["proposals"] = {{"open", counts.open},
                         {"accepted", counts.accepted},
                         {"declined", counts.declined},
                         {"stale", counts.stale},
                         {"superseded", counts.superseded}};
  return object;
}

Result<Response> list_calendars(const Services& services, const Identity&, const Request& request) {
  if (const auto query = check_query(request, {"limit", "cursor"}); !query) return query.error();
  const auto limit = list_limit(request);
  if (!limit) return limit.error();
  const auto after = whole_number(request.query_value("cursor").value_or("0"));
  if (!after) return bad_request("cursor is not one that this call gave");
  json body{{"items", json::array()}, {"next_cursor", nullptr}};
  const auto lines = services.proposals->lines();
  const auto end = std::min<std::uint64_t>(lines.size(), *after + *limit);
  for (auto i = *after; i < end; ++i) body["items"].push_back(line_json(services, lines[i]));
  if (end < lines.size()) body["next_cursor"] = std::to_string(end);
  return json_response(body);
}

/// What the linter says, as pointers of the body; findings about calendars that inherit name the calendar.
Rejection unfit(const workflows::Findings& findings) {
  Rejection rejection{RejectionCode::invalid_data, "the calendar is not fit to be published"};
  rejection.members["findings"] = workflows::to_json(findings);
  auto& pointers = rejection.members["pointers"] = json::array();
  for (const auto& finding : findings) {
    if (finding.severity != workflows::Severity::error) continue;
    pointers.push_back(
        {{"pointer", finding.pointer}, {"reason", finding.message + " [" + finding.rule + "]"}});
  }
  return rejection;
}

/// The calendar of the body with all that inherit from it. A version that is taken, or not the next, is a
/// finding.
Result<engine::CalendarFamily> family_of(const Services& services, const std::string& bytes) {
  auto family = services.published->check_family(bytes, "calendar.json");
  if (family.calendars.empty()) return unfit(family.findings);
  const auto& calendar = *family.calendars.front();
  const auto newest = services.catalogue.calendar(calendar.code);
  if (newest && calendar.version != newest->version + 1) {
    return engine::invalid_data("/version",
                                "must be " + std::to_string(newest->version + 1) + ", the next version");
  }
  return std::move(family.calendars);
}

/// The version that the body's bytes are already published as; null if they are not.
std::shared_ptr<const engine::WorkingCalendar> already_published(const Services& services,
                                                                 const Request& request) {
  const auto code = request.json.find("code");
  const auto version = request.json.find("version");
  const bool named = code != request.json.end() && code->is_string() && version != request.json.end() &&
                     version->is_number_integer();
  if (!named) return nullptr;
  auto known = services.published->calendar_version(code->get<std::string>(), version->get<std::int64_t>());
  return known && known->source == workflows::sha256(request.body) ? known : nullptr;
}

Response publication_response(const Services& services, const engine::Publication& publication,
                              unsigned status) {
  auto body = version_json(publication.published);
  body["published_at"] = engine::to_rfc3339(publication.recorded_at);
  body["published_until"] = published_until(services, publication.published.hash);
  body["descendants"] = json::array();
  for (const auto& descendant : publication.descendants) {
    body["descendants"].push_back(version_json(descendant));
  }
  return json_response(body, status);
}

engine::PublishRequest request_of(const Services& services, const Identity& asker, const Request& request) {
  engine::PublishRequest publish;
  // Whoever may not publish is not told what is wrong with a file.
  if (!engine::check_may_publish(asker)) return publish;
  if (const auto known = already_published(services, request)) {
    const auto line = services.proposals->find(engine::id_of({known->code, known->version, {}}));
    if (line) publish.unchanged = std::make_shared<const engine::Publication>(line->publication);
  }
  if (!publish.unchanged) publish.family = family_of(services, request.body);
  return publish;
}

void publish_calendar(const Services& services, const std::shared_ptr<Request>& request, Respond respond) {
  auto write = open_write(services, *request);
  if (!write) return respond(problem_response(write.error(), request->request_id));
  if (refuse_keyless(*request, respond)) return;
  auto publish = request_of(services, write->asker, *request);
  const auto calendars = publish.family ? *publish.family : engine::CalendarFamily{};
  write->request = std::move(publish);
  const auto waiting = std::make_shared<Respond>(std::move(respond));
  services.sequencer.submit(*std::move(write), [&services, request, waiting, calendars](
                                                   const engine::Result<engine::CommandAnswer>& answer) {
    if (!answer) return (*waiting)(problem_response(answer.error(), request->request_id));
    if (!answer->publication) {
      return (*waiting)(problem_response(Problem::idempotency_key_reused, "", request->request_id));
    }
    if (answer->status == 201 && !answer->repeated) {
      // Durable by now: cases received from here on follow it.
      services.published->add_calendars(calendars);
      services.recalculation->announce();
    }
    auto response = publication_response(services, *answer->publication, answer->status);
    if (answer->repeated) response.headers.emplace_back("Idempotency-Replayed", "true");
    (*waiting)(std::move(response));
  });
}

}  // namespace

void add_calendar_routes(Router& router, const Services& services) {
  router.get("/api/v1/calendars", answering(services, &list_calendars));
  router.post("/api/v1/calendars", [&services](const std::shared_ptr<Request>& request, Respond respond) {
    publish_calendar(services, request, std::move(respond));
  });
}

}  // namespace motcua::api

/// POST /cases/bulk: one command on many cases (phân công, nhận việc, trả việc, chuyển phiên bản hàng loạt).
/// Each item is a command of its own, with its own outcome: one that cannot be done stops no other.
#include "api/json/command_json.hpp"
#include "api/json/problem.hpp"
#include "api/routes/services.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace motcua::api {
namespace {

using nlohmann::json;

constexpr std::size_t kItemsMax = 200;
constexpr std::array<std::string_view, 5> kCommands{"assign", "claim", "release", "return_result", "migrate"};

/// The answers of one request, complete when each item has its own. I/O thread only.
struct Waiting {
  json items = json::array();
  std::size_t open = 0;
  Respond respond{};
};

json problem_json(const engine::Rejection& rejection, const Request& request) {
  return json::parse(problem_response(rejection, request.request_id).body);
}

json done_json(const engine::CommandAnswer& answer) {
  const auto& state = answer.after->state;
  json item{{"status", answer.status},
            {"version", state.version},
            {"stage", engine::name_of(state.stage)},
            {"assignees", json::object()}};
  for (const auto& [step, officer] : state.assignees) item["assignees"][step.value] = officer.value;
  return item;
}

void settle(const std::shared_ptr<Waiting>& waiting, std::size_t index, json outcome) {
  waiting->items[index].update(outcome);
  if (--waiting->open == 0) waiting->respond(json_response({{"items", std::move(waiting->items)}}));
}

engine::Rejection invalid(json pointers) {
  engine::Rejection rejection{engine::RejectionCode::invalid_data, "the request's body is not valid"};
  rejection.members["pointers"] = std::move(pointers);
  return rejection;
}

/// What is wrong with the body as a whole; items are looked at one by one.
engine::Result<void> check_body(const json& body) {
  json faults = json::array();
  for (const auto& [name, value] : body.items()) {
    if (name != "command" && name != "items" && name != "reason")
      faults.push_back({{"pointer", ""}, {"reason", "has members other than command, items and reason"}});
  }
  const auto command = body.find("command");
  const bool known =
      command != body.end() && command->is_string() &&
      std::find(kCommands.begin(), kCommands.end(), command->get<std::string>()) != kCommands.end();
  if (!known) {
    faults.push_back(
        {{"pointer", "/command"}, {"reason", "must be assign, claim, release, return_result or migrate"}});
  }
  const auto items = body.find("items");
  if (items == body.end() || !items->is_array() || items->empty() || items->size() > kItemsMax) {
    faults.push_back({{"pointer", "/items"}, {"reason", "must be an array of 1 to 200 items"}});
  }
  if (faults.empty()) return {};
  return invalid(std::move(faults));
}

/// One item as the body of a command of its own; an item of another shape gives a body that is refused.
json command_body(const json& body, const json& item) {
  json single{{"command", body["command"]}};
  if (const auto reason = body.find("reason"); reason != body.end()) single["reason"] = *reason;
  for (const auto& [name, value] : item.items()) {
    if (name != "id") single[name] = value;
  }
  return single;
}

engine::Result<engine::CommandRequest> item_request(const Services& services,
                                                    const engine::CommandRequest& whole, const json& body,
                                                    const json& item) {
  if (!item.is_object()) return invalid({{{"pointer", ""}, {"reason", "must be an object"}}});
  const auto named = item.find("id");
  const auto id = named != item.end() && named->is_string() ? engine::parse_case_id(named->get<std::string>())
                                                            : std::nullopt;
  if (!id) return invalid({{{"pointer", "/id"}, {"reason", "must be the id of a case"}}});
  const auto single = command_body(body, item);
  auto parsed = parse_command(single);
  engine::CommandRequest request;
  request.asker = whole.asker;
  const auto scope = engine::to_hex(whole.scope) + engine::to_text(*id);
  request.scope = services.keys.mac("idempotency-scope", scope);
  request.body_mac = services.keys.mac("idempotency-body", scope + single.dump());
  request.request =
      engine::CaseRequest{*id, std::move(parsed.kind), std::move(parsed.command), parsed.expected_version};
  return request;
}

/// A case named twice would be two commands with one key.
bool is_named_before(const json& items, std::size_t index) {
  const auto id = [&](std::size_t i) { return items[i].is_object() ? items[i].value("id", json()) : json(); };
  for (std::size_t i = 0; i < index; ++i) {
    if (!id(index).is_null() && id(i) == id(index)) return true;
  }
  return false;
}

void submit_items(const Services& services, const engine::CommandRequest& whole,
                  const std::shared_ptr<Request>& request, Respond respond) {
  const auto& items = request->json["items"];
  const auto waiting = std::make_shared<Waiting>();
  waiting->respond = std::move(respond);
  waiting->open = items.size();
  for (const auto& item : items) {
    const auto id = item.is_object() ? item.value("id", json()) : json();
    waiting->items.push_back({{"id", id.is_string() ? id : json(nullptr)}});
  }
  const auto refuse = [&](std::size_t index, const engine::Rejection& why) {
    settle(waiting, index,
           {{"status", status_of(problem_of(why.code))}, {"problem", problem_json(why, *request)}});
  };
  for (std::size_t index = 0; index < items.size(); ++index) {
    auto single = item_request(services, whole, request->json, items[index]);
    if (single && is_named_before(items, index)) {
      single = invalid({{{"pointer", "/id"}, {"reason", "is named by an item before"}}});
    }
    if (!single) {
      refuse(index, single.error());
      continue;
    }
    services.sequencer.submit(
        *std::move(single), [waiting, index, request](engine::Result<engine::CommandAnswer> answer) {
          if (answer && answer->after) return settle(waiting, index, done_json(*answer));
          const auto why =
              answer ? engine::Rejection{engine::RejectionCode::idempotency_key_reused, ""} : answer.error();
          settle(waiting, index,
                 {{"status", status_of(problem_of(why.code))}, {"problem", problem_json(why, *request)}});
        });
  }
}

void post_bulk(const Services& services, const std::shared_ptr<Request>& request, Respond respond) {
  const auto whole = open_write(services, *request);
  if (!whole) return respond(problem_response(whole.error(), request->request_id));
  if (refuse_keyless(*request, respond)) return;
  if (const auto valid = check_body(request->json); !valid)
    return respond(problem_response(valid.error(), request->request_id));
  submit_items(services, *whole, request, std::move(respond));
}

}  // namespace

void add_bulk_routes(Router& router, const Services& services) {
  router.post("/api/v1/cases/bulk", [&services](const std::shared_ptr<Request>& request, Respond respond) {
    post_bulk(services, request, std::move(respond));
  });
}

}  // namespace motcua::api

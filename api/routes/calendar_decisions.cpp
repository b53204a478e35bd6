/// A supervisor's decisions on proposals, many at once: each case is decided for itself, and answers for
/// itself.
#include "api/json/command_json.hpp"
#include "api/json/problem.hpp"
#include "api/routes/services.hpp"
#include "engine/cases/rights.hpp"
#include "engine/runtime/proposal_book.hpp"
#include "engine/runtime/recalculation.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace motcua::api {
namespace {

using engine::Rejection;
using engine::RejectionCode;
using engine::Result;
using nlohmann::json;

/// Cases decided at once, so that others come in between; and by one request that names none.
constexpr std::size_t kSlice = 64;
constexpr std::size_t kAllMax = 1000;

Rejection no_proposal() { return {RejectionCode::not_found, "there is no such proposal"}; }

json refusal_json(const Rejection& rejection) {
  const auto problem = problem_of(rejection.code);
  auto object = rejection.members;
  object["type"] = std::string("/problems/") + name_of(problem);
  object["status"] = status_of(problem);
  object["detail"] = rejection.detail;
  return object;
}

/// The decisions of one request, a slice at a time. Lives until the last answer; I/O thread only.
class Bulk : public std::enable_shared_from_this<Bulk> {
 public:
  Bulk(const Services& services, std::shared_ptr<Request> request, engine::CommandRequest write,
       DecisionsAsked asked, std::shared_ptr<const engine::WorkingCalendar> calendar, Respond respond)
      : services_(services),
        request_(std::move(request)),
        write_(std::move(write)),
        asked_(std::move(asked)),
        calendar_(std::move(calendar)),
        respond_(std::move(respond)) {}

  void refuse(const Rejection& why) { respond_(problem_response(why, request_->request_id)); }
  /// Decides the next slice; answers after the last.
  void go_on() {
    if (next_ == asked_.items.size()) return finish();
    const auto end = std::min(asked_.items.size(), next_ + kSlice);
    waiting_ = end - next_;
    results_.resize(end);
    // All are handed over before the first can answer: replies come by the executor.
    for (; next_ != end; ++next_) decide(next_);
  }

 private:
  void decide(std::size_t index) {
    const auto& item = asked_.items[index];
    const auto id = engine::parse_case_id(item.id);
    const auto entry = id ? services_.proposals->entry(calendar_->hash, *id) : std::nullopt;
    engine::CommandRequest request;
    request.asker = write_.asker;
    // The key of the whole request, for each case apart: a repetition goes on where it ended.
    const std::string scope(write_.scope.begin(), write_.scope.end());
    request.scope = services_.keys.mac("idempotency-scope", scope + item.id);
    request.body_mac = write_.body_mac;
    engine::RecalculationRequest command;
    command.id = id.value_or(engine::CaseId{});
    command.expected_version = item.expected_version;
    command.decision = {calendar_, {}, asked_.accept, asked_.reason};
    if (entry) command.decision.proposed = entry->proposal.recalculation;
    request.request = std::move(command);
    const bool is_known = entry.has_value();
    services_.sequencer.submit(std::move(request), [bulk = shared_from_this(), index, is_known](
                                                       const engine::Result<engine::CommandAnswer>& answer) {
      bulk->take(index, is_known, answer);
    });
  }

  void take(std::size_t index, bool is_known, const engine::Result<engine::CommandAnswer>& answer) {
    auto& result = results_[index];
    result = {{"case", asked_.items[index].id}};
    if (answer) {
      result["result"] = asked_.accept ? "accepted" : "declined";
      result["version"] = answer->after->state.version;
      done_ += 1;
    } else {
      const bool is_stale = !is_known && answer.error().members.contains("stale");
      result["result"] = "refused";
      result["problem"] = refusal_json(is_stale ? no_proposal() : answer.error());
    }
    if (--waiting_ == 0) go_on();
  }

  void finish() {
    services_.recalculation->wake();
    json body{{"decision", asked_.accept ? "accept" : "decline"},
              {"done", done_},
              {"refused", results_.size() - done_},
              {"items", std::move(results_)}};
    respond_(json_response(body));
  }

  const Services& services_;
  std::shared_ptr<Request> request_;
  engine::CommandRequest write_;
  DecisionsAsked asked_;
  std::shared_ptr<const engine::WorkingCalendar> calendar_;
  Respond respond_;
  std::size_t next_ = 0;
  std::size_t waiting_ = 0;
  std::uint64_t done_ = 0;
  std::vector<json> results_{};
};

/// Open proposals of the agencies in which the asker is supervisor.
std::vector<DecisionItem> all_open(const Services& services, const engine::Identity& asker,
                                   const engine::Digest& calendar) {
  std::vector<DecisionItem> items;
  engine::Case current;
  services.proposals->visit(calendar, std::nullopt, [&](const engine::ProposalEntry& entry) {
    current.received_by = entry.proposal.received_by;
    current.competent = entry.proposal.competent;
    if (entry.state == engine::ProposalState::open && engine::check_may_recalculate(asker, current)) {
      items.push_back({engine::to_text(entry.proposal.id), std::nullopt});
    }
    return items.size() < kAllMax;
  });
  return items;
}

/// The note that a supervisor asked: it holds the request's key, so that another body under the same key is
/// refused.
engine::CalendarNote note_of(const std::shared_ptr<const engine::WorkingCalendar>& calendar,
                             const DecisionsAsked& asked) {
  const json payload{{"all", asked.all},
                     {"calendar", engine::to_hex(calendar->hash)},
                     {"decision", asked.accept ? "accept" : "decline"},
                     {"items", asked.items.size()}};
  return {calendar, std::string(engine::kDecisionsAskedType), payload.dump(), false};
}

Result<std::shared_ptr<const engine::WorkingCalendar>> calendar_of(const Services& services,
                                                                   const Request& request) {
  const auto line = services.proposals->find(request.param("id"));
  auto calendar = line ? services.catalogue.calendar_by_hash(line->publication.published.hash) : nullptr;
  if (!calendar) return Rejection{RejectionCode::not_found, "there is no such version of a calendar"};
  return calendar;
}

void decide(const Services& services, const std::shared_ptr<Request>& request, Respond respond) {
  auto write = open_write(services, *request);
  if (!write) return respond(problem_response(write.error(), request->request_id));
  if (refuse_keyless(*request, respond)) return;
  const auto refuse = [&](const Rejection& why) { respond(problem_response(why, request->request_id)); };
  if (const auto role = engine::check_may_recalculate(write->asker); !role) return refuse(role.error());
  const auto calendar = calendar_of(services, *request);
  if (!calendar) return refuse(calendar.error());
  auto asked = parse_decisions(request->json);
  if (!asked) return refuse(asked.error());
  if (asked->all) asked->items = all_open(services, write->asker, (*calendar)->hash);
  auto note = *write;
  note.request = note_of(*calendar, *asked);
  const auto bulk = std::make_shared<Bulk>(services, request, *std::move(write), *std::move(asked), *calendar,
                                           std::move(respond));
  services.sequencer.submit(std::move(note), [bulk](const engine::Result<engine::CommandAnswer>& answer) {
    if (!answer) return bulk->refuse(answer.error());
    bulk->go_on();
  });
}

}  // namespace

void add_decision_routes(Router& router, const Services& services) {
  router.post("/api/v1/calendars/{id}/decisions",
              [&services](const std::shared_ptr<Request>& request, Respond respond) {
                decide(services, request, std::move(respond));
              });
}

}  // namespace motcua::api

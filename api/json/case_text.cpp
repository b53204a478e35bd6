#include "api/json/case_text.hpp"

#include "api/json/problem.hpp"
#include "api/json/view_json.hpp"
#include "engine/cases/consultation.hpp"
#include "engine/cases/rights.hpp"
#include "engine/prefill/form_values.hpp"
#include "engine/prefill/once_only.hpp"

#include <memory>
#include <optional>
// Without RAPIDJSON_SSE2: in 1.1.0 that path leaves U+001A to U+001F unescaped.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <string_view>
#include <utility>

namespace motcua::api {
namespace {

using nlohmann::json;

constexpr std::size_t kUsualBytes = 4096;

/// The library's writer with the few shapes that the view has.
class Text {
 public:
  Text() : buffer_(nullptr, kUsualBytes), writer_(buffer_) {}

  void key(std::string_view name) { writer_.Key(name.data(), size_of(name)); }
  void value(std::string_view text) { writer_.String(text.data(), size_of(text)); }
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(const char* text) { value(std::string_view(text)); }
  void value(std::int64_t number) { writer_.Int64(number); }
  void value(std::uint64_t number) { writer_.Uint64(number); }
  void null() { writer_.Null(); }
  void begin_object() { writer_.StartObject(); }
  void end_object() { writer_.EndObject(); }
  void begin_array() { writer_.StartArray(); }
  void end_array() { writer_.EndArray(); }
  void boolean(bool is_true) { writer_.Bool(is_true); }

  template <class T>
  void member(std::string_view name, const T& held) {
    key(name);
    value(held);
  }
  /// Null where the text is empty.
  void member_or_null(std::string_view name, const std::string& held) {
    key(name);
    held.empty() ? null() : value(held);
  }
  void member_time(std::string_view name, const std::optional<engine::Instant>& at) {
    key(name);
    at ? value(engine::to_rfc3339(*at)) : null();
  }
  template <class List>
  void member_list(std::string_view name, const List& list) {
    key(name);
    begin_array();
    for (const auto& item : list) value(item);
    end_array();
  }
  void value(const engine::StepName& step) { value(step.value); }

  /// A tree of at most 32 levels (JSON gate) or of our own making.
  void tree(const json& node) {
    switch (node.type()) {
      case json::value_t::object:
        begin_object();
        for (const auto& [name, held] : node.items()) {
          key(name);
          tree(held);
        }
        end_object();
        break;
      case json::value_t::array:
        begin_array();
        for (const auto& item : node) tree(item);
        end_array();
        break;
      case json::value_t::string:
        value(node.get_ref<const std::string&>());
        break;
      case json::value_t::boolean:
        boolean(node.get<bool>());
        break;
      case json::value_t::number_integer:
        value(node.get<std::int64_t>());
        break;
      case json::value_t::number_unsigned:
        value(node.get<std::uint64_t>());
        break;
      case json::value_t::number_float:
        raw(node.dump());
        break;
      case json::value_t::null:
      case json::value_t::binary:
      case json::value_t::discarded:
        null();
        break;
    }
  }
  void member_tree(std::string_view name, const json& node) {
    key(name);
    tree(node);
  }

  /// JSON text of an array, as it stands.
  void raw_array(const std::string& array) {
    writer_.RawValue(array.data(), array.size(), rapidjson::kArrayType);
  }

  std::string take() { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  static rapidjson::SizeType size_of(std::string_view text) {
    return static_cast<rapidjson::SizeType>(text.size());
  }
  void raw(const std::string& number) {
    writer_.RawValue(number.data(), number.size(), rapidjson::kNumberType);
  }

  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

void write_label(Text& text, std::string_view name, const engine::Label& label) {
  text.key(name);
  text.begin_object();
  text.member("vi", label.vi);
  text.member("en", label.en);
  text.end_object();
}

void write_identity(Text& text, const engine::LoadedCase& current) {
  const auto& state = current.state;
  text.member("id", engine::to_text(state.id));
  text.key("codes");
  text.begin_array();
  for (const auto& code : state.codes) {
    text.begin_object();
    text.member("system", code.system);
    text.member("code", code.code);
    text.end_object();
  }
  text.end_array();
  text.key("procedure");
  text.begin_object();
  text.member("code", state.pins.procedure.value);
  text.member("version", state.pins.procedure_version);
  if (current.rules.definition) {
    write_label(text, "name", current.rules.definition->name);
  } else {
    text.key("name");
    text.null();
  }
  text.end_object();
  text.member("channel", state.channel);
}

void write_stage(Text& text, const engine::Case& state) {
  text.member("version", state.version);
  text.member("stage", engine::name_of(state.stage));
  const auto portal = engine::portal_status(state.stage);
  text.key("portal_status");
  text.begin_object();
  text.member("code", static_cast<std::int64_t>(portal.code));
  text.member("name", portal.name);
  text.end_object();
}

void write_promises(Text& text, const engine::Case& state) {
  text.key("promises");
  text.begin_array();
  for (const auto& promise : state.promises) {
    text.begin_object();
    text.member("due_at", engine::to_rfc3339(promise.due_at));
    text.member("made_at", engine::to_rfc3339(promise.made_at));
    text.member("basis", promise.basis);
    if (!promise.reason.empty()) text.member("reason", promise.reason);
    text.member("told_how", promise.told_how);
    text.end_object();
  }
  text.end_array();
}

void write_time(Text& text, const engine::Case& state) {
  text.key("clock");
  text.begin_object();
  text.member("state", engine::name_of(state.clock.state));
  text.member_or_null("reason", state.clock.reason);
  text.member_time("since", state.clock.since);
  text.end_object();
  write_promises(text, state);
  text.member_time("legal_due", state.due.legal_due);
  text.member_time("due_at", state.due.due_at);
  text.key("remaining");
  state.due.remaining ? text.value(state.due.remaining->count) : text.null();
}

void write_work(Text& text, const engine::Case& state) {
  text.member_list("steps", state.steps);
  text.key("steps_due");
  text.begin_object();
  for (const auto& [step, due] : state.step_due) text.member(step.value, engine::to_rfc3339(due));
  text.end_object();
  text.key("assignees");
  text.begin_object();
  for (const auto& [step, officer] : state.assignees) text.member(step.value, officer.value);
  text.end_object();
  text.key("missing");
  text.begin_array();
  for (const auto& item : state.missing) {
    text.begin_object();
    if (!item.procedure.empty()) {
      text.member("procedure", item.procedure.value);
    } else {
      item.paper.empty() ? text.member("pointer", item.pointer) : text.member("paper", item.paper.value);
    }
    text.end_object();
  }
  text.end_array();
  text.member_list("supplement_open", state.supplement_open);
  text.key("papers");
  text.begin_array();
  for (const auto& paper : state.papers) {
    text.begin_object();
    text.member("code", paper.code.value);
    if (!paper.document_id.empty()) text.member("document_id", paper.document_id);
    text.end_object();
  }
  text.end_array();
}

/// Delegations of steps, and the last step that was taken from its holder.
void write_people(Text& text, const engine::Case& state) {
  text.key("delegations");
  text.begin_object();
  for (const auto& [step, delegation] : state.delegations) {
    text.key(step.value);
    text.begin_object();
    text.member("from", delegation.from.value);
    text.member("to", delegation.to.value);
    text.member_time("until", delegation.until);
    text.end_object();
  }
  text.end_object();
  text.key("taken_over");
  if (!state.taken_over) return text.null();
  text.begin_object();
  text.member("step", state.taken_over->step.value);
  text.member("from", state.taken_over->from.value);
  text.member("by", state.taken_over->by.value);
  text.member("at", engine::to_rfc3339(state.taken_over->at));
  text.end_object();
}

void write_consultations(Text& text, const engine::Case& state) {
  text.key("consultations");
  text.begin_array();
  for (const auto& asked : state.consultations) {
    const bool is_open = engine::open_consultation(state, asked.agency) == &asked;
    text.begin_object();
    text.member("asked_version", asked.asked_version);
    text.member("agency", asked.agency.value);
    text.member("state", asked.answered_at ? "answered" : is_open ? "open" : "closed");
    text.member("asked_at", engine::to_rfc3339(asked.asked_at));
    text.member_time("acknowledge_by", asked.acknowledge_by);
    text.member_time("acknowledged_at", asked.acknowledged_at);
    text.member_time("due_at", asked.due_at);
    text.member_time("answered_at", asked.answered_at);
    text.member_or_null("opinion_code", asked.opinion_code);
    text.end_object();
  }
  text.end_array();
}

/// Cases of linked procedures, the case for which this one was opened, and procedures that must come first.
void write_linked(Text& text, const engine::Case& state) {
  text.key("linked");
  text.begin_array();
  for (const auto& linked : state.linked) {
    text.begin_object();
    text.member("link", linked.link);
    text.member("procedure", linked.procedure.value);
    text.member_or_null("case", linked.case_id);
    text.member_or_null("code", linked.code);
    text.member_or_null("agency", linked.agency.value);
    text.member("opened_at", engine::to_rfc3339(linked.opened_at));
    text.member_time("ended_at", linked.ended_at);
    text.member_or_null("outcome", linked.outcome);
    text.key("results");
    text.begin_array();
    for (const auto& result : linked.results) {
      text.begin_object();
      text.member("code", result.code);
      if (!result.document_id.empty()) text.member("document_id", result.document_id);
      text.end_object();
    }
    text.end_array();
    text.end_object();
  }
  text.end_array();
  text.key("linked_from");
  if (!state.linked_from) {
    text.null();
  } else {
    text.begin_object();
    text.member("case", state.linked_from->case_id);
    text.member("code", state.linked_from->code);
    text.member("link", state.linked_from->link);
    text.end_object();
  }
  text.key("prerequisites");
  text.begin_array();
  for (const auto& earlier : state.earlier) {
    text.begin_object();
    text.member("procedure", earlier.procedure.value);
    text.key("found");
    text.boolean(earlier.found);
    text.member_or_null("case", earlier.case_id);
    text.member_or_null("code", earlier.code);
    text.end_object();
  }
  text.end_array();
}

/// A personal value, or null for none. Not copied unless it has to be masked.
void write_personal(Text& text, std::string_view name, const json* value, bool masked) {
  text.key(name);
  if (value == nullptr) {
    text.null();
  } else if (masked) {
    text.tree(masked_values(*value));
  } else {
    text.tree(*value);
  }
}

void write_results(Text& text, const engine::LoadedCase& current, bool masked) {
  text.key("results");
  text.begin_array();
  for (const auto& result : current.state.results) {
    text.begin_object();
    text.member("code", result.code);
    if (!result.document_id.empty()) text.member("document_id", result.document_id);
    const auto typed = current.content->results.find(result.code);
    if (typed != current.content->results.end()) write_personal(text, "data", &*typed, masked);
    text.end_object();
  }
  text.end_array();
}

engine::FieldState state_of(const json& data, const std::string& pointer, const engine::Provenance& origin) {
  const bool given = engine::given_at(data, pointer) != nullptr;
  return engine::field_state(given, origin.source, origin.answer_class, origin.overridden);
}

void write_provenance(Text& text, const engine::LoadedCase& current) {
  const auto& data = current.content->data;
  text.key("provenance");
  text.begin_object();
  for (const auto& [pointer, origin] : *current.state.provenance) {
    text.key(pointer);
    text.begin_object();
    text.member("source", origin.source);
    text.member("state", engine::name_of(state_of(data, pointer, origin)));
    text.member_or_null("class", origin.answer_class);
    text.member("data_time", engine::to_rfc3339(origin.data_time));
    if (!origin.lookup.empty()) text.member("lookup", origin.lookup);
    if (origin.overridden) {
      text.key("overridden");
      text.boolean(true);
    }
    text.end_object();
  }
  text.end_object();
}

/// How much the citizen had to give; null where the form is not known any more.
void write_once_only(Text& text, const engine::LoadedCase& current) {
  text.key("once_only");
  if (!current.rules.definition) {
    text.null();
    return;
  }
  const auto& origins = *current.state.provenance;
  static const engine::Provenance kUnknown{};
  engine::OnceOnlyTotals totals;
  for (const auto& leaf : current.rules.definition->leaves) {
    const auto found = origins.find(leaf.pointer);
    totals.count(
        state_of(current.content->data, leaf.pointer, found == origins.end() ? kUnknown : found->second));
  }
  text.begin_object();
  text.member("leaves", std::uint64_t{totals.leaves});
  text.member("asked", std::uint64_t{totals.asked});
  text.member("prefilled", std::uint64_t{totals.prefilled});
  text.member("derived", std::uint64_t{totals.derived});
  text.member("overridden", std::uint64_t{totals.overridden});
  text.member("pending", std::uint64_t{totals.pending});
  text.member("unavailable", std::uint64_t{totals.unavailable});
  text.end_object();
}

void write_values(Text& text, const engine::LoadedCase& current, bool masked) {
  const auto& content = *current.content;
  text.key("applicant");
  masked ? text.tree(masked_applicant(content.applicant)) : text.tree(content.applicant);
  write_personal(text, "data", &content.data, masked);
  write_provenance(text, current);
  write_once_only(text, current);
  if (!content.complete) {
    text.key("erased");
    text.boolean(true);
  }
}

/// Open tasks with what the form says and what the register says.
void write_tasks(Text& text, const engine::LoadedCase& current, bool masked) {
  const auto& content = *current.content;
  text.key("tasks");
  text.begin_array();
  for (const auto& task : current.state.tasks) {
    const auto said = content.registered.find(task.pointer);
    text.begin_object();
    text.member("kind", task.kind);
    text.member("pointer", task.pointer);
    write_personal(text, "given", engine::value_below(content.data, task.pointer), masked);
    write_personal(text, "register", said == content.registered.end() ? nullptr : &*said, masked);
    text.member("opened_at", engine::to_rfc3339(task.opened_at));
    text.member_or_null("lookup", task.lookup);
    text.end_object();
  }
  text.end_array();
}

void write_payments(Text& text, const engine::Case& state) {
  text.key("payments");
  text.begin_array();
  for (const auto& payment : state.payments) {
    text.begin_object();
    text.member("fee_code", payment.fee_code);
    text.key("amount_vnd");
    payment.amount_vnd ? text.value(*payment.amount_vnd) : text.null();
    text.key("paid_vnd");
    text.value(payment.paid_vnd);
    text.member("requested_at", engine::to_rfc3339(payment.requested_at));
    text.member_time("paid_at", payment.paid_at);
    text.end_object();
  }
  text.end_array();
}

void write_duties(Text& text, const engine::Case& state) {
  text.key("duties");
  text.begin_array();
  for (const auto& duty : state.duties) {
    text.begin_object();
    text.member("kind", duty.kind);
    text.member("state", duty.closed_at ? "done" : "open");
    text.member("opened_at", engine::to_rfc3339(duty.opened_at));
    text.member_time("closed_at", duty.closed_at);
    text.end_object();
  }
  text.end_array();
}

void write_allowed(Text& text, const engine::LoadedCase& current, const engine::Identity& asker,
                   CaseMoment moment, const engine::Attendance& attendance) {
  text.key("allowed_commands");
  text.begin_array();
  if (moment == CaseMoment::now && current.rules.definition) {
    for (const auto& allowed : engine::allowed_commands(current.view(), current.rules, asker, attendance)) {
      text.begin_object();
      text.member("command", allowed.command);
      if (!allowed.event.empty()) text.member("event", allowed.event);
      write_label(text, "label", *allowed.label);
      text.member_list("requires", *allowed.requires_);
      if (!allowed.blocked_by.is_null()) text.member_tree("blocked_by", allowed.blocked_by);
      text.end_object();
    }
  }
  text.end_array();
}

/// What only new values, rules or provenance change: an object of its own, kept with the case unless masked.
std::shared_ptr<const std::string> standing_text(const engine::LoadedCase& current, bool masked) {
  if (!masked && current.standing_text) return current.standing_text;
  const auto& state = current.state;
  Text text;
  text.begin_object();
  write_identity(text, current);
  write_values(text, current, masked);
  text.key("fees");
  text.raw_array(current.rules.definition ? current.rules.definition->fees_text : "[]");
  text.key("agency");
  text.begin_object();
  text.member("received_by", state.received_by.value);
  text.member("competent", state.competent.value);
  text.end_object();
  text.member("created_at", engine::to_rfc3339(state.created_at));
  text.end_object();
  auto made = std::make_shared<const std::string>(text.take());
  if (!masked) current.standing_text = made;
  return made;
}

/// What may change with every event, as an object of its own.
std::string moving_text(const engine::LoadedCase& current, const engine::Identity& asker, CaseMoment moment,
                        const engine::Attendance& attendance, bool masked) {
  const auto& state = current.state;
  Text text;
  text.begin_object();
  write_stage(text, state);
  write_time(text, state);
  write_work(text, state);
  write_people(text, state);
  write_consultations(text, state);
  write_linked(text, state);
  write_tasks(text, current, masked);
  write_duties(text, state);
  write_payments(text, state);
  write_results(text, current, masked);
  write_allowed(text, current, asker, moment, attendance);
  text.member_list("flags", state.flags);
  text.member_time("resolved_at", state.resolved_at);
  text.member_time("returned_at", state.returned_at);
  text.end_object();
  return text.take();
}

}  // namespace

std::string case_text(const engine::LoadedCase& current, const engine::Identity& asker, CaseMoment moment,
                      const engine::Attendance& attendance) {
  const bool masked = engine::sees_masked(asker, current.state);
  const auto standing = standing_text(current, masked);
  const auto moving = moving_text(current, asker, moment, attendance, masked);
  std::string body;
  body.reserve(standing->size() + moving.size());
  body.append(*standing, 0, standing->size() - 1);
  body.push_back(',');
  body.append(moving, 1);
  return escape_hazards(std::move(body));
}

}  // namespace motcua::api

#include "tests/simulation/judge.hpp"

#include "tests/simulation/differences.hpp"

#include <algorithm>
#include <iostream>

namespace motcua::simulation {

using engine::CaseHandle;
using model::Command;
using model::Micros;
using model::OfficeCase;
using model::Verdict;

namespace {

constexpr std::size_t kStoryKept = 10;

std::string listed(const Verdict& verdict) {
  std::string text = verdict.is_repetition ? "the earlier answer" : verdict.may_be_accepted ? "accepted" : "";
  for (const auto& problem : verdict.refusals) text += (text.empty() ? "" : " or ") + problem;
  return text;
}

std::string said(const Command& command) {
  auto text =
      command.actor.sub + '@' + command.actor.agency + ' ' + (command.name.empty() ? "?" : command.name);
  if (!command.code.empty()) text += ' ' + command.code;
  if (!command.value.is_null()) text += ' ' + command.value.dump();
  if (command.expected_version) text += " at version " + std::to_string(*command.expected_version);
  return text + " (" + command.key + ')';
}

}  // namespace

Judge::Judge(OfficeEngine& engine, model::OfficeModel& book, Statistics& statistics)
    : engine_(engine), book_(book), statistics_(statistics), position_(engine.store().head().position) {}

void Judge::tell(const std::string& case_id, std::string line) {
  line = "step " + std::to_string(step) + "  " + engine::to_rfc3339(engine_.clock().now()) + "  " + line;
  if (trace_) std::cout << line << "  [" << case_id << "]\n";
  auto& story = stories_[case_id];
  story.push_back(std::move(line));
  if (story.size() > kStoryKept) story.pop_front();
}

CaseHandle Judge::load(const std::string& case_id, std::uint64_t version) const {
  const auto id = engine::parse_case_id(case_id);
  if (!id) throw Discrepancy{"no such id", case_id};
  const auto loaded = engine_.loader().load(*id, {version, std::nullopt});
  if (!loaded) throw Discrepancy{"the case cannot be loaded: " + loaded.error().what, case_id};
  if (!*loaded) throw Discrepancy{"the case is not in the store", case_id};
  return *loaded;
}

void Judge::answer(const Command& command, const Answer& answer, Micros now, bool suspect,
                   const std::string& also) {
  ++statistics_.commands;
  const auto verdict = book_.judge(command, now, suspect);
  const std::string came = answer ? "accepted" : engine::name_of(answer.error().code);
  auto id = command.case_id;
  if (answer && answer->after) id = engine::to_text(answer->after->state.id);
  tell(id,
       said(command) + " -> " + came +
           (answer && answer->after ? " at version " + std::to_string(answer->after->state.version) : ""));
  if (!answer) {
    ++statistics_.refused[came];
    if (!also.empty() && came == also) return;
    if (verdict.refusals.contains(came)) return;
    throw Discrepancy{said(command) + ": the model expects " + listed(verdict) + ", the engine answers " +
                          came + " (" + answer.error().detail + ' ' + answer.error().members.dump() + ')',
                      id};
  }
  if (!verdict.may_be_accepted) {
    throw Discrepancy{said(command) + ": the model expects " + listed(verdict) + ", the engine accepts", id};
  }
  if (!answer->after) throw Discrepancy{"an accepted command shows no case", id};
  if (verdict.is_repetition) {
    repetition(command, *answer);
    return;
  }
  if (answer->repeated) throw Discrepancy{said(command) + ": taken for a repetition", id};
  if (answer->status != (command.name == "file" ? 201 : 200)) throw Discrepancy{"wrong status", id};
  ++statistics_.accepted[command.name];
  accept(command, verdict, answer->after, now);
}

void Judge::repetition(const Command& command, const engine::CommandAnswer& answer) {
  const auto* earlier = book_.earlier(command);
  const auto id = engine::to_text(answer.after->state.id);
  const auto version = answer.after->state.version;
  if (!answer.repeated || id != earlier->case_id || version != earlier->version) {
    throw Discrepancy{said(command) + ": a repetition was carried out again, or answered otherwise", id};
  }
  const auto& first = handles_.at(id).at(version);
  if (!(first->state == answer.after->state) || !(*first->content == *answer.after->content)) {
    throw Discrepancy{said(command) + ": a repetition shows another case than the first answer", id};
  }
  ++statistics_.checks["repetitions answered alike"];
}

void Judge::accept(const Command& command, const Verdict& verdict, const CaseHandle& after, Micros now) {
  const auto facts = facts_of(*after);
  const auto* known = book_.find(facts.case_id);
  if (command.name == "file" && known != nullptr)
    throw Discrepancy{"a case id was given twice", facts.case_id};
  const auto before = known == nullptr ? std::optional<OfficeCase>{} : std::optional<OfficeCase>{*known};
  const Micros recorded_at = book_.recorded_at(now);
  const auto& current = book_.accept(command, verdict, facts, now);
  expected_.push_back({engine::StreamKind::case_, current.id, current.version, command.name,
                       command.actor.sub, now, recorded_at});
  handles_[current.id][after->state.version] = after;
  if (const auto differing = differences(current, *after); !differing.empty()) {
    throw Discrepancy{"after " + said(command) + ":\n" + differing, current.id};
  }
  effects(command, before ? &*before : nullptr, current);
}

void Judge::effects(const Command& command, const OfficeCase* before, const OfficeCase& after) {
  static const std::set<std::string> kMayClose{"answer",  "withdraw",         "stop",
                                               "resolve", "refuse_reception", "supply",
                                               "step",    "return_result",    "correct"};
  for (const auto& effect : after.effects) {
    const bool is_new = before == nullptr || !before->effects.contains(effect);
    if (is_new && effect.first != after.version) throw Discrepancy{"an effect was opened again", after.id};
  }
  if (before == nullptr) return;
  const bool closed = std::any_of(before->effects.begin(), before->effects.end(),
                                  [&](const auto& effect) { return !after.effects.contains(effect); });
  if (closed && !kMayClose.contains(command.name)) {
    throw Discrepancy{command.name + " closed an effect that nobody answered", after.id};
  }
  if (after.is_final() && !after.effects.empty()) throw Discrepancy{"a closed case asks on", after.id};
}

void Judge::written(const Command& command, Micros now) {
  const auto verdict = book_.judge(command, now);
  if (!verdict.may_be_accepted || verdict.is_repetition) return;
  const auto next = position_ + expected_.size() + 1;
  std::optional<engine::LogEntry> found;
  const auto scanned = engine_.store().scan_log(next, [&](const engine::LogEntry& entry) {
    found = entry;
    return false;
  });
  const bool may_be_refused = !verdict.refusals.empty();
  if (!scanned || !found || found->stream.kind != engine::StreamKind::case_) {
    if (may_be_refused) return;
    throw Discrepancy{said(command) + ": written, and gone after the restart", command.case_id};
  }
  const auto id = engine::to_text(engine::case_of(found->stream));
  const auto* known = book_.find(id);
  const bool fits = command.name == "file" ? known == nullptr : id == command.case_id;
  if (!fits || found->version != (known == nullptr ? 1 : known->version + 1)) {
    if (may_be_refused) return;
    throw Discrepancy{said(command) + ": another record stands in its place", command.case_id};
  }
  tell(id, said(command) + " -> written, answer lost");
  ++statistics_.accepted[command.name];
  accept(command, verdict, load(id, found->version), now);
}

void Judge::recorded(const Command& command, Micros now, bool with_lookup) {
  const auto verdict = book_.judge(command, now);
  if (!verdict.may_be_accepted || verdict.is_repetition) {
    throw Discrepancy{said(command) + ": the model expects nothing to be recorded", command.case_id};
  }
  tell(command.case_id, said(command) + " -> recorded");
  ++statistics_.accepted[command.name];
  if (with_lookup) {
    expected_.push_back({engine::StreamKind::lookup, "", 1, "", "", now, book_.recorded_at(now)});
    book_.recorded(now);
  }
  const auto version = book_.find(command.case_id)->version + 1;
  accept(command, verdict, load(command.case_id, version), now);
}

}  // namespace motcua::simulation

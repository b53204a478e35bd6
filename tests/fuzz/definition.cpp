// Procedure, calendar and organisation files as somebody might send them: each is loaded or has findings, by
// the loader and the linter alike; and what was loaded can be worked with without an end in sight being lost.
#include "engine/deadline/counting.hpp"
#include "engine/procedure/machine.hpp"
#include "tests/fuzz/target.hpp"
#include "workflows/loader/lint.hpp"
#include "workflows/loader/loaded_catalogue.hpp"
#include "workflows/loader/readers.hpp"

#include <chrono>

namespace motcua::fuzz {
namespace {

using workflows::FileKind;
using workflows::Findings;
using workflows::LoadedCatalogue;

/// What a text describes, by members that the other kinds do not have.
FileKind kind_of(std::string_view text) {
  if (text.find("\"agencies\"") != std::string_view::npos) return FileKind::organisation;
  const bool calendar =
      text.find("\"weekly\"") != std::string_view::npos || text.find("\"parent\"") != std::string_view::npos;
  return calendar ? FileKind::calendar : FileKind::procedure;
}

Findings add(LoadedCatalogue& catalogue, FileKind kind, const std::string& bytes) {
  switch (kind) {
    case FileKind::procedure:
      return catalogue.add_procedure(bytes);
    case FileKind::calendar:
      return catalogue.add_calendar(bytes);
    case FileKind::organisation:
      break;
  }
  return catalogue.add_organisation(bytes);
}

void check_findings(const Findings& findings, std::string_view bytes) {
  const auto lines = 1 + std::count(bytes.begin(), bytes.end(), '\n');
  for (const auto& finding : findings) {
    promise(!finding.rule.empty() && !finding.message.empty(), "a finding has rule and message");
    promise(finding.line >= 0 && finding.line <= lines, "a finding points into the file");
    promise(finding.pointer.empty() || finding.pointer.front() == '/', "a finding's place is a JSON pointer");
  }
  (void)workflows::to_text(findings);
}

/// Every event from every place the machine reaches: a bounded number of moves, each to active steps.
void walk(const engine::Machine& machine) {
  constexpr int kMovesMax = 64;
  const nlohmann::json facts{{"data", nlohmann::json::object()}, {"channel", "counter"}};
  auto active = engine::initial_steps(machine);
  promise(!active.empty(), "a machine begins somewhere");
  int moves = 0;
  for (const auto& state : machine.states) {
    for (const auto& transition : state.transitions) {
      if (++moves > kMovesMax) return;
      const auto move = engine::take(machine, active, transition.event, facts);
      if (!move) continue;
      promise(!move->active.empty(), "a move ends in active steps");
      active = move->active;
      (void)engine::offered_events(machine, active, facts);
      (void)engine::in_final_state(machine, active);
    }
  }
}

void use(const engine::Definition& definition, const std::string& bytes) {
  promise(definition.hash == workflows::sha256(bytes) && definition.document->bytes() == bytes,
          "a procedure is named by the hash of its bytes");
  walk(definition.machine);
  for (const auto& leaf : definition.leaves) (void)definition.subject_of(leaf.pointer);
  if (definition.shape) (void)definition.shape->check({{"child", {{"full_name", 7}}}, {"list", {1, "x"}}});
}

void use(const engine::WorkingCalendar& calendar) {
  const auto monday =
      engine::instant_at(engine::LocalDay{std::chrono::year{2026} / 3 / 2}, std::chrono::hours{8});
  const engine::WorkingSeconds hour{3600};
  const auto due = engine::add_working_time(calendar, monday, hour);
  promise(due > monday, "working time takes time");
  promise(due == engine::no_opening() || engine::working_time_between(calendar, monday, due) == hour,
          "what was counted is what lies between");
  const auto opening = engine::opening_at_or_after(calendar, monday, engine::Hours::reception);
  promise(opening >= monday &&
              engine::opening_at_or_after(calendar, opening, engine::Hours::reception) == opening,
          "an opening is open");
}

}  // namespace

void try_input(std::string_view input) {
  const std::string bytes(input);
  const auto kind = kind_of(input);
  const auto findings = workflows::lint_bytes(kind, bytes, "fuzzed");
  check_findings(findings, input);
  LoadedCatalogue catalogue;
  const auto added = add(catalogue, kind, bytes);
  promise(has_errors(added) == has_errors(findings), "loader and linter agree");
  promise(has_errors(added) == catalogue.artifacts().empty(), "a file is loaded or has errors");
  LoadedCatalogue published;
  const auto replayed = published.add_published(kind, bytes);
  promise(has_errors(replayed) == published.artifacts().empty(), "a stored file is read or has errors");
  promise(has_errors(replayed) <= has_errors(added), "what was once fit to publish can be read for ever");
  for (const auto& artifact : catalogue.artifacts()) {
    if (const auto definition = catalogue.definition_by_hash(artifact.hash)) use(*definition, bytes);
    if (const auto calendar = catalogue.calendar_by_hash(artifact.hash)) use(*calendar);
  }
}

}  // namespace motcua::fuzz

#include "engine/runtime/migration_preview.hpp"

#include "engine/cases/migration.hpp"
#include "engine/cases/rights.hpp"
#include "engine/runtime/case_loader.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {
namespace {

/// Cases that one page reads before it returns with a cursor.
constexpr std::size_t kExaminedMax = 2000;

/// Until reception a case follows the version in force; with a result, none any more.
bool waits_in_the_office(const WorklistItem& item) {
  return item.queue != Queue::reception && item.queue != Queue::return_;
}

Result<Decision> decided(const LoadedCase& current, const MigrationAsked& asked) {
  const auto& rules = current.rules;
  if (!rules.definition || !rules.calendar || !rules.organisation) {
    return Rejection{RejectionCode::not_allowed, "the rules that the case pins are not in this store"};
  }
  const CommandContext context{rules, asked.asker, asked.now, nullptr, nullptr, asked.target};
  if (const auto role = check_role(asked.asker, current.state, asked.command, *rules.definition); !role) {
    return role.error();
  }
  return decide(current.view(), asked.command, context);
}

MigrationLine line_of(const LoadedCase& current, const MigrationAsked& asked) {
  const auto& state = current.state;
  MigrationLine line;
  line.id = state.id;
  if (!state.codes.empty()) line.code = state.codes.front().code;
  line.version = state.version;
  line.from_version = state.pins.procedure_version;
  line.steps = state.steps;
  line.due_before = line.due_after = state.due.due_at;
  const auto decision = decided(current, asked);
  if (!decision) {
    line.problem = decision.error();
    return line;
  }
  const auto after =
      evolve(state, decision->event, {state.id, state.version + 1, asked.now, asked.asker.sub, ""});
  line.steps_after = after.steps;
  line.due_after = after.due.due_at;
  return line;
}

}  // namespace

FaultOr<std::vector<CaseId>> cases_in_the_office(const EventStore& store,
                                                 const std::function<bool(const WorklistItem&)>& wanted) {
  return waiting_cases(store,
                       [&](const WorklistItem& item) { return waits_in_the_office(item) && wanted(item); });
}

FaultOr<std::vector<CaseId>> cases_to_migrate(const EventStore& store, const Definition& target,
                                              std::optional<std::int64_t> from_version) {
  return cases_in_the_office(store, [&](const WorklistItem& item) {
    const auto version = item.procedure_version;
    return item.procedure == target.code && version != target.version &&
           version == from_version.value_or(version);
  });
}

FaultOr<MigrationPage> preview_migration(const EventStore& store, KeyStore& keys, const Catalogue& catalogue,
                                         const MigrationAsked& asked) {
  const auto ids = cases_to_migrate(store, *asked.target, asked.from_version);
  if (!ids) return ids.error();
  const CaseLoader loader(store, &keys, catalogue);
  MigrationPage page;
  std::size_t examined = 0;
  auto next = asked.after ? std::upper_bound(ids->begin(), ids->end(), *asked.after) : ids->begin();
  for (; next != ids->end(); ++next) {
    if (page.lines.size() == asked.limit || examined++ == kExaminedMax) {
      page.next = *(next - 1);
      return page;
    }
    const auto current = loader.load(*next);
    if (!current) return current.error();
    if (!*current || !may_see(asked.asker, (*current)->state)) continue;
    const auto& state = (*current)->state;
    // It may have moved since the rows were read.
    if (state.pins.procedure_version == asked.target->version) continue;
    page.lines.push_back(line_of(**current, asked));
  }
  return page;
}

}  // namespace motcua::engine

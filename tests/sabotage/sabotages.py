"""The promises that are broken on purpose, one at a time: what is changed, and which test must see it.

`old` stands exactly once in `file`. `target` is built, `test` must then fail: a filter of that GoogleTest program, or
the arguments of any other program, which begin with dashes.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Sabotage:
    name: str
    file: str
    old: str
    new: str
    target: str
    test: str


SABOTAGES = (
    Sabotage(
        "answer before the sync", "engine/runtime/sequencer.cpp",
        "  const auto written = ports_.store.append(group->batch);\n",
        "  deliver(std::make_unique<Group>(Group{.answers = std::move(group->answers)}));\n"
        "  const auto written = ports_.store.append(group->batch);\n",
        "runtime_test", "Durability.ARejectionThatReadAnUncommittedStateDoesNotArriveBeforeTheCommit"),
    Sabotage(
        "sync=false", "storage/rocksdb/rocksdb_tables.cpp",
        "options.sync = true;", "options.sync = false;",
        "storage_tests", "RocksdbSync.EveryAppendAndEveryEpochIsSyncedBeforeItIsAnswered"),
    Sabotage(
        "a rejection that does not wait", "engine/runtime/decider.cpp",
        "  group.answers.emplace_back(std::move(reply), std::move(answer));\n",
        "  if (answer.has_error()) return reply(std::move(answer));\n"
        "  group.answers.emplace_back(std::move(reply), std::move(answer));\n",
        "runtime_test", "Durability.ARejectionThatReadAnUncommittedStateDoesNotArriveBeforeTheCommit"),
    Sabotage(
        "the idempotency row left out of the batch", "engine/runtime/decider_accept.cpp",
        "  group.batch.idempotency.push_back(repeat);\n", "",
        "runtime_test", "Idempotency.ARepetitionGetsTheFirstAnswerAndWritesNothing"),
    Sabotage(
        "the version check dropped", "engine/runtime/decider.cpp",
        "  return expected <= current.version && expected >= current.foreground_version;\n",
        "  return expected <= current.version || current.foreground_version > 0;\n",
        "runtime_test", "Sequencing.OfTwoCommandsWithTheSameExpectedVersionExactlyOneWins"),
    Sabotage(
        "a stale row not deleted", "engine/cases/rows.cpp",
        "      changes.push_back({old->key, std::nullopt});\n", "",
        "runtime_test", "Views.AreCleanAfterEveryKindOfCommandAndARestart"),
    Sabotage(
        "a duplicate answered from memory", "engine/runtime/decider.cpp",
        "  const auto after = loader_.load(id, {(*stored)->version, std::nullopt});\n",
        "  const auto after = FaultOr<CaseHandle>(*load(id));\n",
        "runtime_test", "Idempotency.ARepetitionAfterLaterEventsIsAnsweredFromTheCaseAtThatVersion"),
    Sabotage(
        "recorded_at not clamped", "engine/runtime/decider_accept.cpp",
        "record.recorded_at = std::max(now, last_recorded_);", "record.recorded_at = now;",
        "runtime_test", "Sequencing.RecordedTimeNeverGoesBackEvenIfTheClockDoes"),
    Sabotage(
        "a timer row kept after firing", "engine/cases/engine_commands.cpp",
        "  outcome.timers_cancelled = {command.kind};\n", "",
        "cases_test", "Rows.EachTimerHasOneRowThatGoesWhenItFires"),
    Sabotage(
        "a due instant recomputed in evolve", "engine/cases/evolve.cpp",
        "  if (outcome.due) current.due = *outcome.due;\n",
        "  if (outcome.due) current.due = *outcome.due;\n"
        "  if (current.clock.since && current.due.due_at) current.due.due_at ="
        " std::max(*current.due.due_at, *current.clock.since);\n",
        "cases_test", "Evolve.CopiesTheInstantsThatEachEventStatesHoweverOdd"),
    Sabotage(
        "a limit that ends on a day off", "engine/deadline/standing.cpp",
        "!counts_days_off(question_.limit) || left_ == 1; }", "!counts_days_off(question_.limit); }",
        "deadline_test", "StandingProperty.ADueInstantLiesInAWindowOrAtItsClosingMinute"),
    Sabotage(
        "a longer limit that ends earlier", "engine/deadline/standing.cpp",
        "  return seconds{std::min(total_amount(limit), kAmountMax) *",
        "  return seconds{std::min(total_amount(limit) % 4, kAmountMax) *",
        "deadline_test", "StandingProperty.MoreTimeOrALaterReceiptIsNeverDueEarlier"),
    Sabotage(
        "a pause that gives back the time before it", "engine/deadline/standing.cpp",
        "    left -= working_micros_between(question.processing, from, *stretch.to);\n", "",
        "deadline_test", "StandingProperty.APauseShiftsALimitInWorkingTimeByTheWorkingTimeThatPassed"),
    Sabotage(
        "a new day off that counts twice", "engine/deadline/standing.cpp",
        "    left_ -= 1;\n", "    left_ -= off ? 2 : 1;\n",
        "deadline_test", "StandingProperty.AnotherDayOffNeverMakesADateEarlier"),
    Sabotage(
        "counters that stay where the case was, after any command", "engine/cases/rows.cpp",
        "      if (!counts_alike(*old, *now)) {\n", "      if (false) {\n",
        "runtime_test", "Views.CountersEqualARecountOfTheWorklists"),
    Sabotage(
        "counters that stay where the case was, in a whole office", "engine/cases/rows.cpp",
        "      if (!counts_alike(*old, *now)) {\n", "      if (false) {\n",
        "office_simulation", "--seeds 1 --commands 300"),
    Sabotage(
        "timers commanded by the hundred before a request", "engine/runtime/timers.cpp",
        "virtual_clock_ == nullptr ? kPortion : kSlice", "kSlice",
        "runtime_test", "TimerSweeper.LetsARequestWaitBehindAFewTimersOnly"),
)

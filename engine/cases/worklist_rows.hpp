/// Worklist rows (hàng việc): what waits where, first due first, and how much of it there is. Codes and
/// instants only, never a personal value.
#pragma once

#include "engine/cases/case.hpp"
#include "engine/ports/event_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// Queues of the office (hàng việc): reception, processing, signing, return of results, and questions of
/// other agencies (cơ quan phối hợp).
enum class Queue : std::uint8_t { reception = 1, processing = 2, signing = 3, return_ = 4, consultation = 5 };
/// Where the time limit of a waiting case stands.
enum class Bucket : std::uint8_t { running = 1, paused = 2, no_limit = 3 };

[[nodiscard]] std::string_view name_of(Queue queue);
[[nodiscard]] std::string_view name_of(Bucket bucket);
[[nodiscard]] std::optional<Queue> queue_from(std::string_view name);
[[nodiscard]] std::optional<Bucket> bucket_from(std::string_view name);
[[nodiscard]] const std::vector<Queue>& all_queues();

/// A list of waiting cases in their order: a queue of an agency, or the part of it that one officer holds, or
/// that stands in one step of one procedure (officer, or procedure and step, are set; never both).
struct Lane {
  AgencyId agency{};
  Queue queue{};
  ActorId officer{};
  ProcedureCode procedure{};
  StepName step{};
};

/// Key prefix of a lane, or of one bucket of it. What follows it is the row's tail: the same in every lane
/// that the case waits in. Running rows ascend by (due, filed, case), paused ones by (remaining, filed,
/// case), those without a limit by (filed, case).
[[nodiscard]] std::string lane_prefix(const Lane& lane);
[[nodiscard]] std::string lane_prefix(const Lane& lane, Bucket bucket);
/// Key in the bucket `running` of `lane` below which everything is due before `due`.
[[nodiscard]] std::string lane_bound(const Lane& lane, Instant due);
/// Whether `tail` could follow a lane's prefix.
[[nodiscard]] bool is_lane_tail(std::string_view tail);
/// Due instant in the tail of a running row; nullopt for another tail.
[[nodiscard]] std::optional<Instant> due_in_tail(std::string_view tail);

/// Where the case waits. The row of the whole queue has the value; those of narrower lanes lead to it. Steps
/// whose role is signatory wait in `signing`, all others in `processing`; an unanswered question waits in
/// `consultation` of the agency that was asked.
void add_worklist_rows(const Case& current, std::vector<Row>& list);

/// What a worklist row says.
struct WorklistItem {
  Queue queue{};
  Bucket bucket{};
  CaseId id{};
  std::string code{};
  ProcedureCode procedure{};
  std::int64_t procedure_version = 0;
  std::uint64_t version = 0;
  std::string stage{};
  std::string step{};      ///< empty outside steps
  std::string assignee{};  ///< empty if nobody holds the step
  Instant filed_at{};
  std::optional<Instant> due_at{};
  std::optional<std::int64_t> remaining{};  ///< working seconds, while paused
  std::optional<Instant> step_due{};        ///< by when the step is to be done
  std::vector<std::string> flags{};
};
/// Reads the row of a whole queue; nullopt if it is none.
[[nodiscard]] std::optional<WorklistItem> read_worklist_row(const Row& row);

/// Counters that the row is counted in: its queue's and its step's, by stage and, while the limit runs, by
/// the day on which it is due. None for rows of narrower lanes and other tables.
[[nodiscard]] std::vector<std::string> counters_of(const Row& row);
/// Whether two rows of one key are counted alike.
[[nodiscard]] bool counts_alike(const Row& left, const Row& right);
/// Key prefixes of a lane's counters; the rest of the key is the stage's name, or the day.
[[nodiscard]] std::string stage_counters(const Lane& lane);
[[nodiscard]] std::string day_counters(const Lane& lane);
/// Day in the rest of such a key.
[[nodiscard]] LocalDay day_of_counter(std::string_view rest);
[[nodiscard]] std::string encode_counter(std::int64_t count);
[[nodiscard]] std::int64_t decode_counter(std::string_view value);

}  // namespace motcua::engine

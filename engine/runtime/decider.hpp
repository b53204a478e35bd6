/// Takes one command after the other through rights, idempotency, version and law, and gathers the group's
/// batch. Knows no thread: the sequencer calls it from its own.
#pragma once

#include "engine/ports/catalogue.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/disk_space.hpp"
#include "engine/ports/event_store.hpp"
#include "engine/ports/key_store.hpp"
#include "engine/runtime/case_cache.hpp"
#include "engine/runtime/command_request.hpp"
#include "engine/runtime/group.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace motcua::engine {

/// What the runtime stands on. All must outlive it.
struct RuntimePorts {
  EventStore& store;
  KeyStore& keys;
  const Catalogue& catalogue;
  Clock& clock;
  IdSource& ids;
  const DiskSpace* disk = nullptr;  ///< null: room without end
};

/// Most commands and bytes of one group.
inline constexpr std::size_t kGroupCommandsMax = 1024;
inline constexpr std::size_t kGroupBytesMax = std::size_t{4} * 1024 * 1024;

class Decider {
 public:
  /// Takes an epoch already: `epoch` goes into every batch.
  Decider(const RuntimePorts& ports, std::uint64_t epoch, std::size_t cached_bytes);

  /// Decides one command and adds it, or its rejection, to `group`.
  void decide_into(Group& group, CommandRequest request, Reply reply);

  /// The group that is being written, so that repetitions find it; replaced at each hand-over.
  void set_in_flight(std::map<Digest, PendingCommand> accepted) { in_flight_ = std::move(accepted); }
  /// Everything decided so far is durable.
  void all_durable() { cache_.trim(); }
  /// Puts the counters that changed into the batch, as absolute values.
  void finish(Group& group);

 private:
  /// `reading` is the one that this command gets.
  Result<CommandAnswer> handle(Group& group, const CommandRequest& request, const ClockReading& reading);
  Result<CommandAnswer> decide_at(Instant now, Group& group, const CommandRequest& request);
  Result<CommandAnswer> handle_filing(Group& group, const CommandRequest& request,
                                      const FilingRequest& filing, Instant now);
  Result<CommandAnswer> handle_command(Group& group, const CommandRequest& request,
                                       const CaseRequest& command, Instant now);
  Result<CommandAnswer> handle_engine(Group& group, const CommandRequest& request,
                                      const EngineRequest& command, Instant now);
  Result<CommandAnswer> handle_linked(Group& group, const CommandRequest& request,
                                      const LinkedRequest& command, Instant now);
  Result<CommandAnswer> open_linked(Group& group, const CommandRequest& request, const CaseHandle& parent,
                                    const OpenEffect& effect, Instant now);
  /// Files the case of a branch. Rejections: those of a filing.
  Result<LinkedCase> file_linked_case(Group& group, const CommandRequest& request, const LoadedCase& parent,
                                      LinkedPlan plan, Instant now);
  Result<CommandAnswer> report_linked(Group& group, const CommandRequest& request, const CaseHandle& child,
                                      const OpenEffect& effect, Instant now);
  /// Records what the engine says about a case, under the rules that it follows.
  Result<CommandAnswer> record_engine(Group& group, const CommandRequest& request, const CaseHandle& current,
                                      const EngineRequest& command, Instant now);
  /// What the case follows now. Rejection: not_durable (its rules are not in this store).
  [[nodiscard]] Result<Rules> rules_of(const LoadedCase& current, Instant now) const;
  /// What a new case of that procedure and agency follows. Rejections: role_forbidden (no such agency),
  /// invalid_data (`/procedure`), not_allowed (no such calendar).
  [[nodiscard]] Result<Rules> rules_for_new(const ProcedureCode& procedure, const AgencyId& agency,
                                            Instant now) const;
  Result<CommandAnswer> handle_lookup(Group& group, const CommandRequest& request, const LookupHandle& lookup,
                                      Instant now);
  Result<CommandAnswer> handle_clock(Group& group, const CommandRequest& request, const ClockRequest& command,
                                     const ClockReading& reading);
  Result<CommandAnswer> handle_publication(Group& group, const CommandRequest& request,
                                           const PublishRequest& publish, Instant now);
  Result<CommandAnswer> handle_procedure(Group& group, const CommandRequest& request,
                                         const PublishProcedure& publish, Instant now);
  Result<CommandAnswer> handle_note(Group& group, const CommandRequest& request, const CalendarNote& note,
                                    Instant now);
  Result<CommandAnswer> handle_recalculation(Group& group, const CommandRequest& request,
                                             const RecalculationRequest& command, Instant now);
  /// Rejection: version_conflict.
  static Result<void> check_version(const LoadedCase& current, std::uint64_t expected, const Identity& asker,
                                    const Attendance& attendance);
  /// Reads where a stream of publications ends, so that next_stream_record knows. Rejection: not_durable.
  Result<void> learn_stream_version(const StreamId& stream);
  /// Next record of a stream that was learnt, under the rule that it is about.
  Record next_stream_record(const StreamId& stream, RuleHash rule, std::string_view type,
                            const CommandRequest& request, Instant now);
  /// The newest version that was published or decided to be; null if there is none.
  [[nodiscard]] std::shared_ptr<const WorkingCalendar> newest_calendar(const std::string& code) const;
  /// Every version of a definition that was published or decided to be, ascending.
  [[nodiscard]] std::vector<std::shared_ptr<const Definition>> known_versions(
      const ProcedureCode& code) const;
  Result<CommandAnswer> handle_substitution(Group& group, const CommandRequest& request,
                                            const SubstitutionRequest& asked, Instant now);
  /// Who stands in for whom, with what is decided and not yet durable. Rejection: not_durable.
  Result<SubstitutionsHandle> substitutions();
  /// Calendar of the agency that `body` consults; null for every other command, and if nobody knows the
  /// agency.
  [[nodiscard]] std::shared_ptr<const WorkingCalendar> calendar_of_consulted(const CommandBody& body) const;
  /// Version that the command moves the case to; null for every other one, and if no such one is published.
  [[nodiscard]] std::shared_ptr<const Definition> target_of(const Case& current,
                                                            const CommandBody& body) const;
  [[nodiscard]] std::shared_ptr<const Definition> target_of(const Case& current,
                                                            const EngineCommand& command) const;
  [[nodiscard]] std::shared_ptr<const Definition> published_version(const ProcedureCode& code,
                                                                    std::int64_t version) const;
  /// What the look-ups of a filing said. Rejection: invalid_data (`/lookups/<i>/lookup_id`).
  Result<std::vector<PersonAnswer>> answers_of(const FileCase& command, const Identity& asker, Instant now);
  /// Puts a look-up's record into the group.
  Result<void> add_lookup(Group& group, const LookupRecord& lookup, const std::string& cause, Instant now);
  /// Header of the next record.
  Record next_record(const StreamId& stream, std::uint64_t version, std::string_view type, Instant now);
  /// Seals one subject's values into `record`. Rejection: not_durable.
  Result<void> seal_into(Group& group, Record& record, const SubjectName& subject,
                         std::string_view plaintext);
  /// The version that the next record of the system's stream has.
  Result<std::uint64_t> next_system_version();
  /// States in `event` what the case is found by from now on, if that changes.
  void state_search_tokens(Event& event, const Case& before, const CaseContent& content,
                           const Definition& definition) const;
  void push(Group& group, Record record);
  void remember(Group& group, const CommandRequest& request, const Record& record, std::uint16_t status,
                const CommandAnswer& answer);
  /// The earlier answer to the same key; not_found code means there is none.
  Result<CommandAnswer> repeated(const Group& group, const CommandRequest& request);
  /// Puts one event of a decision behind `current`; its position is the next one of the log. Rejection:
  /// not_durable.
  Result<Record> append_event(Group& group, const CommandRequest& request, LoadedCase& current,
                              Decision& decision, const CommandContext& context, const CaseId& id);
  /// Puts all events of a decision into the group, or none.
  Result<CommandAnswer> accept(Group& group, const CommandRequest& request, const CaseHandle& before,
                               Decision decision, const CommandContext& context, const CaseId& id,
                               std::uint16_t status);
  Result<CaseHandle> load(const CaseId& id);
  Result<std::string> next_case_code(const std::string& prefix, LocalDay day);
  /// Loads the counters that `changes` touches, so that `count` cannot fail.
  Result<void> read_counters(const std::map<std::string, std::int64_t>& changes);
  void count(Group& group, const std::map<std::string, std::int64_t>& changes);

  RuntimePorts ports_;
  CaseLoader loader_;
  CaseCache cache_;
  std::uint64_t epoch_;
  std::uint64_t next_position_;
  Instant last_recorded_;
  std::map<Digest, PendingCommand> in_flight_{};
  std::map<std::string, std::int64_t> counters_{};
  std::map<std::string, std::uint64_t> code_numbers_{};
  std::map<std::string, std::shared_ptr<const WorkingCalendar>> decided_calendars_{};  ///< newest, by code
  /// The newest publication of each procedure that this process decided, by code.
  struct DecidedProcedure {
    std::shared_ptr<const Definition> definition{};
    PublicationHandle publication{};
  };
  std::map<std::string, DecidedProcedure> decided_procedures_{};
  std::map<StreamId, std::uint64_t> stream_versions_{};  ///< of the newest record of each stream learnt
  std::optional<std::uint64_t> system_version_{};  ///< of the newest record; unknown until it is asked for
  SubstitutionsHandle substitutions_{};            ///< null until they are asked for
  std::uint64_t access_version_ = 0;               ///< of the newest record, once `substitutions_` is there
};

}  // namespace motcua::engine

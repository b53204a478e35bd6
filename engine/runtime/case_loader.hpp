/// Reading of cases: a stream of records folded into state and content. Replay decides nothing and repeats no
/// effect.
#pragma once

#include "engine/cases/decision.hpp"
#include "engine/cases/rows.hpp"
#include "engine/ports/catalogue.hpp"
#include "engine/ports/event_store.hpp"
#include "engine/ports/key_store.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// A case as it stands after its last event. Immutable; shared between the cache and answers.
struct LoadedCase {
  Case state{};
  Shared<CaseContent> content{};
  Rules rules{};  ///< the pinned ones; members are null where the file is gone
  std::vector<Row> rows{};
  std::vector<std::uint64_t> content_versions{};  ///< see CaseSnapshot
  /// Memo of the renderer: text of what stays the same while rules, values and provenance do. Written by the
  /// thread that renders this object, carried over by the sequencer; nobody else reads it.
  mutable std::shared_ptr<const std::string> standing_text{};
  /// Memo of the events that steps offer: it stays while values, papers, provenance and rules do. As above.
  mutable OffersMemo offers{};

  [[nodiscard]] CaseView view() const { return {state, *content, &offers}; }
};
using CaseHandle = std::shared_ptr<const LoadedCase>;

/// One event of a case's history.
struct HistoryEntry {
  Record record{};
  Event event{};
  std::vector<PersonalEntry> personal{};       ///< opened entries; only if asked for
  std::vector<SubjectName> sealed_subjects{};  ///< entries that were not opened
};

/// How far to read.
struct ReadUntil {
  std::uint64_t version = UINT64_MAX;
  std::optional<Instant> recorded_at{};  ///< records with recorded_at <= this
};

class CaseLoader {
 public:
  /// `keys` may be null: nothing is opened then. All must outlive the loader. Any thread.
  CaseLoader(const EventStore& store, KeyStore* keys, const Catalogue& catalogue)
      : store_(store), keys_(keys), catalogue_(catalogue) {}

  /// The durable case; null if there is no such stream, or nothing of it yet at `until`.
  [[nodiscard]] FaultOr<CaseHandle> load(const CaseId& id, const ReadUntil& until = {}) const;
  /// Its events, oldest first.
  [[nodiscard]] FaultOr<std::vector<HistoryEntry>> history(const CaseId& id, bool reveal) const;
  /// State, steps, clock and versions alone: opens nothing, reads no rule.
  [[nodiscard]] FaultOr<Case> replay(const CaseId& id) const;

  /// The rules that the case pins.
  [[nodiscard]] Rules pinned_rules(const Case& current) const;
  /// The rules in force for a case not yet received.
  [[nodiscard]] Rules rules_in_force(const Case& current, Instant now) const;

 private:
  FaultOr<void> start_from_snapshot(LoadedCase& loaded, const CaseId& id, const ReadUntil& until) const;
  FaultOr<void> open_into(CaseContent& content, const Record& record) const;

  const EventStore& store_;
  KeyStore* keys_;
  const Catalogue& catalogue_;
};

/// Whether the event of `record` sealed values of the content, beside what was typed as a reason or a note.
[[nodiscard]] bool holds_content(const Record& record);

/// What a command of a case gets that cannot be loaded: not_durable, member `unreadable`.
[[nodiscard]] Rejection unreadable_case(const Fault& fault);

/// Header facts of a record that `evolve` copies.
[[nodiscard]] EventMeta meta_of(const Record& record);
/// Text of a case id as a stream id holds it.
[[nodiscard]] CaseId case_of(const StreamId& stream);

}  // namespace motcua::engine

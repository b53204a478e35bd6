/// The book of proposals (sổ đề nghị tính lại thời hạn): what the calendars' streams say about versions and
/// about the cases that a newer version moves. Nothing but a fold of those streams.
#pragma once

#include "engine/ports/event_store.hpp"
#include "engine/runtime/proposal_records.hpp"
#include "engine/runtime/publication.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

struct ProposalCounts {
  std::uint64_t open = 0;
  std::uint64_t accepted = 0;
  std::uint64_t declined = 0;
  std::uint64_t stale = 0;       ///< the case has moved
  std::uint64_t superseded = 0;  ///< by a newer proposal of the case, or open when a newer version came
};

/// A version of a calendar as its stream tells.
struct CalendarLine {
  Publication publication{};
  bool newest = false;
  bool supersedes = false;  ///< an earlier version stands before it: cases may be moved
  bool complete = false;    ///< the first pass over all cases has ended
  ProposalCounts counts{};
};

struct ProposalEntry {
  Proposal proposal{};
  ProposalState state = ProposalState::open;
};

/// A version whose first pass over all cases has not ended.
struct UnfinishedPass {
  PublishedVersion version{};
  std::optional<CaseId> scanned{};  ///< every case up to this one has been looked at
};

/// Any thread.
class ProposalBook {
 public:
  /// Folds what the calendars' streams hold beyond what was read before.
  [[nodiscard]] FaultOr<void> refresh(const EventStore& store);

  /// Every version of every calendar, ascending by code, then by publication.
  [[nodiscard]] std::vector<CalendarLine> lines() const;
  /// `<code>@<version>`; nullopt if there is none.
  [[nodiscard]] std::optional<CalendarLine> find(std::string_view id) const;
  [[nodiscard]] std::optional<ProposalEntry> entry(const Digest& calendar, const CaseId& id) const;
  /// Hands the entries of a version behind `after` to `visit`, ascending by case, until it answers false.
  void visit(const Digest& calendar, const std::optional<CaseId>& after,
             const std::function<bool(const ProposalEntry&)>& visit) const;

  [[nodiscard]] std::vector<UnfinishedPass> unfinished() const;
  /// True once some calendar has a second version: from then on cases may follow an older one.
  [[nodiscard]] bool has_superseded() const;
  /// Position up to which the log has been looked at for proposals; nullopt before the first page.
  [[nodiscard]] std::optional<std::uint64_t> followed() const;

 private:
  struct Version {
    CalendarLine line{};
    std::optional<CaseId> scanned{};
    std::map<CaseId, ProposalEntry> entries{};
  };
  struct Calendar {
    std::uint64_t read = 0;  ///< version of the stream up to which it was read
    std::vector<Version> versions{};
  };

  FaultOr<void> take(Calendar& calendar, const Record& record);
  void take(Calendar& calendar, Publication publication);
  void take(const ProposalPage& page);
  void take(const ProposalsComplete& complete);
  template <class Calendars>
  static auto version_in(Calendars& calendars, const Digest& hash)
      -> decltype(&calendars.begin()->second.versions.front());

  std::mutex refreshing_{};
  mutable std::shared_mutex mutex_{};
  std::map<std::string, Calendar> calendars_{};
  std::optional<std::uint64_t> through_{};
};

/// `<code>@<version>`.
[[nodiscard]] std::string id_of(const PublishedVersion& version);

}  // namespace motcua::engine

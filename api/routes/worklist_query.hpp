/// What a page of a worklist asks for, and what it finds.
#pragma once

#include "api/routes/services.hpp"
#include "engine/cases/rows.hpp"
#include "engine/procedure/organisation.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace motcua::api {

/// Most rows that one page examines before it returns with a cursor, and that one count examines.
inline constexpr std::size_t kPageRowsMax = 2000;
inline constexpr std::size_t kCountRowsMax = 10'000;

/// A part of a queue. Empty members do not narrow it.
struct WorklistFilter {
  engine::AgencyId agency{};
  engine::Queue queue{};
  std::optional<engine::Bucket> bucket{};
  std::string stage{};
  std::string procedure{};
  std::string step{};
  std::string flag{};
  std::string assignee{};
  bool unassigned = false;
  std::optional<engine::Instant> due_from{};  ///< due then or later; running cases only
  std::optional<engine::Instant> due_to{};    ///< due before

  [[nodiscard]] bool matches(const engine::WorklistItem& item) const;
  /// The narrowest lane that holds every match.
  [[nodiscard]] engine::Lane lane() const;
  /// True if the lane holds nothing else, so that its counters count the matches.
  [[nodiscard]] bool is_whole_lane() const;
};

/// Roles that have a worklist. Rejection: role_forbidden.
[[nodiscard]] engine::Result<void> check_worklist_reader(const engine::Identity& asker);
/// The agency whose worklist is meant: `agency`, else the asker's own. Supervisors and leaders may name those
/// below their own, auditors any. Rejection: not_found.
[[nodiscard]] engine::Result<engine::AgencyId> worklist_agency(const engine::Identity& asker,
                                                               const Request& request);
/// The queue named in the path, one of the office or one that the agency declared, narrowed by the query.
/// Rejections: not_found, bad_request.
[[nodiscard]] engine::Result<WorklistFilter> worklist_filter(const Services& services,
                                                             const engine::Identity& asker,
                                                             const Request& request);
/// A declared queue as this asker sees it. `due_within_days` counts from `now`.
[[nodiscard]] WorklistFilter filter_of(const engine::DeclaredQueue& queue, const engine::AgencyId& agency,
                                       const engine::Identity& asker, engine::Instant now);
/// The queues that `agency` declares and this asker may see; in their order.
[[nodiscard]] std::vector<engine::DeclaredQueue> declared_queues(const Services& services,
                                                                 const engine::Identity& asker,
                                                                 const engine::AgencyId& agency);

/// Matches in their order, and where the search ended.
struct FoundItems {
  std::vector<engine::WorklistItem> items{};
  std::string last{};  ///< tail of the last row examined; empty if there was none
  bool more = false;   ///< rows behind it may match
};
/// At most `most` matches behind the tail `after` (empty: from the beginning), out of at most `rows` rows.
[[nodiscard]] engine::Result<FoundItems> find_items(const engine::EventStore& store,
                                                    const WorklistFilter& filter, const std::string& after,
                                                    std::size_t most, std::size_t rows);

}  // namespace motcua::api

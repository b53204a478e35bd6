#include "engine/runtime/proposal_book.hpp"

#include <algorithm>
#include <utility>

namespace motcua::engine {
namespace {

/// Records read at once: pages are long.
constexpr std::uint64_t kRecordsAtOnce = 32;

std::uint64_t& count_of(ProposalCounts& counts, ProposalState state) {
  switch (state) {
    case ProposalState::open:
      return counts.open;
    case ProposalState::accepted:
      return counts.accepted;
    case ProposalState::declined:
      return counts.declined;
    case ProposalState::stale:
      break;
  }
  return counts.stale;
}

}  // namespace

std::string id_of(const PublishedVersion& version) {
  return version.code + '@' + std::to_string(version.version);
}

template <class Calendars>
auto ProposalBook::version_in(Calendars& calendars, const Digest& hash)
    -> decltype(&calendars.begin()->second.versions.front()) {
  for (auto& [code, calendar] : calendars) {
    for (auto& version : calendar.versions) {
      if (version.line.publication.published.hash == hash) return &version;
    }
  }
  return nullptr;
}

FaultOr<void> ProposalBook::refresh(const EventStore& store) {
  const std::lock_guard refreshing(refreshing_);
  std::vector<StreamId> streams;
  const auto scanned = store.scan_streams(StreamKind::calendar, [&](const StreamId& stream) {
    streams.push_back(stream);
    return true;
  });
  if (!scanned) return scanned.error();
  for (const auto& stream : streams) {
    auto read = [&] {
      const std::shared_lock lock(mutex_);
      const auto known = calendars_.find(stream.id);
      return known == calendars_.end() ? 0 : known->second.read;
    }();
    while (true) {
      const auto records = store.read_stream(stream, read + 1, read + kRecordsAtOnce);
      if (!records) return records.error();
      const std::unique_lock lock(mutex_);
      auto& calendar = calendars_[stream.id];
      for (const auto& record : *records) {
        if (const auto taken = take(calendar, record); !taken) return taken.error();
        calendar.read = read = record.version;
      }
      if (records->size() < kRecordsAtOnce) break;
    }
  }
  return {};
}

FaultOr<void> ProposalBook::take(Calendar& calendar, const Record& record) {
  if (record.type == kDecisionsAskedType) return {};
  if (record.type == kProposedType) {
    const auto page = decode_proposal_page(record.public_bytes);
    if (!page) return page.error();
    take(*page);
    return {};
  }
  if (record.type == kProposalsCompleteType) {
    const auto complete = decode_proposals_complete(record.public_bytes);
    if (!complete) return complete.error();
    take(*complete);
    return {};
  }
  auto publication = read_publication(record);
  if (!publication) return publication.error();
  take(calendar, *std::move(publication));
  return {};
}

void ProposalBook::take(Calendar& calendar, Publication publication) {
  for (auto& older : calendar.versions) {
    older.line.newest = false;
    auto& counts = older.line.counts;
    counts.superseded += std::exchange(counts.open, 0);
    for (auto& [id, entry] : older.entries) {
      if (entry.state == ProposalState::open) entry.state = ProposalState::stale;
    }
  }
  Version version;
  version.line.publication = std::move(publication);
  version.line.newest = true;
  version.line.supersedes = !calendar.versions.empty();
  calendar.versions.push_back(std::move(version));
}

void ProposalBook::take(const ProposalPage& page) {
  through_ = std::max(through_.value_or(0), page.through);
  auto* version = version_in(calendars_, page.calendar);
  if (version == nullptr) return;
  auto& counts = version->line.counts;
  for (const auto& proposal : page.proposals) {
    const auto [entry, is_new] = version->entries.try_emplace(proposal.id);
    if (!is_new) {
      count_of(counts, entry->second.state) -= 1;
      counts.superseded += 1;
    }
    entry->second = {proposal, ProposalState::open};
    counts.open += 1;
  }
  for (const auto& settled : page.settled) {
    const auto found = version->entries.find(settled.id);
    if (found == version->entries.end() || found->second.state != ProposalState::open) continue;
    counts.open -= 1;
    found->second.state = settled.state;
    count_of(counts, settled.state) += 1;
  }
  if (page.scanned) version->scanned = std::max(version->scanned.value_or(CaseId{}), *page.scanned);
}

void ProposalBook::take(const ProposalsComplete& complete) {
  through_ = std::max(through_.value_or(0), complete.through);
  if (auto* version = version_in(calendars_, complete.calendar)) version->line.complete = true;
}

std::vector<CalendarLine> ProposalBook::lines() const {
  const std::shared_lock lock(mutex_);
  std::vector<CalendarLine> lines;
  for (const auto& [code, calendar] : calendars_) {
    for (const auto& version : calendar.versions) lines.push_back(version.line);
  }
  return lines;
}

std::optional<CalendarLine> ProposalBook::find(std::string_view id) const {
  for (auto& line : lines()) {
    if (id_of(line.publication.published) == id) return std::move(line);
  }
  return std::nullopt;
}

std::optional<ProposalEntry> ProposalBook::entry(const Digest& calendar, const CaseId& id) const {
  const std::shared_lock lock(mutex_);
  const auto* version = version_in(calendars_, calendar);
  if (version == nullptr) return std::nullopt;
  const auto found = version->entries.find(id);
  return found == version->entries.end() ? std::nullopt : std::optional(found->second);
}

void ProposalBook::visit(const Digest& calendar, const std::optional<CaseId>& after,
                         const std::function<bool(const ProposalEntry&)>& visit) const {
  const std::shared_lock lock(mutex_);
  const auto* version = version_in(calendars_, calendar);
  if (version == nullptr) return;
  const auto& entries = version->entries;
  for (auto next = after ? entries.upper_bound(*after) : entries.begin(); next != entries.end(); ++next) {
    if (!visit(next->second)) return;
  }
}

std::vector<UnfinishedPass> ProposalBook::unfinished() const {
  const std::shared_lock lock(mutex_);
  std::vector<UnfinishedPass> list;
  for (const auto& [code, calendar] : calendars_) {
    for (const auto& version : calendar.versions) {
      const auto& line = version.line;
      if (!line.newest || !line.supersedes || line.complete) continue;
      list.push_back({line.publication.published, version.scanned});
    }
  }
  return list;
}

bool ProposalBook::has_superseded() const {
  const std::shared_lock lock(mutex_);
  return std::any_of(calendars_.begin(), calendars_.end(),
                     [](const auto& calendar) { return calendar.second.versions.size() > 1; });
}

std::optional<std::uint64_t> ProposalBook::followed() const {
  const std::shared_lock lock(mutex_);
  return through_;
}

}  // namespace motcua::engine

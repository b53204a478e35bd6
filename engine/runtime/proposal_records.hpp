/// Records of recalculation in a calendar's stream (đề nghị tính lại thời hạn): pages of proposals, the end
/// of the first pass over all cases, and decisions that a supervisor asked for in bulk.
#pragma once

#include "engine/cases/recalculation.hpp"
#include "engine/ports/event_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

inline constexpr std::string_view kProposedType = "calendar.recalculation_proposed";
inline constexpr std::string_view kProposalsCompleteType = "calendar.proposals_complete";
inline constexpr std::string_view kDecisionsAskedType = "calendar.decisions_asked";

/// Most proposals of one record.
inline constexpr std::size_t kProposalsPerPage = 256;

[[nodiscard]] StreamId calendar_stream(const std::string& code);
/// True for what stands in a calendar's stream beside its publications.
[[nodiscard]] bool is_about_proposals(std::string_view type);

/// What a newer version would do to one case.
struct Proposal {
  CaseId id{};
  Recalculation recalculation{};
  AgencyId received_by{};
  AgencyId competent{};
  friend bool operator==(const Proposal&, const Proposal&) = default;
};

/// Where a proposal stands (tình trạng đề nghị).
enum class ProposalState {
  open,
  accepted,
  declined,
  stale,  ///< the case has moved: the version does nothing to it any more
};
[[nodiscard]] std::string_view name_of(ProposalState state);
[[nodiscard]] std::optional<ProposalState> proposal_state_from(std::string_view name);

/// The fate of a proposal made earlier.
struct SettledProposal {
  CaseId id{};
  ProposalState state = ProposalState::stale;  ///< not open
  friend bool operator==(const SettledProposal&, const SettledProposal&) = default;
};

/// One record: what was found and what was settled since the page before.
struct ProposalPage {
  Digest calendar{};                  ///< of the version that is proposed
  std::vector<Proposal> proposals{};  ///< each takes the place of an earlier one of the same case
  std::vector<SettledProposal> settled{};
  std::optional<CaseId> scanned{};  ///< first pass: every case up to this one has been looked at
  std::uint64_t through = 0;        ///< every record of the log up to here has been looked at
  friend bool operator==(const ProposalPage&, const ProposalPage&) = default;
};
[[nodiscard]] std::string encode(const ProposalPage& page);
[[nodiscard]] FaultOr<ProposalPage> decode_proposal_page(std::string_view public_bytes);

/// The first pass has ended: from here on the log is followed.
struct ProposalsComplete {
  Digest calendar{};
  std::uint64_t cases = 0;    ///< looked at
  std::uint64_t through = 0;  ///< position of the log at which the pass began
};
[[nodiscard]] std::string encode(const ProposalsComplete& complete);
[[nodiscard]] FaultOr<ProposalsComplete> decode_proposals_complete(std::string_view public_bytes);

}  // namespace motcua::engine

/// Proposals of a newer calendar as the contract shows them.
#pragma once

#include "engine/runtime/case_loader.hpp"
#include "engine/runtime/proposal_book.hpp"

#include <nlohmann/json.hpp>

#include <memory>

namespace motcua::api {

/// One proposal. While it is open: both derivations where they differ, and a sentence in both languages.
[[nodiscard]] nlohmann::json proposal_json(const engine::ProposalEntry& entry, engine::ProposalState state,
                                           const engine::LoadedCase& current,
                                           const std::shared_ptr<const engine::WorkingCalendar>& newer);

}  // namespace motcua::api

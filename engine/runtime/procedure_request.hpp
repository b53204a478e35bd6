/// What reaches the sequencer about procedures: the publication (công bố) of a definition.
#pragma once

#include "engine/core/result.hpp"
#include "engine/procedure/definition.hpp"
#include "engine/runtime/publication.hpp"

#include <cstdint>
#include <memory>

namespace motcua::engine {

/// A definition without errors, whose version was the next one when it was checked.
struct CheckedProcedure {
  std::shared_ptr<const Definition> definition{};
  std::uint64_t warnings = 0;  ///< of the linter
};

/// POST /procedures.
struct PublishProcedure {
  Result<CheckedProcedure> checked = CheckedProcedure{};  ///< outcome of the check; looked at after rights
  PublicationHandle unchanged{};  ///< the same bytes are published already: the answer, and nothing is new
};

/// 409: while a definition was being checked another version came before it, the newest by now.
[[nodiscard]] Rejection overtaken(const Definition& newest);

}  // namespace motcua::engine

/// Looks for a result that the applicant has from another procedure (kết quả đã có), among all cases of the
/// store. Any thread; what it finds goes to the sequencer as a command.
#pragma once

#include "engine/runtime/case_loader.hpp"

namespace motcua::engine {

/// The newest case of the prerequisite's procedure that has ended with the result that counts, by the
/// applicant's personal number; not found without one. Looks at kEarlierCasesMax cases at most.
inline constexpr std::size_t kEarlierCasesMax = 256;
[[nodiscard]] FaultOr<EarlierCase> find_earlier(const EventStore& store, const KeyStore& keys,
                                                const CaseLoader& loader, const LoadedCase& current,
                                                const Prerequisite& wanted);

}  // namespace motcua::engine

/// A derivation as sentences (diễn giải bằng lời) that a clerk can read aloud, in Vietnamese and English.
#pragma once

#include "engine/deadline/limit.hpp"
#include "engine/deadline/standing.hpp"

#include <map>
#include <string>
#include <vector>

namespace motcua::engine {

/// The same sentences in both languages: one for each interval or run of intervals that belong together, and
/// one that closes.
struct Sentences {
  std::vector<std::string> vi{};
  std::vector<std::string> en{};
};

/// What a pause reason is called, by its code.
struct ReasonName {
  std::string vi{};
  std::string en{};
};
using ReasonNames = std::map<std::string, ReasonName>;

/// Names of the pause reasons that every procedure may have: supplement, payment.
[[nodiscard]] const ReasonNames& common_reasons();

/// None before the clock starts. Office hours of one day, or of a run of days, are one sentence with lunch
/// and nights in it; holidays name their notice (`unverified` is said), make-up days the day they replace,
/// pauses their reason (its code, if `reasons` has no name), a receipt after the cut-off the cut-off. What
/// the law adds to the limit comes first, with its basis. Where the law states no limit, that is the one
/// sentence.
[[nodiscard]] Sentences sentences_of(const Limit& limit, const Standing& standing,
                                     const ReasonNames& reasons = common_reasons());

}  // namespace motcua::engine

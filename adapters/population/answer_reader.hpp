/// From the bytes of an HTTP answer to one of the five classes. Pure; trusts nothing that came over the wire.
#pragma once

#include "engine/ports/population_registry.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace motcua::adapters {

/// Why `query` cannot be asked at all (`query_invalid`, `officer_unknown`); nullopt if it can.
[[nodiscard]] std::optional<engine::AnswerDetail> unaskable(const engine::PersonQuery& query);

/// The class that a detail belongs to; MATCH for `none`.
[[nodiscard]] engine::AnswerClass class_of(engine::AnswerDetail detail);

/// Classifies a complete answer to `query`: status, then SOAP fault, then shape, then whether the record is
/// that of the person asked for. `raw` and its hash are set, `person` only for MATCH.
[[nodiscard]] engine::RegisterAnswer classify(const engine::PersonQuery& query, unsigned status,
                                              std::string body);

/// An answer without a record: class of `detail`, and hash, of `raw`.
[[nodiscard]] engine::RegisterAnswer answer_without_record(engine::AnswerDetail detail, std::string raw = {});

}  // namespace motcua::adapters

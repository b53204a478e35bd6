/// Strong names for the identifiers of the field, so that an agency can never be passed where a procedure is
/// meant.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace motcua::engine {

/// A text identifier of one kind; `Tag` keeps kinds apart. Compared byte by byte.
template <class Tag>
struct TextId {
  std::string value{};

  TextId() = default;
  explicit TextId(std::string text) : value(std::move(text)) {}
  explicit TextId(const char* text) : value(text) {}

  [[nodiscard]] bool empty() const { return value.empty(); }
  friend auto operator<=>(const TextId&, const TextId&) = default;
};

/// Procedure code (mã thủ tục hành chính), e.g. `1.001193`.
using ProcedureCode = TextId<struct ProcedureCodeTag>;
/// Agency identifier (mã định danh điện tử, QĐ 20/2020/QĐ-TTg), e.g. `H15.50.05`; the parent is a prefix.
using AgencyId = TextId<struct AgencyIdTag>;
/// Subject of a token: an officer or a connected system. Never a personal number.
using ActorId = TextId<struct ActorIdTag>;
/// Code of a paper (giấy tờ, thành phần hồ sơ) in a definition.
using PaperCode = TextId<struct PaperCodeTag>;
/// Name of a state of a definition's step machine (bước xử lý).
using StepName = TextId<struct StepNameTag>;
/// Data subject of a case whose values are sealed under one key: `applicant`, `/mother`, `data`, `free-text`.
using SubjectName = TextId<struct SubjectNameTag>;

/// SHA-256 value.
using Digest = std::array<std::uint8_t, 32>;
/// 128 random bits that name one log (one store), one key, one command.
using Id128 = std::array<std::uint8_t, 16>;

/// Internal identifier of a case (hồ sơ): a UUIDv7. Paths carry its text form; codes are look-up keys.
struct CaseId {
  Id128 bytes{};
  friend auto operator<=>(const CaseId&, const CaseId&) = default;
};

/// Lower-case hexadecimal text of `bytes`.
[[nodiscard]] std::string to_hex(std::string_view bytes);
template <std::size_t N>
[[nodiscard]] std::string to_hex(const std::array<std::uint8_t, N>& bytes) {
  return to_hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), N));
}
/// Reads exactly `N` bytes of lower- or upper-case hexadecimal; nullopt for anything else.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);
[[nodiscard]] std::optional<Digest> digest_from_hex(std::string_view text);

/// Canonical text of a UUID, e.g. `019389a2-...`.
[[nodiscard]] std::string to_text(const CaseId& id);
/// Reads the canonical lower-case text; nullopt for anything else.
[[nodiscard]] std::optional<CaseId> parse_case_id(std::string_view text);

}  // namespace motcua::engine

template <class Tag>
struct std::hash<motcua::engine::TextId<Tag>> {
  std::size_t operator()(const motcua::engine::TextId<Tag>& id) const {
    return std::hash<std::string>{}(id.value);
  }
};

template <>
struct std::hash<motcua::engine::CaseId> {
  std::size_t operator()(const motcua::engine::CaseId& id) const {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
  }
};

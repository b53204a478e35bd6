/// JSON text with the line of every place, so that a finding can point at it. Members keep their order.
#pragma once

#include "engine/procedure/definition_rules_json.hpp"
#include "workflows/loader/findings.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace motcua::workflows {

/// JSON whose objects keep the order of the text: the order of states and questions has meaning.
using Json = engine::OrderedJson;

inline constexpr std::size_t kFileBytesMax = 1024 * 1024;
inline constexpr std::size_t kFileDepthMax = 64;
inline constexpr std::size_t kKeyBytesMax = 256;
inline constexpr std::size_t kMembersMax =
    1024;  ///< of one object; its members are searched one after the other

/// A parsed file. `document` is null if the text is not acceptable JSON.
struct LocatedJson {
  std::string file{};
  Json document = nullptr;
  bool readable = false;
  Findings findings{};

  /// Line of `pointer`, or of the nearest place that encloses it; 0 if the text is not readable.
  /// The text is read a second time when a line is asked for first: most files have no finding.
  [[nodiscard]] int line_of(std::string_view pointer) const;
  void error(const std::string& pointer, const std::string& rule, const std::string& message);
  void warning(const std::string& pointer, const std::string& rule, const std::string& message);
  void note(const std::string& pointer, const std::string& rule, const std::string& message);

  /// Line of each JSON pointer: of the member's name, or of the element.
  using Lines = std::map<std::string, int, std::less<>>;

 private:
  friend LocatedJson parse_located(const std::string& bytes, const std::string& file);
  std::string text_{};
  mutable std::optional<Lines> lines_{};
};

/// Reads `bytes`. Findings: file-too-large, not-json, not-utf-8, too-deep, key-too-long, too-many-members,
/// duplicate-key, not-an-integer (floats outside conditions), number-out-of-range (beyond 2^53). Never
/// throws.
[[nodiscard]] LocatedJson parse_located(const std::string& bytes, const std::string& file);

using engine::below;
using engine::member;
using engine::text_of;

}  // namespace motcua::workflows

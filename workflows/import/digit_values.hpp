/// Values as DIGIT files write them, and what can be made of them.
#pragma once

#include "workflows/import/imported.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::workflows {

/// A DIGIT file being read: the text with its lines, and what is said about it.
class DigitSource {
 public:
  DigitSource(const LocatedJson& located, Reporter& reporter) : located_(located), reporter_(reporter) {}

  [[nodiscard]] SourcePlace place(const std::string& pointer) const {
    return {pointer, located_.line_of(pointer)};
  }
  void error(const std::string& pointer, const std::string& rule, const std::string& message) {
    reporter_.error(place(pointer), rule, message);
  }
  void warning(const std::string& pointer, const std::string& rule, const std::string& message) {
    reporter_.warning(place(pointer), rule, message);
  }
  [[nodiscard]] Reporter& reporter() { return reporter_; }

  /// A boolean member. Absent or null is `absent`. The texts "true" and "false" are taken for what they say
  /// (finding text-boolean); anything else is an error and `absent`.
  [[nodiscard]] bool flag(const Json& object, const std::string& at, const char* name, bool absent);

  /// Says once for each name which members of `object` are not in `known` (finding attribute-not-carried).
  void other_members(const Json& object, const std::string& at, const std::vector<std::string_view>& known);

  /// Limit of the whole procedure; null if there is none that could be carried over.
  [[nodiscard]] Json procedure_limit(const Json& sla, const std::string& pointer);
  /// Limit of a step; null likewise.
  [[nodiscard]] Json step_limit(const Json& sla, const std::string& pointer);

 private:
  [[nodiscard]] std::int64_t whole_days(const Json& sla, const std::string& pointer);

  const LocatedJson& located_;
  Reporter& reporter_;
  std::set<std::string> said_{};
};

/// True for 8-4-4-4-12 hexadecimal digits.
[[nodiscard]] bool is_uuid(std::string_view text);

}  // namespace motcua::workflows

/// Reads the members of a JSON body and gathers every fault with its pointer.
#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/result.hpp"
#include "engine/core/time.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace motcua::api {

/// One object of the body. A fault makes the value empty; the faults are looked at when all is read.
class BodyReader {
 public:
  using json = nlohmann::json;

  BodyReader(const json& object, std::string pointer, json& faults)
      : object_(object), pointer_(std::move(pointer)), faults_(faults) {}

  /// Members that may be there; all others are faults.
  void only(std::initializer_list<std::string_view> names);
  const json* find(const char* name, bool required);
  std::optional<std::string> text(const char* name, bool required);
  /// A code: ASCII without spaces, at most 128 bytes.
  std::optional<std::string> code(const char* name, bool required);
  /// A text that says something, in at most `most` bytes; empty after a fault.
  std::string filled_text(const char* name, std::size_t most);
  engine::Instant instant(const char* name);
  /// A day, `YYYY-MM-DD`.
  std::optional<engine::LocalDay> day(const char* name, bool required);
  std::optional<std::uint64_t> number(const char* name, bool required);
  /// Text of a UUID as we write it: lower case, with dashes.
  std::optional<engine::CaseId> uuid(const char* name, bool required);
  const json* object(const char* name, bool required);
  const json* array(const char* name, bool required, std::size_t most);
  bool boolean(const char* name);
  /// Codes of an array; empty if it is absent.
  std::vector<std::string> codes(const char* name, std::size_t most);

  /// One reader for each object of an array; items that are no objects are faults.
  template <class Read>
  void each(const json& array, const char* name, const Read& read) {
    for (std::size_t i = 0; i < array.size(); ++i) {
      const auto pointer = at(name) + '/' + std::to_string(i);
      if (!array[i].is_object()) {
        fault(pointer, "must be an object");
        continue;
      }
      BodyReader item(array[i], pointer, faults_);
      read(item);
    }
  }

  void fault(const std::string& pointer, const std::string& reason);
  [[nodiscard]] std::string at(const char* name) const { return pointer_ + '/' + name; }

 private:
  const json& object_;
  std::string pointer_;
  json& faults_;
};

/// Rejection: invalid_data (pointers).
[[nodiscard]] engine::Rejection invalid_body(nlohmann::json faults);

}  // namespace motcua::api

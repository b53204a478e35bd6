// Bodies of requests: what the gate lets through is JSON within the limits and is read as the library reads
// it; what it refuses is not JSON or is beyond a limit; and no body ends the process where commands are read.
#include "api/http/json_gate.hpp"
#include "api/http/limits.hpp"
#include "api/json/command_json.hpp"
#include "tests/fuzz/target.hpp"

#include <set>

namespace motcua::fuzz {
namespace {

using nlohmann::json;

bool is_within_limits(const json& value, std::size_t depth) {
  const auto fits = [](const std::string& text) {
    return text.size() <= api::kJsonStringBytesMax && text.find('\0') == std::string::npos;
  };
  if (value.is_string()) return fits(value.get_ref<const std::string&>());
  if (!value.is_structured()) return true;
  if (depth > api::kJsonDepthMax) return false;
  for (const auto& [name, member] : value.items()) {
    if (!fits(name) || !is_within_limits(member, depth + 1)) return false;
  }
  return true;
}

void check_accepted(std::string_view body, const json& value) {
  promise(value.is_object() && is_within_limits(value, 1), "what is let through is within the limits");
  promise(json::parse(body) == value, "what is let through is what the library reads");
  const auto again = api::parse_json_body(value.dump());
  promise(std::holds_alternative<json>(again) && std::get<json>(again) == value,
          "written again, it is let through");
}

template <class Result>
void check_read(const Result& result) {
  if (result.has_error()) {
    promise(result.error().code == engine::RejectionCode::invalid_data, "a wrong body is invalid data");
  }
}

/// A refusal is one of these, with or without the place; nothing of the body can stand in it.
bool is_known_sentence(std::string_view detail) {
  static const std::set<std::string, std::less<>> sentences{"A number is beyond double precision",
                                                            "A string holds U+0000; it ends",
                                                            "A string is longer than 64 KiB; it ends",
                                                            "An integer is beyond 64 bits",
                                                            "An object names a key twice; the second ends",
                                                            "Deeper than 32 levels",
                                                            "More than 100,000 tokens",
                                                            "Not valid JSON",
                                                            "Not valid JSON or not valid UTF-8",
                                                            "The body must be a JSON object",
                                                            "The body starts with a byte order mark"};
  if (!detail.ends_with('.')) return false;
  detail.remove_suffix(1);
  constexpr std::string_view kPlace = " at byte ";
  if (const auto at = detail.rfind(kPlace); at != std::string_view::npos) {
    const auto number = detail.substr(at + kPlace.size());
    if (number.empty() || number.find_first_not_of("0123456789") != std::string_view::npos) return false;
    detail = detail.substr(0, at);
  }
  return sentences.contains(detail);
}

/// Every refusal of what is JSON after all names the limit that it is beyond.
void check_refused(std::string_view body, const api::JsonRefusal& refusal) {
  promise(is_known_sentence(refusal.detail), "a refusal is one of the known sentences");
  if (refusal.problem != api::Problem::bad_json) return;
  if (body.find('\0') != std::string_view::npos || body.starts_with("\xEF\xBB\xBF")) return;
  const bool names_a_limit =
      refusal.detail.starts_with("Deeper") || refusal.detail.starts_with("More than") ||
      refusal.detail.starts_with("A string") || refusal.detail.starts_with("An integer") ||
      refusal.detail.starts_with("A number");
  promise(names_a_limit || !json::accept(body), "only a limit keeps JSON out");
}

}  // namespace

void try_input(std::string_view input) {
  const auto outcome = api::parse_json_body(input);
  if (const auto* refusal = std::get_if<api::JsonRefusal>(&outcome)) {
    check_refused(input, *refusal);
    return;
  }
  const auto& value = std::get<json>(outcome);
  check_accepted(input, value);
  check_read(api::parse_filing(value));
  check_read(api::parse_command(value).command);
  check_read(api::parse_lookup(value));
}

}  // namespace motcua::fuzz

// Bodies of requests: what the gate lets through is JSON within the limits and is read as the library reads
// it; what it refuses is not JSON or is beyond a limit; and no body ends the process where commands are read.
#include "api/http/json_gate.hpp"
#include "api/http/limits.hpp"
#include "api/json/command_json.hpp"
#include "tests/fuzz/target.hpp"

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

/// Every refusal of what is JSON after all names the limit that it is beyond.
void check_refused(std::string_view body, const api::JsonRefusal& refusal) {
  promise(refusal.detail.ends_with('.') && refusal.detail.size() < 120, "a refusal is one short sentence");
  promise(body.size() < 16 || refusal.detail.find(body) == std::string::npos,
          "a refusal does not quote the body");
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

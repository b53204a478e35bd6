/// How the service behaves: set over HTTP, for tests of whoever depends on it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

namespace population_service {

enum class Mode { normal, slow, trickle, down, garbled, wrong_person, errors, refused };
inline constexpr std::size_t kModes = 8;
/// html, truncated, namespace, huge: how a garbled answer is garbled. year_only, empty: a lawful answer that
/// knows the birth year only, or leaves every element empty but the three that identify.
enum class Variant { none, html, truncated, other_namespace, huge, year_only, empty };

struct Behaviour {
  Mode mode = Mode::normal;
  Variant variant = Variant::none;
  std::chrono::milliseconds delay{0};  ///< before the answer; trickle: between its bytes
  int per_mille = 1000;                ///< share of calls that get the mode; the others are normal
};

[[nodiscard]] std::string_view name_of(Mode mode);

/// Reads {"mode", "variant"?, "delay_ms"?, "rate"?}; nullopt for anything unknown, out of range (delay_ms 0
/// to 600,000; rate 0 to 1) or senseless (a variant that its mode does not have).
[[nodiscard]] std::optional<Behaviour> parse_behaviour(std::string_view json);
[[nodiscard]] nlohmann::json to_json(const Behaviour& behaviour);

}  // namespace population_service

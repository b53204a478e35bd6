#include "examples/population_service/behaviour.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <string>

namespace population_service {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, kModes> kModeNames{"normal",  "slow",         "trickle", "down",
                                                          "garbled", "wrong_person", "errors",  "refused"};
constexpr std::array<std::string_view, 7> kVariantNames{"",     "html",      "truncated", "namespace",
                                                        "huge", "year_only", "empty"};
constexpr std::chrono::milliseconds kSlow{2000};
constexpr std::chrono::milliseconds kTrickle{100};
constexpr std::int64_t kDelayMsMax = 600'000;

template <class Enum, std::size_t N>
std::optional<Enum> parse_name(const json& value, const std::array<std::string_view, N>& names) {
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) return std::nullopt;
  for (std::size_t i = 0; i < N; ++i) {
    if (value.get_ref<const std::string&>() == names.at(i)) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

bool is_garbling(Variant variant) {
  return variant == Variant::html || variant == Variant::truncated || variant == Variant::other_namespace ||
         variant == Variant::huge;
}

bool make_sense(const Behaviour& behaviour) {
  if (behaviour.variant == Variant::none || behaviour.mode == Mode::garbled) return true;
  const bool answers = behaviour.mode == Mode::normal || behaviour.mode == Mode::slow ||
                       behaviour.mode == Mode::trickle || behaviour.mode == Mode::wrong_person;
  return answers && !is_garbling(behaviour.variant);
}

bool read_member(const std::string& name, const json& value, Behaviour& into) {
  if (name == "mode") {
    const auto mode = parse_name<Mode>(value, kModeNames);
    if (mode) into.mode = *mode;
    return mode.has_value();
  }
  if (name == "variant") {
    if (value.is_null()) return true;
    const auto variant = parse_name<Variant>(value, kVariantNames);
    if (variant) into.variant = *variant;
    return variant.has_value();
  }
  if (name == "delay_ms") {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kDelayMsMax) return false;
    into.delay = std::chrono::milliseconds{value.get<std::int64_t>()};
    return true;
  }
  if (name != "rate" || !value.is_number()) return false;
  const auto rate = value.get<double>();
  if (!(rate >= 0.0 && rate <= 1.0)) return false;
  into.per_mille = static_cast<int>(std::lround(rate * 1000));
  return true;
}

}  // namespace

std::string_view name_of(Mode mode) { return kModeNames.at(static_cast<std::size_t>(mode)); }

std::optional<Behaviour> parse_behaviour(std::string_view text) {
  const auto wanted = json::parse(text, nullptr, false);
  if (!wanted.is_object() || !wanted.contains("mode")) return std::nullopt;
  Behaviour behaviour;
  for (const auto& [name, value] : wanted.items()) {
    if (!read_member(name, value, behaviour)) return std::nullopt;
  }
  if (!make_sense(behaviour)) return std::nullopt;
  if (behaviour.mode == Mode::garbled && behaviour.variant == Variant::none)
    behaviour.variant = Variant::html;
  if (!wanted.contains("delay_ms") && behaviour.mode == Mode::slow) behaviour.delay = kSlow;
  if (!wanted.contains("delay_ms") && behaviour.mode == Mode::trickle) behaviour.delay = kTrickle;
  return behaviour;
}

json to_json(const Behaviour& behaviour) {
  json shown{{"mode", name_of(behaviour.mode)},
             {"delay_ms", behaviour.delay.count()},
             {"rate", static_cast<double>(behaviour.per_mille) / 1000}};
  if (behaviour.variant != Variant::none) {
    shown["variant"] = kVariantNames.at(static_cast<std::size_t>(behaviour.variant));
  }
  return shown;
}

}  // namespace population_service

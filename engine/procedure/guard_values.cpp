#include "engine/procedure/guard_values.hpp"

#include "engine/procedure/definition_rules_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

namespace motcua::engine::guard {
namespace {

using nlohmann::json;

constexpr double kExactMax = 9'007'199'254'740'992.0;  // 2^53
constexpr int kCopyDepthMax = 64;

std::optional<Number> real(double value) {
  if (!std::isfinite(value)) {
    return std::nullopt;
  }
  return Number{false, 0, value};
}

std::optional<Number> parse_number(std::string_view text, bool lenient) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return lenient ? std::optional<Number>(Number{}) : std::nullopt;
  }
  text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  if (text.front() == '+') {
    text.remove_prefix(1);
  }
  const char* end = text.data() + text.size();
  std::int64_t integer = 0;
  if (const auto read = std::from_chars(text.data(), end, integer);
      read.ec == std::errc() && read.ptr == end) {
    return Number{true, integer, 0.0};
  }
  double fraction = 0.0;
  const auto read = std::from_chars(text.data(), end, fraction);
  return read.ec == std::errc() && read.ptr == end ? real(fraction) : std::nullopt;
}

std::optional<Number> divide(const Number& left, const Number& right) {
  const bool exact = left.whole && right.whole && right.integer != 0 && right.integer != -1;
  if (exact && left.integer % right.integer == 0) {
    return Number{true, left.integer / right.integer, 0.0};
  }
  return real(left.as_real() / right.as_real());
}

std::optional<Number> remainder(const Number& left, const Number& right) {
  if (left.whole && right.whole && right.integer != 0) {
    return Number{true, right.integer == -1 ? 0 : left.integer % right.integer, 0.0};
  }
  return real(std::fmod(left.as_real(), right.as_real()));
}

}  // namespace

std::optional<Number> number_of(const json& value, bool lenient) {
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return real(value.get<double>());
  }
  if (value.is_number_integer()) {
    return Number{true, value.get<std::int64_t>(), 0.0};
  }
  if (value.is_number_float()) {
    return real(value.get<double>());
  }
  if (value.is_string()) {
    return parse_number(value.get_ref<const std::string&>(), lenient);
  }
  if (lenient && value.is_boolean()) {
    return Number{true, value.get<bool>() ? 1 : 0, 0.0};
  }
  return lenient && value.is_null() ? std::optional<Number>(Number{}) : std::nullopt;
}

std::optional<Number> calculate(char operation, const Number& left, const Number& right) {
  const bool whole = left.whole && right.whole;
  std::int64_t integer = 0;
  switch (operation) {
    case '+':
      return whole && !__builtin_add_overflow(left.integer, right.integer, &integer)
                 ? Number{true, integer, 0.0}
                 : real(left.as_real() + right.as_real());
    case '-':
      return whole && !__builtin_sub_overflow(left.integer, right.integer, &integer)
                 ? Number{true, integer, 0.0}
                 : real(left.as_real() - right.as_real());
    case '*':
      return whole && !__builtin_mul_overflow(left.integer, right.integer, &integer)
                 ? Number{true, integer, 0.0}
                 : real(left.as_real() * right.as_real());
    case '/':
      return divide(left, right);
    default:
      return remainder(left, right);
  }
}

int compare(const Number& left, const Number& right) {
  if (left.whole && right.whole) {
    return left.integer < right.integer ? -1 : left.integer > right.integer ? 1 : 0;
  }
  return left.as_real() < right.as_real() ? -1 : left.as_real() > right.as_real() ? 1 : 0;
}

json to_json(const Number& number) {
  if (number.whole) {
    return number.integer;
  }
  const bool exact = std::abs(number.real) < kExactMax && std::trunc(number.real) == number.real;
  return exact ? json(static_cast<std::int64_t>(number.real)) : json(number.real);
}

bool strictly_equal(const json& left, const json& right) {
  // nlohmann compares integers and fractions by value.
  return (left.is_number() && right.is_number()) || left.type() == right.type() ? left == right : false;
}

bool loosely_equal(const json& left, const json& right) {
  const bool scalars = left.is_primitive() && right.is_primitive() && !left.is_null() && !right.is_null();
  if (!scalars || left.type() == right.type()) {
    return strictly_equal(left, right);
  }
  const auto first = number_of(left, true);
  const auto second = number_of(right, true);
  return first && second && compare(*first, *second) == 0;
}

std::optional<std::string> scalar_text(const json& value) {
  if (value.is_null()) {
    return "";
  }
  if (value.is_string()) {
    return value.get<std::string>();
  }
  if (value.is_boolean()) {
    return value.get<bool>() ? "true" : "false";
  }
  const auto number = number_of(value, false);
  if (!number) {
    return std::nullopt;
  }
  const json plain = to_json(*number);
  if (plain.is_number_integer()) {
    return std::to_string(plain.get<std::int64_t>());
  }
  std::array<char, 64> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), number->real);
  return std::string(text.data(), written.ptr);
}

std::string substring(const std::string& text, std::int64_t start, std::optional<std::int64_t> length) {
  std::vector<std::size_t> begins;  // of each code point
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      begins.push_back(i);
    }
  }
  const auto count = static_cast<std::int64_t>(begins.size());
  const auto from =
      start < 0 ? std::max<std::int64_t>(0, count + std::max(start, -count)) : std::min(start, count);
  auto to = count;
  if (length && *length >= 0) {
    to = *length < count - from ? from + *length : count;
  } else if (length) {
    to = count + std::max(*length, -count);
  }
  if (to <= from) {
    return "";
  }
  const auto first = begins[static_cast<std::size_t>(from)];
  const auto end = to == count ? text.size() : begins[static_cast<std::size_t>(to)];
  return text.substr(first, end - first);
}

std::int64_t copy_cost(const json& value, std::int64_t limit, int depth) {
  if (depth > kCopyDepthMax) {
    return limit + 1;
  }
  std::int64_t cost = 1;
  if (value.is_string()) {
    cost += static_cast<std::int64_t>(value.get_ref<const std::string&>().size() / 64);
  }
  if (value.is_structured()) {
    for (const auto& each : value) {
      cost += copy_cost(each, limit - cost, depth + 1);
      if (cost > limit) {
        return limit + 1;
      }
    }
  }
  return cost;
}

std::string_view take_segment(std::string_view& path) {
  const auto dot = path.find('.');
  const auto segment = path.substr(0, dot);
  path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  return segment;
}

std::string pointer_below(std::string origin, std::string_view path) {
  while (!path.empty()) {
    origin = below(origin, take_segment(path));
  }
  return origin;
}

const json* value_at_path(const json& data, std::string_view path) {
  const json* at = &data;
  while (!path.empty()) {
    const auto segment = take_segment(path);
    if (at->is_object()) {
      const auto found = at->find(segment);
      if (found == at->end()) {
        return nullptr;
      }
      at = &*found;
      continue;
    }
    std::size_t index = 0;
    const char* end = segment.data() + segment.size();
    const auto read = std::from_chars(segment.data(), end, index);
    if (!at->is_array() || read.ec != std::errc() || read.ptr != end || index >= at->size()) {
      return nullptr;
    }
    at = &(*at)[index];
  }
  return at;
}

}  // namespace motcua::engine::guard

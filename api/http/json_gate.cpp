#include "api/http/json_gate.hpp"

#include "api/http/limits.hpp"

#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace motcua::api {
namespace {

using nlohmann::json;

/// Reads the body and tells, through `place`, how far the lexer has come: the SAX events themselves carry no
/// position.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Cursor(const char* at, const char** place) : at_(at), place_(place) {}
  reference operator*() const { return *at_; }
  Cursor& operator++() {
    *place_ = ++at_;
    return *this;
  }
  friend bool operator==(const Cursor& left, const Cursor& right) { return left.at_ == right.at_; }

 private:
  const char* at_;
  const char** place_;
};

/// Builds the value event by event and stops at the first limit that is passed.
class Builder final : public nlohmann::json_sax<json> {
 public:
  explicit Builder(std::string_view body) : begin_(body.data()), place_(body.data()) {}

  [[nodiscard]] const char** place() { return &place_; }
  [[nodiscard]] std::optional<JsonRefusal>& refusal() { return refusal_; }
  [[nodiscard]] json& value() { return root_; }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(std::int64_t value) override { return put(value); }
  bool number_unsigned(std::uint64_t value) override { return put(value); }
  bool number_float(double value, const std::string& text) override {
    // An integer that does not fit 64 bits arrives here already rounded: its digits would be lost silently.
    if (text.find_first_of(".eE") == std::string::npos) {
      return refuse(Problem::bad_json, "An integer is beyond 64 bits");
    }
    return put(value);
  }
  bool string(std::string& value) override { return text_is_fit(value) && put(std::move(value)); }
  bool binary(json::binary_t&) override { return refuse(Problem::bad_json, "Not a JSON value"); }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    if (!text_is_fit(name) || !count_token()) {
      return false;
    }
    const auto [member, is_new] = open_.back()->get_ref<json::object_t&>().emplace(std::move(name), nullptr);
    if (!is_new) {
      return refuse(Problem::duplicate_key, "An object names a key twice; the second ends");
    }
    member_ = &member->second;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception& error) override {
    // 406: a number beyond double. Everything else is syntax or encoding. The library's own text quotes the
    // body.
    constexpr int kNumberOutOfRange = 406;
    const bool overflow = error.id == kNumberOutOfRange;
    refusal_ = JsonRefusal{Problem::bad_json, std::string(overflow ? "A number is beyond double precision"
                                                                   : "Not valid JSON or not valid UTF-8") +
                                                  " at byte " + std::to_string(position) + "."};
    return false;
  }

  bool refuse(Problem problem, const char* what) {
    refusal_ = JsonRefusal{problem, std::string(what) + " at byte " + std::to_string(place_ - begin_) + "."};
    return false;
  }

 private:
  bool count_token() {
    ++tokens_;
    return tokens_ <= kJsonTokensMax || refuse(Problem::bad_json, "More than 100,000 tokens");
  }

  bool text_is_fit(const std::string& text) {
    if (text.size() > kJsonStringBytesMax) {
      return refuse(Problem::bad_json, "A string is longer than 64 KiB; it ends");
    }
    if (text.find('\0') != std::string::npos) {
      return refuse(Problem::invalid_data, "A string holds U+0000; it ends");
    }
    return true;
  }

  /// Puts `value` where the next value belongs; answers its place.
  template <class Value>
  json* place_value(Value&& value) {
    if (open_.empty()) {
      root_ = json(std::forward<Value>(value));
      return &root_;
    }
    if (open_.back()->is_array()) {
      return &open_.back()->get_ref<json::array_t&>().emplace_back(std::forward<Value>(value));
    }
    *member_ = json(std::forward<Value>(value));
    return member_;
  }

  template <class Value>
  bool put(Value&& value) {
    if (!count_token()) {
      return false;
    }
    place_value(std::forward<Value>(value));
    return true;
  }

  bool open(json&& empty) {
    if (open_.size() == kJsonDepthMax) {
      return refuse(Problem::bad_json, "Deeper than 32 levels");
    }
    if (!count_token()) {
      return false;
    }
    open_.push_back(place_value(std::move(empty)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  const char* begin_;
  const char* place_;
  std::optional<JsonRefusal> refusal_{};
  json root_{};
  std::vector<json*> open_{};  ///< containers not yet closed, outermost first
  json* member_ = nullptr;     ///< where the value of the key just read belongs
  std::size_t tokens_ = 0;
};

}  // namespace

std::variant<json, JsonRefusal> parse_json_body(std::string_view body) {
  // The library's lexer takes a NUL byte for the end of input and skips a byte order mark; JSON knows
  // neither.
  if (const auto nul = body.find('\0'); nul != std::string_view::npos) {
    return JsonRefusal{Problem::bad_json, "Not valid JSON at byte " + std::to_string(nul + 1) + "."};
  }
  if (body.starts_with("\xEF\xBB\xBF")) {
    return JsonRefusal{Problem::bad_json, "The body starts with a byte order mark."};
  }
  Builder builder(body);
  const Cursor first(body.data(), builder.place());
  const Cursor last(body.data() + body.size(), builder.place());
  const bool whole = json::sax_parse(first, last, &builder);
  if (!whole || builder.refusal()) {
    return builder.refusal().value_or(JsonRefusal{Problem::bad_json, "Not valid JSON."});
  }
  if (!builder.value().is_object()) {
    return JsonRefusal{Problem::bad_request, "The body must be a JSON object."};
  }
  return std::move(builder.value());
}

}  // namespace motcua::api

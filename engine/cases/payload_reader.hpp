/// Reads described values where their text stands, in one pass and without a tree: replay spends most of its
/// time here. Only the canonical text is accepted, so that writing again what was read gives the same bytes.
#pragma once

#include "engine/cases/event_members.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace motcua::engine {

/// Throws std::invalid_argument, naming the byte, for any other text.
class PayloadReader {
 public:
  explicit PayloadReader(std::string_view text) : text_(text) {}

  template <Described T>
  void get(T& into) {
    expect('{');
    const auto start = at_;
    std::apply([&](const auto&... member) { (get_member(start, member, into), ...); }, kMembers<T>);
    expect('}');
  }
  void demand_end() const {
    if (at_ != text_.size()) refuse("something follows the payload");
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw std::invalid_argument(why + " at byte " + std::to_string(at_));
  }
  [[nodiscard]] bool takes(char symbol) {
    const bool there = at_ < text_.size() && text_[at_] == symbol;
    at_ += there ? 1 : 0;
    return there;
  }
  void expect(char symbol) {
    if (!takes(symbol)) refuse(std::string("no ") + symbol);
  }
  void expect(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) refuse("no " + std::string(word));
    at_ += word.size();
  }

  template <class Owner, class T>
  void get_member(std::size_t start, const Member<Owner, T>& member, Owner& into) {
    if (takes_name(start, member.name)) {
      get(into.*member.at);
      if (member.optional && is_empty(into.*member.at)) refuse("an empty member is written");
    } else if (!member.optional) {
      refuse("no member " + std::string(member.name));
    }
  }
  /// Whether the next member of the object that starts at `start` has this name.
  [[nodiscard]] bool takes_name(std::size_t start, std::string_view name) {
    auto at = at_;
    if (at != start && (at >= text_.size() || text_[at++] != ',')) return false;
    const auto size = name.size() + 3;
    if (text_.size() - at < size || text_[at] != '"') return false;
    const char* const there = text_.data() + at + 1;
    // Most members are absent: their names differ early, or where this one ends.
    if (there[0] != name[0] || there[name.size()] != '"' || there[name.size() + 1] != ':') return false;
    if (std::string_view(there, name.size()) != name) return false;
    at_ = at + size;
    return true;
  }

  [[nodiscard]] static bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

  void get(std::string& text) {
    expect('"');
    const auto start = at_;
    while (at_ < text_.size() && is_plain(text_[at_])) ++at_;
    if (takes('"')) {
      text.assign(text_, start, at_ - start - 1);
    } else {
      text = escaped(start);
    }
  }
  /// A text with escapes or beyond ASCII; rare in payloads, so the JSON library reads it.
  [[nodiscard]] std::string escaped(std::size_t start) {
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) at_ += text_[at_] == '\\' ? 1 : 0;
    expect('"');
    const auto token = text_.substr(start - 1, at_ - start + 1);
    const auto parsed = nlohmann::json::parse(token, nullptr, false);
    if (!parsed.is_string() || parsed.dump() != token) refuse("not a canonical text");
    return parsed.get<std::string>();
  }
  void get(bool& value) {
    value = at_ < text_.size() && text_[at_] == 't';
    expect(value ? std::string_view("true") : std::string_view("false"));
  }
  template <class Number>
  void get_number(Number& number) {
    const auto* const start = text_.data() + at_;
    const auto [end, error] = std::from_chars(start, text_.data() + text_.size(), number);
    if (error != std::errc()) refuse("no number");
    const std::string_view digits(start, static_cast<std::size_t>(end - start));
    const bool padded = digits.size() > 1 && (digits.front() == '0' || digits.starts_with("-0"));
    if (padded) refuse("not a canonical number");
    at_ += digits.size();
  }
  void get(std::int64_t& number) { get_number(number); }
  void get(std::uint64_t& number) { get_number(number); }
  void get(std::uint32_t& number) { get_number(number); }
  void get(Instant& at) {
    std::int64_t micros = 0;
    get_number(micros);
    at = from_micros(micros);
  }
  void get(WorkingSeconds& seconds) { get_number(seconds.count); }
  void get(Digest& digest) {
    expect('"');
    const auto digits = text_.substr(at_, 2 * digest.size());
    const auto read = digest_from_hex(digits);
    const bool upper = std::any_of(digits.begin(), digits.end(), [](char c) { return c >= 'A' && c <= 'F'; });
    if (!read || upper) refuse("a digest is not 64 hexadecimal digits in lower case");
    digest = *read;
    at_ += 2 * digest.size();
    expect('"');
  }
  template <class Tag>
  void get(TextId<Tag>& id) {
    get(id.value);
  }
  template <class Name>
  requires requires(const Name& name) { from_name("", name); }
  void get(Name& value) {
    expect('"');
    const auto end = std::min(text_.find('"', at_), text_.size());
    const auto known = from_name(text_.substr(at_, end - at_), value);
    if (!known) refuse("an unknown name");
    value = *known;
    at_ = end;
    expect('"');
  }
  void get(MissingItem& item) {
    expect('{');
    const auto start = at_;
    if (takes_name(start, "paper")) {
      get(item.paper);
      if (item.paper.empty()) refuse("an empty member is written");
    } else if (takes_name(start, "pointer")) {
      get(item.pointer);
    } else if (takes_name(start, "procedure")) {
      get(item.procedure);
      if (item.procedure.empty()) refuse("an empty member is written");
    } else {
      refuse("neither a paper, a pointer nor a procedure");
    }
    expect('}');
  }

  void get(CaseId& id) {
    std::string text;
    get(text);
    const auto read = parse_case_id(text);
    if (!read) refuse("no case id");
    id = *read;
  }
  template <class T>
  void get(Shared<T>& value) {
    get(value.edit());
  }
  template <class T>
  void get(std::optional<T>& value) {
    get(value.emplace());
  }
  template <class T>
  void get(std::vector<T>& list) {
    expect('[');
    if (takes(']')) return;
    do get(list.emplace_back());
    while (takes(','));
    expect(']');
  }
  template <class Key, class T>
  void get(std::map<Key, T>& map) {
    expect('{');
    if (takes('}')) return;
    do {
      Key key;
      get(key);
      expect(':');
      if (!map.empty() && !(map.rbegin()->first < key)) refuse("keys do not ascend");
      get(map.emplace_hint(map.end(), std::move(key), T{})->second);
    } while (takes(','));
    expect('}');
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace motcua::engine

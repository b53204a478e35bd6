/// Appends described values as canonical JSON: members ascending, no floats, ASCII keys.
#pragma once

#include "engine/cases/event_members.hpp"

#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace motcua::engine {

class PayloadWriter {
 public:
  [[nodiscard]] std::string take() { return std::move(out_); }

  template <Described T>
  void put(const T& value) {
    out_ += '{';
    const auto start = out_.size();
    std::apply([&](const auto&... member) { (put_member(start, member, value), ...); }, kMembers<T>);
    out_ += '}';
  }

 private:
  template <class Owner, class T>
  void put_member(std::size_t start, const Member<Owner, T>& member, const Owner& value) {
    if (member.optional && is_empty(value.*member.at)) return;
    put_name(start, member.name);
    put(value.*member.at);
  }
  void put_name(std::size_t start, std::string_view name) {
    if (out_.size() != start) out_ += ',';
    put(name);
    out_ += ':';
  }

  /// As the JSON library writes it; nearly every text of a payload needs no escape.
  void put(std::string_view text) {
    for (const char c : text) {
      const bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
      if (!plain) {
        out_ += nlohmann::json(text).dump();
        return;
      }
    }
    out_ += '"';
    out_ += text;
    out_ += '"';
  }
  void put(const std::string& text) { put(std::string_view(text)); }
  void put(bool value) { out_ += value ? "true" : "false"; }
  void put_number(auto number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out_.append(digits, end);
  }
  void put(std::int64_t number) { put_number(number); }
  void put(std::uint64_t number) { put_number(number); }
  void put(std::uint32_t number) { put_number(number); }
  void put(Instant at) { put_number(to_micros(at)); }
  void put(const WorkingSeconds& seconds) { put_number(seconds.count); }
  void put(const Digest& digest) { put(to_hex(digest)); }
  void put(const CaseId& id) { put(to_text(id)); }
  template <class Tag>
  void put(const TextId<Tag>& id) {
    put(id.value);
  }
  void put(Stage stage) { put(std::string_view(name_of(stage))); }
  void put(ClockState state) { put(std::string_view(name_of(state))); }
  void put(ClockChange change) { put(std::string_view(name_of(change))); }
  /// Names a paper or a leaf, never both.
  void put(const MissingItem& item) {
    if (!item.procedure.empty()) {
      out_ += R"({"procedure":)";
      put(item.procedure.value);
    } else {
      const bool paper = !item.paper.empty();
      out_ += paper ? R"({"paper":)" : R"({"pointer":)";
      put(paper ? item.paper.value : item.pointer);
    }
    out_ += '}';
  }

  template <class T>
  void put(const Shared<T>& value) {
    put(*value);
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(*value);
  }
  template <class T>
  void put(const std::vector<T>& list) {
    out_ += '[';
    const auto start = out_.size();
    for (const auto& item : list) {
      if (out_.size() != start) out_ += ',';
      put(item);
    }
    out_ += ']';
  }
  static std::string_view text_of(const std::string& key) { return key; }
  template <class Tag>
  static std::string_view text_of(const TextId<Tag>& key) {
    return key.value;
  }
  template <class Key, class T>
  void put(const std::map<Key, T>& map) {
    out_ += '{';
    const auto start = out_.size();
    for (const auto& [key, value] : map) {
      put_name(start, text_of(key));
      put(value);
    }
    out_ += '}';
  }

  std::string out_{};
};

}  // namespace motcua::engine

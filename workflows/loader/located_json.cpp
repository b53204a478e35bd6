#include "workflows/loader/located_json.hpp"

#include "engine/procedure/definition_rules.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

namespace motcua::workflows {
namespace {

constexpr std::int64_t kIntegerMax = std::int64_t{1} << 53;

/// Walks the text and tells how far the parser has read.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** reached) : at_(at), reached_(reached) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    *reached_ = at_;
    return *this;
  }
  CountingIterator operator++(int) {
    auto before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& left, const CountingIterator& right) {
    return left.at_ == right.at_;
  }
  friend bool operator!=(const CountingIterator& left, const CountingIterator& right) {
    return left.at_ != right.at_;
  }

 private:
  const char* at_;
  const char** reached_;
};

/// Conditions follow JsonLogic, which has fractions; everything else counts in integers.
bool is_condition(std::string_view name) {
  return name == "guard" || name == "required" || name == "when" || name == "exempt_when";
}

std::string printable(std::string_view text) {
  std::string clean;
  for (const char c : text.substr(0, 160)) {
    clean += (c >= 0x20 && c < 0x7f) ? c : '?';
  }
  return clean;
}

/// Builds the document and notes lines; refuses what a definition must not contain.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  /// With `lines`, notes where everything is.
  Builder(LocatedJson& target, LocatedJson::Lines* lines, const char* begin, const char* const* reached)
      : target_(target), lines_(lines), counted_(begin), reached_(reached) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool string(string_t& value) override { return add(value); }
  bool binary(binary_t&) override { return false; }
  bool number_integer(number_integer_t value) override { return integer(value, value >= -kIntegerMax); }
  bool number_unsigned(number_unsigned_t value) override {
    return integer(value, value <= static_cast<std::uint64_t>(kIntegerMax));
  }
  bool number_float(number_float_t value, const string_t&) override {
    if (condition_depth_ == 0) error("not-an-integer", "numbers of a definition are integers");
    return add(value);
  }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override;
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& problem) override;

 private:
  struct Frame {
    Json* value = nullptr;
    std::string key{};  ///< under which it stands in the frame around it
    std::size_t members = 0;
    bool condition = false;
    int key_line = 0;    ///< of the member that was named last
    bool names = false;  ///< its members are names of states or events
  };

  /// A finding about the value that is read now.
  void error(const std::string& rule, const std::string& message) {
    const bool member = !frames_.empty() && frames_.back().value->is_object();
    target_.findings.push_back({target_.file, pointer_of_next(), member ? frames_.back().key_line : line(),
                                rule, Severity::error, message});
  }

  bool integer(Json value, bool in_range) {
    if (!in_range) error("number-out-of-range", "integers stay below 2^53");
    return add(std::move(value));
  }
  /// Pointer of the innermost object or array that is open.
  [[nodiscard]] std::string pointer_of_frame() const {
    std::string pointer;
    for (std::size_t i = 1; i < frames_.size(); ++i) pointer = below(pointer, frames_[i].key);
    return pointer;
  }
  [[nodiscard]] std::string pointer_of_next() const {
    return frames_.empty() ? "" : below(pointer_of_frame(), key_of_next());
  }
  [[nodiscard]] std::string key_of_next() const {
    if (frames_.empty()) return "";
    const Json& around = *frames_.back().value;
    return around.is_array() ? std::to_string(around.size()) : key_;
  }
  void note_line() {
    if (lines_ != nullptr && (frames_.empty() || frames_.back().value->is_array())) {
      lines_->emplace(pointer_of_next(), line());
    }
  }
  /// Line of the token read last; the reader may have looked one character ahead, past the end of a number.
  int line() {
    while (counted_ < *reached_ - 1) {
      line_ += *counted_ == '\n' ? 1 : 0;
      ++counted_;
    }
    return line_;
  }
  Json* place(Json value);
  bool add(Json value) {
    place(std::move(value));
    return true;
  }
  bool open(Json value);
  bool close() {
    condition_depth_ -= frames_.back().condition ? 1 : 0;
    frames_.pop_back();
    return true;
  }

  LocatedJson& target_;
  LocatedJson::Lines* lines_;
  const char* counted_;
  const char* const* reached_;
  int line_ = 1;
  std::vector<Frame> frames_{};
  std::string key_{};
  bool repeated_ = false;  ///< the object has a member of this name already
  int condition_depth_ = 0;
};

Json* Builder::place(Json value) {
  note_line();
  if (frames_.empty()) {
    target_.document = std::move(value);
    return &target_.document;
  }
  Json& parent = *frames_.back().value;
  if (parent.is_array()) {
    parent.push_back(std::move(value));
    return &parent.back();
  }
  auto& members = *parent.get_ptr<Json::object_t*>();
  if (repeated_) {
    Json& place = parent[key_];
    place = std::move(value);
    return &place;
  }
  // The library's ordered objects look for the name before they take it; that was done by key().
  members.Container::emplace_back(std::move(key_), std::move(value));
  return &members.Container::back().second;
}

bool Builder::open(Json value) {
  if (frames_.size() >= kFileDepthMax) {
    error("too-deep", "values are nested deeper than " + std::to_string(kFileDepthMax));
    return false;
  }
  std::string key = key_of_next();
  const bool in_names = !frames_.empty() && frames_.back().names;
  const bool named = !frames_.empty() && frames_.back().value->is_object();
  const bool condition = named && !in_names && is_condition(key_);
  const bool names = named && engine::holds_names(key_, in_names);
  Json* placed = place(std::move(value));
  frames_.push_back({placed, std::move(key), 0, condition, 0, names});
  condition_depth_ += condition ? 1 : 0;
  return true;
}

bool Builder::key(string_t& name) {
  Frame& frame = frames_.back();
  if (name.size() > kKeyBytesMax) {
    target_.findings.push_back({target_.file, pointer_of_frame(), line(), "key-too-long", Severity::error,
                                "a member's name is longer than " + std::to_string(kKeyBytesMax) + " bytes"});
    return false;
  }
  if (frame.members >= kMembersMax) {
    target_.findings.push_back({target_.file, pointer_of_frame(), line(), "too-many-members", Severity::error,
                                "an object has more than " + std::to_string(kMembersMax) + " members"});
    return false;
  }
  frame.members += 1;
  frame.key_line = line();
  repeated_ = frame.value->contains(name);
  key_ = std::move(name);
  if (repeated_) {
    error("duplicate-key", "the member is given twice");
  } else if (lines_ != nullptr) {
    lines_->emplace(pointer_of_next(), frame.key_line);
  }
  return true;
}

bool Builder::parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& problem) {
  if (problem.id == 406) {  // the library's: a number that none of its types holds
    error("number-out-of-range", "numbers stay below 2^53");
    return false;
  }
  const char* what = problem.what();
  const bool utf8 = std::strstr(what, "UTF-8") != nullptr || std::strstr(what, "surrogate") != nullptr;
  // The library's text begins with its own code and position; ours is in the finding.
  const char* tail = std::strstr(what, "column ");
  tail = tail != nullptr ? std::strstr(tail, ": ") : nullptr;
  target_.findings.push_back({target_.file, "", line(), utf8 ? "not-utf-8" : "not-json", Severity::error,
                              printable(tail != nullptr ? tail + 2 : "the text is not JSON")});
  return false;
}

}  // namespace

int LocatedJson::line_of(std::string_view pointer) const {
  if (!lines_) {
    lines_.emplace();
    LocatedJson again;
    const char* reached = text_.data();
    Builder builder(again, &*lines_, text_.data(), &reached);
    Json::sax_parse(CountingIterator(text_.data(), &reached),
                    CountingIterator(text_.data() + text_.size(), &reached), &builder);
  }
  while (true) {
    if (const auto found = lines_->find(pointer); found != lines_->end()) {
      return found->second;
    }
    const auto slash = pointer.rfind('/');
    if (slash == std::string_view::npos) {
      return 0;
    }
    pointer = pointer.substr(0, slash);
  }
}

void LocatedJson::error(const std::string& pointer, const std::string& rule, const std::string& message) {
  findings.push_back({file, pointer, line_of(pointer), rule, Severity::error, message});
}

void LocatedJson::note(const std::string& pointer, const std::string& rule, const std::string& message) {
  findings.push_back({file, pointer, line_of(pointer), rule, Severity::note, message});
}

void LocatedJson::warning(const std::string& pointer, const std::string& rule, const std::string& message) {
  findings.push_back({file, pointer, line_of(pointer), rule, Severity::warning, message});
}

LocatedJson parse_located(const std::string& bytes, const std::string& file) {
  LocatedJson located;
  located.file = file;
  if (bytes.size() > kFileBytesMax) {
    located.error("", "file-too-large",
                  "the file is larger than " + std::to_string(kFileBytesMax) + " bytes");
    return located;
  }
  // The parser takes a zero byte for the end of the text.
  if (bytes.find('\0') != std::string::npos) {
    // Zero bytes beside letters of ASCII are most often UTF-16.
    const bool wide =
        bytes.rfind("\xFF\xFE", 0) == 0 || bytes.rfind("\xFE\xFF", 0) == 0 || bytes.find('\0') < 2;
    const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(bytes.find('\0'));
    const auto line = 1 + static_cast<int>(std::count(bytes.begin(), end, '\n'));
    located.findings.push_back(
        {file, "", line, wide ? "not-utf-8" : "not-json", Severity::error,
         wide ? "the text is UTF-16: save it as UTF-8" : "the text holds a zero byte"});
    return located;
  }
  located.text_ = bytes;
  const char* begin = located.text_.data();
  const char* reached = begin;
  Builder builder(located, nullptr, begin, &reached);
  located.readable = Json::sax_parse(CountingIterator(begin, &reached),
                                     CountingIterator(begin + bytes.size(), &reached), &builder);
  if (!located.readable) {
    located.document = nullptr;
  }
  return located;
}

}  // namespace motcua::workflows

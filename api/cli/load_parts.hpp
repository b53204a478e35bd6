/// Parts of the load generator: latencies, and the little it reads of an answer. No sockets, no clock.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace motcua::api {

/// Latencies in microseconds, under 1 % wide: exact to 255, then 128 steps to each power of two.
class Histogram {
 public:
  void add(std::uint64_t value) {
    const std::size_t at = index_of(value);
    if (at >= counts_.size()) {
      counts_.resize(at + 1, 0);
    }
    ++counts_[at];
    ++total_;
    max_ = std::max(max_, value);
  }
  [[nodiscard]] double quantile(double share) const {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(total_));
    std::uint64_t seen = 0;
    for (std::size_t at = 0; at < counts_.size(); ++at) {
      seen += counts_[at];
      if (seen > wanted) {
        return upper_bound(at);
      }
    }
    return static_cast<double>(max_);
  }
  [[nodiscard]] double max() const { return static_cast<double>(max_); }
  [[nodiscard]] std::vector<std::pair<double, std::uint64_t>> buckets() const {
    std::vector<std::pair<double, std::uint64_t>> result;
    for (std::size_t at = 0; at < counts_.size(); ++at) {
      if (counts_[at] != 0) {
        result.emplace_back(upper_bound(at), counts_[at]);
      }
    }
    return result;
  }

 private:
  static std::size_t index_of(std::uint64_t value) {
    if (value < 256) {
      return static_cast<std::size_t>(value);
    }
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - 8U;
    return 128U * shift + static_cast<std::size_t>(value >> shift);
  }
  static double upper_bound(std::size_t at) {
    if (at < 256) {
      return static_cast<double>(at);
    }
    const std::size_t shift = (at - 128) / 128;
    return static_cast<double>((static_cast<std::uint64_t>(at - 128 * shift) + 1) << shift) - 1;
  }

  std::vector<std::uint64_t> counts_{};
  std::uint64_t total_ = 0;
  std::uint64_t max_ = 0;
};

/// Position of the value of the outermost member `name` of a JSON object, or npos.
[[nodiscard]] std::size_t find_member(std::string_view text, std::string_view name);
/// The outermost member `name` if it is a string without escapes; else empty.
[[nodiscard]] std::string string_member(std::string_view text, std::string_view name);
/// Reads the outermost `version`, 0 if there is none. Answers of one kind have one layout, so
/// `last_position`, where it was found last, is tried first.
[[nodiscard]] std::uint64_t version_member(std::string_view text, std::size_t& last_position);

/// One answer at the front of a buffer; views into it.
struct Answer {
  int status = 0;
  std::string_view body{};
  std::size_t bytes = 0;  ///< of the whole answer
};
/// The answer at the front of `text` once all of it is there. Throws std::runtime_error on an answer without
/// a length.
[[nodiscard]] std::optional<Answer> complete_answer(std::string_view text);

/// User and system time of this process in microseconds.
[[nodiscard]] double processor_time_us();
/// The same of another process; 0 if it cannot be read.
[[nodiscard]] double processor_time_us(int pid);

}  // namespace motcua::api

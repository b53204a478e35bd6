/// One JSON line per answered request. Never a path, a query, a token, a body or an address.
#pragma once

#include "api/http/message.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace motcua::api {

struct AccessLine {
  std::string_view request_id{};
  Method method = Method::get;
  std::string_view route{};  ///< the pattern, or `none`
  unsigned status = 0;
  std::chrono::microseconds took{};
  std::uint64_t bytes_in = 0;   ///< of the body
  std::uint64_t bytes_out = 0;  ///< of the body
};

/// Lines are gathered on the I/O thread and written by a thread of the log's own, at most 250 ms later. A
/// slow disk or a full pipe loses lines (they are counted), never time.
class AccessLog {
 public:
  /// Appends to the file `path`; `-` is standard error, empty is no log at all. Throws if the file cannot be
  /// opened.
  explicit AccessLog(const std::string& path);
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;
  ~AccessLog();

  void record(const AccessLine& line);  ///< I/O thread
  void flush();                         ///< hands over what was gathered; I/O thread
  /// Blocks of lines lost because the writer could not keep up.
  [[nodiscard]] std::uint64_t lost() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace motcua::api

/// A client that knows nothing of HTTP but how answers are framed: it sends bytes and counts what comes back.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::tests {

/// One answer as received.
struct Answer {
  int status = 0;
  std::string head{};
  std::string body{};

  /// Value of a field, case-sensitive as this server writes it; empty if absent.
  [[nodiscard]] std::string field(const std::string& name) const;
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  RawClient(RawClient&& other) noexcept;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient();

  /// False if the server has closed.
  bool send(std::string_view bytes);
  /// Tells the server that no more will come.
  void end_sending();
  /// Closes at once; unread bytes make it a reset.
  void close();
  /// Reads one answer; status 0 if the connection ends or `patience` passes first. A 100 is an answer here.
  Answer read(std::chrono::milliseconds patience = std::chrono::seconds(10), bool has_body = true);
  /// Everything up to the end of the connection.
  std::vector<Answer> read_all(std::chrono::milliseconds patience = std::chrono::seconds(10),
                               bool have_bodies = true);
  /// Everything up to and including `mark`, as received; empty if it does not come within `patience`.
  std::string read_until(const std::string& mark,
                         std::chrono::milliseconds patience = std::chrono::seconds(10));
  /// True if the server closed within `patience` and had nothing more to say.
  bool is_closed(std::chrono::milliseconds patience = std::chrono::seconds(10));

 private:
  bool fill(std::chrono::milliseconds patience);

  int socket_ = -1;
  bool ended_ = false;
  std::string received_{};
};

/// `POST path` with a JSON body.
[[nodiscard]] std::string post_json(std::string_view path, std::string_view body,
                                    std::string_view more_fields = "");
[[nodiscard]] std::string get(std::string_view path, std::string_view more_fields = "");

}  // namespace motcua::tests

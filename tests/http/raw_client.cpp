#include "tests/http/raw_client.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace motcua::tests {

std::string Answer::field(const std::string& name) const {
  const auto start = head.find("\r\n" + name + ": ");
  if (start == std::string::npos) {
    return {};
  }
  const auto from = start + name.size() + 4;
  return head.substr(from, head.find("\r\n", from) - from);
}

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ended_ = true;
  }
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      ended_(other.ended_),
      received_(std::move(other.received_)) {}

RawClient::~RawClient() { close(); }

void RawClient::close() {
  if (socket_ >= 0) {
    ::close(std::exchange(socket_, -1));
  }
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::end_sending() { ::shutdown(socket_, SHUT_WR); }

bool RawClient::fill(std::chrono::milliseconds patience) {
  if (ended_) {
    return false;
  }
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) {
    return false;
  }
  std::array<char, 16384> bytes{};
  const auto got = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (got <= 0) {
    ended_ = true;
    return false;
  }
  received_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

Answer RawClient::read(std::chrono::milliseconds patience, bool has_body) {
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill(patience)) {
      return {};
    }
  }
  Answer answer;
  answer.head = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  if (answer.head.rfind("HTTP/1.1 ", 0) != 0) {
    answer.status = -1;
    return answer;
  }
  answer.status = std::atoi(answer.head.c_str() + 9);
  const auto length =
      has_body ? static_cast<std::size_t>(std::atoll(answer.field("Content-Length").c_str())) : 0;
  while (received_.size() < length) {
    if (!fill(patience)) {
      return {};
    }
  }
  answer.body = received_.substr(0, length);
  received_.erase(0, length);
  return answer;
}

std::vector<Answer> RawClient::read_all(std::chrono::milliseconds patience, bool have_bodies) {
  std::vector<Answer> answers;
  for (auto answer = read(patience, have_bodies); answer.status != 0; answer = read(patience, have_bodies)) {
    answers.push_back(answer);
  }
  return answers;
}

std::string RawClient::read_until(const std::string& mark, std::chrono::milliseconds patience) {
  std::size_t found = 0;
  while ((found = received_.find(mark)) == std::string::npos) {
    if (!fill(patience)) {
      return {};
    }
  }
  auto text = received_.substr(0, found + mark.size());
  received_.erase(0, text.size());
  return text;
}

bool RawClient::is_closed(std::chrono::milliseconds patience) {
  while (fill(patience)) {
  }
  return ended_ && received_.empty();
}

std::string post_json(std::string_view path, std::string_view body, std::string_view more_fields) {
  std::string request =
      "POST " + std::string(path) + " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n";
  request += more_fields;
  request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return request.append(body);
}

std::string get(std::string_view path, std::string_view more_fields) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(more_fields) + "\r\n";
}

}  // namespace motcua::tests

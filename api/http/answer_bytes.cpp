#include "api/http/answer_bytes.hpp"

#include "api/json/problem.hpp"

#include <boost/beast/http/status.hpp>

#include <array>
#include <charconv>

namespace motcua::api {
namespace {

void append_number(std::string& out, std::size_t number) {
  std::array<char, 24> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

bool has_field(const NameValueList& fields, std::string_view name) {
  for (const auto& field : fields) {
    if (field.first == name) {
      return true;
    }
  }
  return false;
}

}  // namespace

void append_head(std::string& out, const Response& response, const HeadFacts& facts) {
  out += "HTTP/1.1 ";
  append_number(out, response.status);
  out += ' ';
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(response.status));
  out.append(reason.data(), reason.size());
  if (!response.content_type.empty()) {
    out += "\r\nContent-Type: ";
    out += response.content_type;
  }
  if (response.stream) {
    out += facts.is_1_0 ? "" : "\r\nTransfer-Encoding: chunked";
  } else if (response.status != 204) {
    out += "\r\nContent-Length: ";
    append_number(out, response.body.size());
  }
  if (!facts.date.empty()) {
    out += "\r\nDate: ";
    out += facts.date;
  }
  if (!facts.request_id.empty()) {
    out += "\r\nX-Request-Id: ";
    out += facts.request_id;
  }
  out += "\r\nX-Content-Type-Options: nosniff";
  for (const auto& [name, value] : response.headers) {
    out += "\r\n";
    out += name;
    out += ": ";
    out += value;
  }
  if (!has_field(response.headers, "Cache-Control")) {
    out += "\r\nCache-Control: no-store";
  }
  if (!facts.keeps_alive) {
    out += "\r\nConnection: close";
  } else if (facts.is_1_0) {
    out += "\r\nConnection: keep-alive";
  }
  out += "\r\n\r\n";
}

std::string overloaded_answer() {
  const auto response = problem_response(Problem::overloaded, "Too many connections.", "");
  HeadFacts facts;
  facts.keeps_alive = false;
  std::string bytes;
  append_head(bytes, response, facts);
  return bytes + response.body;
}

}  // namespace motcua::api

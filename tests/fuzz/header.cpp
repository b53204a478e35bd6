// Request headers and framing: what the gate lets through has one reading, and it does not depend on how the
// bytes were cut into packets.
#include "api/http/header_gate.hpp"
#include "api/http/request_parser.hpp"
#include "api/http/router.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/asio/buffer.hpp>

#include <vector>

namespace motcua::fuzz {
namespace {

/// The framing fields of a header as the simplest reader sees them.
struct PlainReading {
  int hosts = 0;
  int codings = 0;
  std::vector<std::string> lengths{};
};

std::string lower(std::string_view text) {
  std::string folded(text);
  for (char& unit : folded) unit = unit >= 'A' && unit <= 'Z' ? static_cast<char>(unit + 32) : unit;
  return folded;
}

PlainReading read_plainly(std::string_view header) {
  PlainReading reading;
  header.remove_prefix(header.find("\r\n") + 2);
  while (!header.starts_with("\r\n")) {
    const auto line = header.substr(0, header.find("\r\n"));
    header.remove_prefix(line.size() + 2);
    promise(line.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos,
            "a line holds no line end, no NUL");
    promise(line.front() != ' ' && line.front() != '\t', "no line is folded");
    const auto colon = line.find(':');
    promise(colon != std::string_view::npos && colon > 0, "a line is name and value");
    const auto name = lower(line.substr(0, colon));
    promise(name.find_first_of(" \t") == std::string::npos, "a name holds no space");
    auto value = std::string(line.substr(colon + 1));
    value.erase(0, value.find_first_not_of(" \t"));
    value.erase(value.find_last_not_of(" \t") + 1);
    reading.hosts += name == "host";
    reading.codings += name == "transfer-encoding";
    if (name == "content-length") reading.lengths.push_back(value);
  }
  return reading;
}

/// One request read from a connection that hands out `step` bytes at a time.
struct Outcome {
  bool accepted = false;  ///< the header
  bool done = false;
  bool failed = false;
  bool chunked = false;
  std::size_t used = 0;
  std::string target{};
  api::Request request{};
};

Outcome receive(std::string_view bytes, std::size_t header_size, std::size_t step) {
  Outcome outcome;
  api::RequestParser parser(outcome.request);
  boost::beast::error_code error;
  outcome.used = parser.put(boost::asio::buffer(bytes.data(), header_size), error);
  const bool waits = error == api::http::error::need_more;
  outcome.accepted = (!error || waits) && parser.is_header_done() && outcome.used == header_size;
  outcome.target = parser.target();
  if (!outcome.accepted) return outcome;
  outcome.chunked = parser.chunked();
  for (std::size_t seen = header_size; !parser.is_done() && !outcome.failed && seen < bytes.size();) {
    seen = std::min(bytes.size(), seen + step);
    outcome.used += parser.put_body(bytes.substr(outcome.used, seen - outcome.used), error);
    outcome.failed = error && error != api::http::error::need_more;
  }
  outcome.done = parser.is_done();
  return outcome;
}

bool is_decoded_text(const api::NameValueList& list) {
  for (const auto& [name, value] : list) {
    for (const char unit : name + value) {
      if (static_cast<unsigned char>(unit) < 0x20 || unit == '\x7f') return false;
    }
  }
  return true;
}

void route(const Outcome& outcome) {
  static const api::Router router = [] {
    api::Router routes;
    routes.get("/api/v1/cases/{id}/events", {});
    routes.get("/api/v1/worklists/{queue}", {});
    routes.post("/api/v1/cases", {});
    return routes;
  }();
  const std::string_view target = outcome.target;
  const auto question = std::min(target.find('?'), target.size());
  api::NameValueList parameters;
  const auto match = router.match(outcome.request.method, target.substr(0, question), parameters);
  promise(match.kind != api::RouteMatch::Kind::found || is_decoded_text(parameters), "parameters are text");
  if (question == target.size()) return;
  if (const auto query = api::parse_query(target.substr(question + 1))) {
    promise(is_decoded_text(*query) && query->size() <= api::kQueryParametersMax,
            "a query is text, and not endless");
  }
}

void check_body(std::string_view input, std::size_t header_size, const PlainReading& plain) {
  const auto whole = receive(input, header_size, input.size());
  if (!whole.accepted) return;  // beyond what the gate looks at: the server refuses it as well
  promise(whole.chunked == (plain.codings == 1), "the body is chunked if the one coding says so");
  if (whole.done && !whole.chunked) {
    const auto length = plain.lengths.empty() ? 0 : std::stoull(plain.lengths.front());
    promise(whole.request.body.size() == length && whole.used == header_size + length,
            "the body is as long as its length says");
  }
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}}) {
    const auto cut = receive(input, header_size, step);
    // What is malformed may be refused sooner or later (Beast looks for a chunk extension's closing quote in
    // all that it has), but it is never taken.
    promise(cut.done == whole.done, "packets do not change what a request is");
    promise(!whole.done || (cut.used == whole.used && cut.request.body == whole.request.body),
            "packets do not change where a request ends");
  }
  route(whole);
  (void)api::is_json_media_type(whole.request.content_type);
}

}  // namespace

void try_input(std::string_view input) {
  const auto end = input.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    (void)api::check_header_start(input);
    promise(api::check_header(input).has_value(), "a header without an end is refused");
    return;
  }
  const auto header = input.substr(0, end + 4);
  const bool refused = api::check_header(header).has_value();
  for (std::size_t cut = 0; cut <= header.size(); cut += 1 + header.size() / 16) {
    promise(refused || !api::check_header_start(header.substr(0, cut)),
            "no part of a good header is refused");
  }
  if (refused) return;
  const auto plain = read_plainly(header);
  const bool is_1_0 = header.substr(0, header.find("\r\n")).ends_with("HTTP/1.0");
  promise(plain.hosts == 1 || (is_1_0 && plain.hosts == 0), "there is one host");
  promise(plain.lengths.size() <= 1 && plain.codings <= 1, "the length is stated once");
  promise(plain.codings == 0 || (plain.lengths.empty() && !is_1_0),
          "a coding stands alone, and never in HTTP/1.0");
  if (!plain.lengths.empty()) {
    promise(
        !plain.lengths[0].empty() && plain.lengths[0].find_first_not_of("0123456789") == std::string::npos,
        "a length is digits");
  }
  check_body(input, header.size(), plain);
}

}  // namespace motcua::fuzz

#include "tests/http/llhttp_cases.hpp"
#include "tests/http/raw_client.hpp"
#include "tests/http/running_server.hpp"

#include <gtest/gtest.h>

#include <map>

namespace motcua::tests {
namespace {

const std::string kFolder = std::string(SOURCE_DIR) + "/tests/http/data/llhttp/request";

constexpr const char* kNotOriginForm = "only targets in origin-form: this is no proxy";
constexpr const char* kFragment = "a fragment never belongs in a request";
constexpr const char* kNotHttp = "not HTTP/1.0 or HTTP/1.1";
constexpr const char* kCodings = "chunked is the only transfer coding";

/// What llhttp takes and this server refuses, by decision.
const std::map<std::string, const char*> kRefusedByDecision{
    {"method.md: CONNECT request", kNotOriginForm},
    {"method.md: CONNECT request with CAPS", kNotOriginForm},
    {"method.md: CONNECT with body", kNotOriginForm},
    {"method.md: M-SEARCH request", kNotOriginForm},
    {"method.md: PRI request HTTP2", kNotHttp},
    {"method.md: SOURCE request with ICE", kNotHttp},
    {"method.md: OPTIONS request with RTSP", kNotHttp},
    {"method.md: ANNOUNCE request with RTSP", kNotHttp},
    {"sample.md: No HTTP version", kNotHttp},
    {"transfer-encoding.md: POST with `chunked` as last transfer-encoding", kCodings},
    {"transfer-encoding.md: POST with `chunked` as last transfer-encoding (multiple headers)", kCodings},
    {"uri.md: Fragment in URI", kFragment},
    {"uri.md: Underscore in hostname", kNotOriginForm},
    {"uri.md: Host terminated by a query string", kNotOriginForm},
    {"uri.md: `host:port` terminated by a query string", kNotOriginForm},
    {"uri.md: `host:port` terminated by a space", kNotOriginForm},
    {"uri.md: `host:port` and basic auth", kNotOriginForm},
};

/// Cases that begin with, or are, requests that strict parsing takes: a method unknown to llhttp is a token
/// like any other and gets 404 or 405, and lenient modes change nothing for a request that is in order.
const std::map<std::string, const char*> kFirstIsFine{
    {"invalid.md: HTTP protocol and ANNOUNCE method", "the method is a token"},
    {"invalid.md: Invalid method", "the method is a token"},
    {"connection.md: Resetting flags when keep-alive is off (1.0, lenient)", "answered, then closed"},
    {"connection.md: CRLF between requests, explicit `close` (lenient)", "answered, then closed"},
    {"lenient-headers.md: Second request header value (lenient)", "the second is refused"},
};

/// The suite's parser is told to skip bodies here; for a server the body never comes.
constexpr const char* kUnfinished = "content-length.md: Content-Length reset when no body is received";

bool is_refusal(const Answer& answer) { return answer.status == 400 || answer.status == 413; }

std::string statuses(const std::vector<Answer>& answers) {
  std::string list;
  for (const auto& answer : answers) {
    list += std::to_string(answer.status) + " ";
  }
  return list;
}

TEST(LlhttpRequests, EveryCaseIsAnsweredOncePerRequestOrRefused) {
  RunningServer server;
  const auto cases = read_llhttp_cases(kFolder);
  ASSERT_EQ(cases.size(), 166U);
  for (const auto& one : cases) {
    SCOPED_TRACE(one.name);
    RawClient client(server.port());
    client.send(with_host(one.bytes));
    client.end_sending();
    const auto answers = client.read_all(std::chrono::seconds(10), !one.bytes.starts_with("HEAD"));
    ASSERT_TRUE(client.is_closed());
    const auto refusals = static_cast<std::size_t>(std::count_if(answers.begin(), answers.end(), is_refusal));
    const auto accepted = answers.size() - refusals;
    // Whatever the case: nothing is answered after a refusal, and never more than there were requests.
    EXPECT_TRUE(refusals == 0 || (refusals == 1 && is_refusal(answers.back()))) << statuses(answers);
    if (kRefusedByDecision.contains(one.name)) {
      EXPECT_EQ(refusals, 1U) << statuses(answers);
    } else if (one.name == kUnfinished) {
      EXPECT_EQ(answers.size(), 0U) << statuses(answers);
    } else if (kFirstIsFine.contains(one.name)) {
      EXPECT_EQ(accepted, 1U) << statuses(answers);
    } else if (one.is_strict && !one.has_error) {
      EXPECT_EQ(refusals, 0U) << statuses(answers) << (answers.empty() ? "" : answers.back().body);
      EXPECT_EQ(accepted, one.complete) << statuses(answers);
    } else {
      EXPECT_LE(accepted, one.is_strict ? one.complete : 0U) << statuses(answers);
    }
  }
}

}  // namespace
}  // namespace motcua::tests

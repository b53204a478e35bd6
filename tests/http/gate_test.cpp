#include "api/http/header_gate.hpp"
#include "api/http/router.hpp"

#include <gtest/gtest.h>

#include <string>

namespace motcua::tests {
namespace {

using namespace std::string_literals;
using api::check_header;
using api::Method;
using api::RouteMatch;

bool is_refused(const std::string& header) { return check_header(header).has_value(); }
bool is_refused_field(const std::string& field) {
  return is_refused("POST /a HTTP/1.1\r\nHost: h\r\n" + field + "\r\n\r\n");
}

TEST(HeaderGate, TakesOrdinaryHeaders) {
  EXPECT_FALSE(is_refused("GET / HTTP/1.1\r\nHost: h:80\r\n\r\n"));
  EXPECT_FALSE(is_refused("GET /a?b=%20|\" HTTP/1.0\r\n\r\n"));
  EXPECT_FALSE(is_refused("GET / HTTP/1.1\r\nhost:\r\n\r\n"));
  EXPECT_FALSE(is_refused("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"));
  EXPECT_FALSE(is_refused_field("Transfer-Encoding: Chunked "));
  EXPECT_FALSE(is_refused_field("Content-Length: 5"));
  EXPECT_FALSE(is_refused_field("Expect: 100-continue"));
  EXPECT_FALSE(is_refused_field("X:\t\"\xC3\xA1\" a\tb"));
  EXPECT_FALSE(is_refused_field("Accept: a\r\nAccept: b"));
}

TEST(HeaderGate, RefusesWhatTwoReadersCouldFrameDifferently) {
  for (const char* field : {"Transfer-Encoding: gzip",
                            "Transfer-Encoding: xchunked",
                            "Transfer-Encoding: chunked, identity",
                            "Transfer-Encoding: identity",
                            "Transfer-Encoding:",
                            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                            "Transfer-Encoding: \"chunked\"",
                            "Transfer-Encoding: chunked;q=1",
                            "Transfer-Encoding: \x0b"
                            "chunked",
                            "Transfer-Encoding: chunked\r\nContent-Length: 5",
                            "Content-Length: 5\r\nTransfer-Encoding: chunked",
                            "Content-Length: 5, 5",
                            "Content-Length: 5\r\nContent-Length: 5",
                            "Content-Length: +5",
                            "Content-Length: -1",
                            "Content-Length: 0x5",
                            "Content-Length:",
                            "Content-Length: 5 5",
                            "Content-Length: 18446744073709551617",
                            "Content-Length : 5",
                            "Transfer-Encoding : chunked",
                            "X: a\r\n folded",
                            "X: a\r\n\tfolded",
                            " X: a",
                            "X a",
                            ": a",
                            "X: a\nY: b",
                            "X: a\rY: b",
                            "X: a\r\r",
                            "X: a\x01",
                            "X: a\x7f",
                            "X\xC3\xA1: a",
                            "X(: a",
                            "Host: other",
                            "Expect: x",
                            "Expect: 100-continue\r\nExpect: 100-continue",
                            "Authorization: a\r\nauthorization: b",
                            "Idempotency-Key: a\r\nIdempotency-Key: a",
                            "Content-Type: a\r\nContent-Type: b",
                            "Content-Encoding: gzip\r\nContent-Encoding: gzip"}) {
    EXPECT_TRUE(is_refused_field(field)) << field;
  }
  EXPECT_TRUE(is_refused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"));
  EXPECT_TRUE(is_refused("GET / HTTP/1.1\r\nHost: h\r\nX: a"s + '\0' + "b\r\n\r\n"));
}

TEST(HeaderGate, RefusesOtherRequestLines) {
  for (const char* line : {"GET http://h/ HTTP/1.1",
                           "GET h HTTP/1.1",
                           "CONNECT h:443 HTTP/1.1",
                           "OPTIONS * HTTP/1.1",
                           "GET  / HTTP/1.1",
                           "GET /  HTTP/1.1",
                           "GET /a b HTTP/1.1",
                           "GET / HTTP/1.2",
                           "GET / HTTP/2.0",
                           "GET / http/1.1",
                           "GET / HTTP/1.1 ",
                           "GET /",
                           "GET",
                           "",
                           " GET / HTTP/1.1",
                           "GET\t/ HTTP/1.1",
                           "GET /a#b HTTP/1.1",
                           "GET /\xC3\xA1 HTTP/1.1",
                           "GET /\x01 HTTP/1.1",
                           "G@T / HTTP/1.1",
                           "GET / HTTP/1.1\r"}) {
    EXPECT_TRUE(is_refused(std::string(line) + "\r\nHost: h\r\n\r\n")) << line;
  }
}

TEST(HeaderGate, AsksForOneHostThatIsAHost) {
  EXPECT_TRUE(is_refused("GET / HTTP/1.1\r\n\r\n"));
  for (const char* host : {"a, b", "a b", "a/b", "user@a", "a?b", "a#b", "a,b", "\xC3\xA1"}) {
    EXPECT_TRUE(is_refused("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n")) << host;
  }
  EXPECT_TRUE(is_refused("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"));
}

TEST(HeaderGate, BoundsTheNumberOfFields) {
  std::string header = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (std::size_t index = 1; index < api::kHeaderFieldsMax; ++index) {
    header += "X: a\r\n";
  }
  EXPECT_FALSE(is_refused(header + "\r\n"));
  EXPECT_TRUE(is_refused(header + "X: a\r\n\r\n"));
}

TEST(HeaderGate, NoCutOfAGoodHeaderIsRefusedBeforeItsEnd) {
  const std::string header = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nX: y\r\n\r\n";
  for (std::size_t length = 0; length < header.size(); ++length) {
    EXPECT_FALSE(api::check_header_start(header.substr(0, length))) << length;
    EXPECT_TRUE(check_header(header.substr(0, length))) << length;
  }
}

TEST(MediaType, JsonMayNameItsCharsetAndNothingElse) {
  for (const char* fine : {"application/json", "Application/JSON", "application/json; charset=utf-8",
                           "application/json;charset=UTF-8", "application/json ; charset=\"utf-8\""}) {
    EXPECT_TRUE(api::is_json_media_type(fine)) << fine;
  }
  for (const char* other :
       {"", "text/json", "application/jsonx", "application/json; charset=latin1", "application/problem+json",
        "application/json, text/plain", "application/json; a=b"}) {
    EXPECT_FALSE(api::is_json_media_type(other)) << other;
  }
}

class Routes : public ::testing::Test {
 protected:
  Routes() {
    router_.get("/", nullptr);
    router_.get("/cases/{id}", nullptr);
    router_.post("/cases", nullptr);
    router_.get("/cases/{id}/events", nullptr);
    router_.get("/cases/bulk", nullptr);
    router_.post("/cases/{id}/commands", nullptr);
  }
  std::string found(Method method, const std::string& path) {
    match_ = router_.match(method, path, params_);
    return match_.kind == RouteMatch::Kind::found ? match_.route->pattern : "";
  }
  api::Router router_{};
  api::NameValueList params_{};
  RouteMatch match_{};
};

TEST_F(Routes, AreFoundByMethodAndPathLiteralsFirst) {
  EXPECT_EQ(found(Method::get, "/"), "/");
  EXPECT_EQ(found(Method::get, "/cases/7"), "/cases/{id}");
  EXPECT_EQ(params_, (api::NameValueList{{"id", "7"}}));
  EXPECT_EQ(found(Method::head, "/cases/7/events"), "/cases/{id}/events");
  EXPECT_EQ(found(Method::get, "/cases/bulk"), "/cases/bulk");
  EXPECT_EQ(found(Method::post, "/cases"), "/cases");
}

TEST_F(Routes, OtherPathsAreNotFound) {
  for (const char* path :
       {"/cases/", "/cases//events", "/cases/7/", "/CASES", "/cases/7/events/", "//", "/cases/7/x", "/x"}) {
    EXPECT_EQ(found(Method::get, path), "") << path;
    EXPECT_EQ(match_.kind, RouteMatch::Kind::not_found) << path;
  }
}

TEST_F(Routes, ParametersAreDecodedOrRefused) {
  EXPECT_EQ(found(Method::get, "/cases/%C4%90%2F+"), "/cases/{id}");
  EXPECT_EQ(params_.front().second, "Đ/+");
  for (const char* path : {"/cases/%", "/cases/%4", "/cases/%zz", "/cases/%ff", "/cases/%00", "/cases/%0a",
                           "/cases/%ed%a0%80"}) {
    EXPECT_EQ(found(Method::get, path), "") << path;
    EXPECT_EQ(match_.kind, RouteMatch::Kind::bad_encoding) << path;
  }
}

TEST_F(Routes, OtherMethodsAreToldWhatIsAllowed) {
  EXPECT_EQ(found(Method::del, "/cases/7"), "");
  EXPECT_EQ(match_.kind, RouteMatch::Kind::method_not_allowed);
  EXPECT_EQ(match_.allow, "GET, HEAD, OPTIONS");
  EXPECT_EQ(found(Method::options, "/cases/7/commands"), "");
  EXPECT_EQ(match_.kind, RouteMatch::Kind::options);
  EXPECT_EQ(match_.allow, "POST, OPTIONS");
}

TEST(Query, KeepsOrderAndDuplicatesAndThePlus) {
  EXPECT_EQ(api::parse_query("a=1&b=%20&a=2&&c&d=e=f+g"),
            (api::NameValueList{{"a", "1"}, {"b", " "}, {"a", "2"}, {"c", ""}, {"d", "e=f+g"}}));
  for (const char* query : {"=1", "a=%", "%ff=1", "a=%00"}) {
    EXPECT_FALSE(api::parse_query(query)) << query;
  }
}

}  // namespace
}  // namespace motcua::tests

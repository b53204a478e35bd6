#include "tests/http/raw_client.hpp"
#include "tests/http/running_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace motcua::tests {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::size_t kMebibyte = 1024 * 1024;

/// `{"a":"xx...x"}` in many strings, `size` bytes in all.
std::string body_of(std::size_t size) {
  std::string body = "{\"a\":1";
  return body + std::string(size - body.size() - 1, ' ') + "}";
}

std::string problem_of(const Answer& answer) {
  return answer.body.empty() ? "" : json::parse(answer.body)["type"].get<std::string>();
}

/// Sends `bytes` on a fresh connection; the first answer.
Answer ask(const RunningServer& server, const std::string& bytes) {
  RawClient client(server.port());
  client.send(bytes);
  return client.read();
}

TEST(Server, AnswersAnEchoWithTheFieldsEveryAnswerHas) {
  RunningServer server;
  const auto answer = ask(server, post_json("/echo", R"({"tên":"Đào"})"));

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"tên":"Đào"})");
  EXPECT_EQ(answer.field("Content-Type"), "application/json");
  EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  EXPECT_EQ(answer.field("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(answer.field("X-Request-Id").size(), 24U);
  EXPECT_EQ(answer.field("Date").size(), 29U);
  EXPECT_EQ(answer.field("Connection"), "");
}

TEST(Server, ABodyOfOneMebibyteIsTakenAndOneByteMoreIsTooLarge) {
  RunningServer server;
  EXPECT_EQ(ask(server, post_json("/shape", body_of(kMebibyte))).status, 200);
  RawClient client(server.port());
  client.send(post_json("/shape", body_of(kMebibyte + 1)));
  const auto answer = client.read();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(problem_of(answer), "/problems/too-large");
  EXPECT_EQ(answer.field("Connection"), "close");
  client.end_sending();
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, AChunkedBodyIsReadWholeAndBoundedToo) {
  RunningServer server;
  const std::string head =
      "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: "
      "chunked\r\n\r\n";
  const auto answer = ask(server, head + "5;x=\"y\"\r\n{\"a\":\r\n3\r\n17}\r\n0\r\nTrailer: t\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"a":17})");

  RawClient client(server.port());
  client.send(head);
  const auto piece = "40000\r\n" + std::string(0x40000, ' ') + "\r\n";
  for (int index = 0; index < 5; ++index) {
    client.send(piece);
  }
  EXPECT_EQ(client.read().status, 413);
}

TEST(Server, AChunkedBodyMayComeInPiecesOfAnySize) {
  RunningServer server;
  const std::string head =
      "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: "
      "chunked\r\n\r\n";
  const auto status_of = [&](const std::vector<std::string>& pieces) {
    RawClient client(server.port());
    client.send(head);
    for (const auto& piece : pieces) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // so that it is read alone
      client.send(piece);
    }
    return client.read().status;
  };
  EXPECT_EQ(status_of({"0\r\n", "\r", "\n"}), 400U);  // an empty body is no JSON
  EXPECT_EQ(status_of({"0", "\r", "\n", "\r", "\n"}), 400U);
  EXPECT_EQ(status_of({"2\r\n", "{", "}", "\r\n0\r\n", "\r", "\n"}), 200U);
  EXPECT_EQ(status_of({"2\r\n{}\r\n0\r\n", "A: b\r\n\r", "\n"}), 200U);
}

TEST(Server, AFloodOfTinyChunksOrAnEndlessChunkLineIsCutOff) {
  RunningServer server;
  const std::string head =
      "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: "
      "chunked\r\n\r\n";
  RawClient tiny(server.port());
  tiny.send(head);
  std::string flood;
  for (int index = 0; index < 10'000; ++index) {
    flood += "1;" + std::string(200, 'x') + "\r\n \r\n";
  }
  for (int index = 0; index < 3; ++index) {
    tiny.send(flood);
  }
  EXPECT_EQ(tiny.read().status, 413);

  EXPECT_EQ(ask(server, head + "1;" + std::string(40'000, 'x')).status, 400);
}

TEST(Server, ChecksRouteThenContentTypeThenJson) {
  RunningServer server;
  const std::string not_json =
      "POST /nowhere HTTP/1.1\r\nHost: t\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\n{";
  EXPECT_EQ(problem_of(ask(server, not_json)), "/problems/not-found");
  auto echo = not_json;
  echo.replace(5, 8, "/echo");
  EXPECT_EQ(problem_of(ask(server, echo)), "/problems/unsupported-media-type");
  EXPECT_EQ(problem_of(ask(server, post_json("/echo", "{"))), "/problems/bad-json");
  EXPECT_EQ(problem_of(ask(server, post_json("/echo", R"({"a":1,"a":1})"))), "/problems/duplicate-key");
  EXPECT_EQ(problem_of(ask(server, post_json("/echo", "[]"))), "/problems/bad-request");
  EXPECT_EQ(problem_of(ask(server, post_json("/echo", R"({"a":"\u0000"})"))), "/problems/invalid-data");
  EXPECT_EQ(problem_of(ask(server, post_json("/echo", "{}", "Content-Encoding: gzip\r\n"))),
            "/problems/unsupported-media-type");
  EXPECT_EQ(problem_of(ask(server, get("/items/%ff"))), "/problems/bad-request");
  EXPECT_EQ(problem_of(ask(server, get("/items/a?x=%4"))), "/problems/bad-request");
  EXPECT_EQ(server.handled(), 0U);
}

TEST(Server, AMethodThePathDoesNotOfferGets405WithAllow) {
  RunningServer server;
  const auto answer = ask(server, get("/echo"));
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.field("Allow"), "POST, OPTIONS");
  EXPECT_EQ(ask(server, "DELETE /items/1 HTTP/1.1\r\nHost: t\r\n\r\n").field("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(ask(server, "BREW /items/1 HTTP/1.1\r\nHost: t\r\n\r\n").status, 405);
}

TEST(Server, OptionsListsAndHeadLeavesTheBodyOut) {
  RunningServer server;
  RawClient client(server.port());
  client.send("OPTIONS /items/1 HTTP/1.1\r\nHost: t\r\n\r\n");
  const auto options = client.read();
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.field("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(options.field("Content-Length"), "");
  client.send("HEAD /items/1 HTTP/1.1\r\nHost: t\r\n\r\n" + get("/items/2"));
  EXPECT_EQ(client.read(std::chrono::seconds(10), false).field("Content-Length"), "21");
  EXPECT_EQ(json::parse(client.read().body)["id"], "2");
}

TEST(Server, PipelinedRequestsAreAnsweredInOrderEachOnce) {
  RunningServer server;
  std::string bytes;
  for (int index = 0; index < 500; ++index) {
    bytes += index % 2 == 0 ? get("/items/" + std::to_string(index))
                            : post_json("/echo", "{\"id\":\"" + std::to_string(index) + "\"}");
  }
  RawClient client(server.port());
  client.send(bytes);
  client.end_sending();
  const auto answers = client.read_all();
  ASSERT_EQ(answers.size(), 500U);
  for (std::size_t index = 0; index < answers.size(); ++index) {
    ASSERT_EQ(json::parse(answers[index].body)["id"], std::to_string(index));
  }
}

TEST(Server, ARequestThatComesByteByByteIsTheSameRequest) {
  RunningServer server;
  RawClient client(server.port());
  for (const char unit :
       "\r\n" + post_json("/echo", R"({"a":[1,2]})") + get("/items/x?q=%C4%90%C3%A0o+1&q&&r=")) {
    client.send({&unit, 1});
  }
  EXPECT_EQ(client.read().body, R"({"a":[1,2]})");
  EXPECT_EQ(client.read().body, R"({"id":"x","query":[["q","Đào+1"],["q",""],["r",""]]})");
}

TEST(Server, PipelinedRequestsWaitForTheOneBeforeThem) {
  RunningServer server;
  RawClient client(server.port());
  client.send(get("/wait") + get("/items/2"));
  server.await_held(1);
  EXPECT_EQ(client.read(milliseconds(100)).status, 0);
  server.release_held();
  EXPECT_EQ(client.read().body.size(), 24U);
  EXPECT_EQ(json::parse(client.read().body)["id"], "2");
}

TEST(Server, OneTaskAnswersAWholeBatchOfConnections) {
  RunningServer server;
  std::vector<RawClient> clients;
  for (int index = 0; index < 64; ++index) {
    clients.emplace_back(server.port()).send(get("/wait"));
  }
  server.await_held(64);
  server.release_held();
  std::set<std::string> ids;
  for (auto& client : clients) {
    const auto answer = client.read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, answer.field("X-Request-Id"));
    ids.insert(answer.body);
  }
  EXPECT_EQ(ids.size(), 64U);
}

TEST(Server, SixtyFourConnectionsAtOnceGetTheirOwnAnswers) {
  RunningServer server;
  std::vector<RawClient> clients;
  for (int index = 0; index < 64; ++index) {
    clients.emplace_back(server.port());
  }
  for (int round = 0; round < 20; ++round) {
    for (std::size_t index = 0; index < clients.size(); ++index) {
      clients[index].send(get("/items/" + std::to_string(round) + "-" + std::to_string(index)));
    }
    for (std::size_t index = 0; index < clients.size(); ++index) {
      ASSERT_EQ(json::parse(clients[index].read().body)["id"],
                std::to_string(round) + "-" + std::to_string(index));
    }
  }
}

TEST(Server, ADisconnectWhileWaitingHarmsNobodyAndCancelsNothing) {
  RunningServer server;
  {
    RawClient gone(server.port());
    gone.send(get("/wait") + get("/wait"));
    server.await_held(1);
  }
  server.release_held();
  EXPECT_EQ(ask(server, get("/items/1")).status, 200);
  EXPECT_GE(server.handled(), 2U);
}

TEST(Server, AHandlerThatForgetsOrThrowsIsAnsweredForOnce) {
  RunningServer server;
  RawClient client(server.port());
  client.send(get("/forget") + get("/throw") + get("/twice") + get("/items/last"));
  EXPECT_EQ(problem_of(client.read()), "/problems/outcome-unknown");
  const auto thrown = client.read();
  EXPECT_EQ(problem_of(thrown), "/problems/outcome-unknown");
  EXPECT_EQ(thrown.body.find("secret"), std::string::npos);
  EXPECT_EQ(client.read().body, "once");
  EXPECT_EQ(json::parse(client.read().body)["id"], "last");
}

TEST(Server, ARequestDroppedOnAnotherThreadIsAnsweredForToo) {
  RunningServer server;
  RawClient client(server.port());
  client.send(get("/wait"));
  server.await_held(1);
  server.forget_held();
  EXPECT_EQ(problem_of(client.read()), "/problems/outcome-unknown");
}

TEST(Server, ABrokenRequestGetsOneProblemAndTheConnectionCloses) {
  RunningServer server;
  RawClient client(server.port());
  client.send("GET /items/1 HTTP/1.1\r\nHost: t\r\nHost: t\r\n\r\n" + get("/items/2"));
  const auto answer = client.read();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.field("Content-Type"), "application/problem+json");
  EXPECT_EQ(answer.field("Connection"), "close");
  client.end_sending();
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(server.handled(), 0U);
}

TEST(Server, WhatIsNotHttpIsToldSoWithoutWaitingForItsEnd) {
  RunningServer server;
  EXPECT_EQ(ask(server, "HELO example.org\r\n").status, 400);
  EXPECT_EQ(ask(server, "GET / HTTP/1.1\nHost: t\n").status, 400);
  EXPECT_EQ(ask(server, "GET /" + std::string(20'000, 'a')).status, 400);
  EXPECT_EQ(ask(server, get("/items/1", "X: " + std::string(16 * 1024, 'a') + "\r\n")).status, 400);
  EXPECT_EQ(ask(server, get("/items/1", "X: " + std::string(15 * 1024, 'a') + "\r\n")).status, 200);
}

TEST(Server, ExpectContinueIsHonouredOnlyForABodyThatWillBeRead) {
  RunningServer server;
  const std::string expect =
      "Content-Type: application/json\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\n";
  RawClient client(server.port());
  client.send("POST /echo HTTP/1.1\r\nHost: t\r\n" + expect);
  EXPECT_EQ(client.read().status, 100);
  client.send("{\"a\":1}");
  EXPECT_EQ(client.read().body, "{\"a\":1}");
  client.send("POST /nowhere HTTP/1.1\r\nHost: t\r\n" + expect);
  EXPECT_EQ(client.read().status, 404);
  client.end_sending();
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, KeepsAliveAsTheVersionsSay) {
  RunningServer server;
  RawClient old_style(server.port());
  old_style.send("GET /items/1 HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old_style.read().field("Connection"), "close");
  old_style.end_sending();
  EXPECT_TRUE(old_style.is_closed());

  RawClient old_keeping(server.port());
  old_keeping.send("GET /items/1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(old_keeping.read().field("Connection"), "keep-alive");
  old_keeping.send("GET /items/2 HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old_keeping.read().status, 200);

  RawClient closing(server.port());
  closing.send(get("/items/1", "Connection: close\r\n"));
  EXPECT_EQ(closing.read().field("Connection"), "close");
  closing.end_sending();
  EXPECT_TRUE(closing.is_closed());
}

TEST(Server, ASlowHeaderBodyOrReaderIsCutAndAWaitingCommandIsNot) {
  RunningServer server(short_timeouts());
  RawClient idle(server.port());
  RawClient slow_header(server.port());
  slow_header.send("GET /items/1 HTTP/1.1\r\nHost:");
  RawClient slow_body(server.port());
  slow_body.send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{");
  RawClient waiting(server.port());
  waiting.send(get("/wait"));
  server.await_held(1);
  RawClient slow_reader(server.port());
  slow_reader.send(get("/large"));
  EXPECT_TRUE(slow_header.is_closed(milliseconds(2000)));
  EXPECT_TRUE(slow_body.is_closed(milliseconds(2000)));
  EXPECT_TRUE(idle.is_closed(milliseconds(2000)));
  std::this_thread::sleep_for(milliseconds(1000));
  EXPECT_EQ(slow_reader.read().status, 0);  // the answer ends before its length
  server.release_held();
  EXPECT_EQ(waiting.read().status, 200);
}

TEST(Server, ABodyThatTricklesIsCutAlthoughEachPieceIsInTime) {
  RunningServer server(short_timeouts());
  RawClient client(server.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{");
  bool is_open = true;
  for (int piece = 0; piece < 30 && is_open; ++piece) {
    std::this_thread::sleep_for(milliseconds(50));
    is_open = client.send(" ");
  }
  EXPECT_FALSE(is_open);
}

TEST(Server, AConnectionBeyondTheCapIsToldSo) {
  RunningServer server({}, 2);
  RawClient first(server.port());
  RawClient second(server.port());
  first.send(get("/items/1"));
  second.send(get("/items/1"));
  EXPECT_EQ(first.read().status, 200);
  EXPECT_EQ(second.read().status, 200);
  RawClient third(server.port());
  const auto answer = third.read();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(problem_of(answer), "/problems/overloaded");
  first.close();
  second.close();
  for (int attempt = 0; attempt < 50; ++attempt) {
    if (ask(server, get("/items/1")).status == 200) {
      return;
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
  FAIL() << "the cap does not go down with the connections";
}

TEST(Server, RunningOutOfDescriptorsPausesTheListenerAndNoMore) {
  RunningServer server;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  std::vector<int> taken;
  rlimit tight = before;
  tight.rlim_cur = 64;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  for (int copy = ::dup(0); copy >= 0; copy = ::dup(0)) {
    taken.push_back(copy);
  }
  ::close(taken.back());  // the client's own end takes this one, so that nothing is left for the server's
  taken.pop_back();
  RawClient client(server.port());
  client.send(get("/items/1"));
  EXPECT_EQ(client.read(milliseconds(150)).status, 0);
  for (const int copy : taken) {
    ::close(copy);
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(client.read().status, 200);
  EXPECT_EQ(ask(server, get("/items/1")).status, 200);
}

TEST(Server, StopLetsRequestsInFlightFinishAndThenEnds) {
  RunningServer server;
  RawClient idle(server.port());
  idle.send(get("/items/1"));
  EXPECT_EQ(idle.read().status, 200);
  RawClient waiting(server.port());
  waiting.send(get("/wait") + get("/items/2"));
  server.await_held(1);
  server.server().stop();
  EXPECT_TRUE(idle.is_closed());
  EXPECT_EQ(waiting.read(milliseconds(100)).status, 0);
  server.release_held();
  const auto answer = waiting.read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("Connection"), "close");
  waiting.end_sending();
  server.stop();
  RawClient late(server.port());
  EXPECT_FALSE(late.send(get("/items/1")) && late.read().status != 0);
}

TEST(Server, StopEndsInTimeAlthoughAHandlerNeverAnswers) {
  RunningServer server(short_timeouts());
  RawClient waiting(server.port());
  waiting.send(get("/wait"));
  server.await_held(1);
  const auto start = std::chrono::steady_clock::now();
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
  server.forget_held();
}

TEST(Server, StopEndsAlthoughSomebodyElseWaitsOnItsLoop) {
  RunningServer server;
  boost::asio::steady_timer other(server.server().executor(), std::chrono::hours{1});
  other.async_wait([](const boost::system::error_code&) {});
  const auto began = std::chrono::steady_clock::now();

  server.stop();

  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{5});
}

TEST(Server, MetricsCountByPatternMethodAndStatus) {
  RunningServer server;
  RawClient client(server.port());
  client.send(get("/items/secret-1?q=secret") + get("/items/secret-2") + get("/secret") +
              post_json("/echo", "{") + get("/metrics"));
  std::string text;
  for (int index = 0; index < 5; ++index) {
    text = client.read().body;
  }
  EXPECT_NE(text.find("motcua_http_requests_total{route=\"/items/{id}\",method=\"GET\",status=\"200\"} 2\n"),
            text.npos);
  EXPECT_NE(text.find("motcua_http_requests_total{route=\"none\",method=\"GET\",status=\"404\"} 1\n"),
            text.npos);
  EXPECT_NE(text.find("motcua_http_requests_total{route=\"/echo\",method=\"POST\",status=\"400\"} 1\n"),
            text.npos);
  EXPECT_NE(text.find("motcua_http_request_seconds_count{route=\"/items/{id}\",method=\"GET\"} 2\n"),
            text.npos);
  EXPECT_NE(text.find("motcua_http_requests_in_flight 1\n"), text.npos);
  EXPECT_NE(text.find("motcua_http_connections 1\n"), text.npos);
  EXPECT_EQ(text.find("secret"), text.npos);
}

TEST(Server, TheAccessLogHasOneLinePerRequestAndNothingOfItsText) {
  const auto path =
      std::filesystem::temp_directory_path() / ("motcua-access-" + std::to_string(::getpid()) + ".log");
  {
    RunningServer server({}, 100, path.string());
    RawClient client(server.port());
    client.send(get("/items/secret?q=secret", "Authorization: Bearer secret\r\n") +
                post_json("/echo", R"({"a":"secret"})") + get("/secret"));
    for (int index = 0; index < 3; ++index) {
      client.read();
    }
    client.send("secret\r\n");
    EXPECT_EQ(client.read().status, 400);
  }
  std::ifstream file(path);
  std::vector<json> lines;
  for (std::string line; std::getline(file, line);) {
    EXPECT_EQ(line.find("secret"), std::string::npos);
    lines.push_back(json::parse(line));
  }
  std::filesystem::remove(path);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0]["route"], "/items/{id}");
  EXPECT_EQ(lines[0]["method"], "GET");
  EXPECT_EQ(lines[0]["status"], 200);
  EXPECT_EQ(lines[1]["bytes_in"], 14);
  EXPECT_EQ(lines[2]["route"], "none");
  EXPECT_EQ(lines[3]["status"], 400);
  EXPECT_EQ(lines[0].size(), 8U);
}

}  // namespace
}  // namespace motcua::tests

// Bodies that come piece by piece: framing, ends, clients that leave or do not read.
#include "tests/http/raw_client.hpp"
#include "tests/http/running_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

namespace motcua::tests {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

const std::string kAsk = "GET /stream HTTP/1.1\r\nHost: t\r\n\r\n";

void await(const std::function<bool()>& is_so) {
  const auto end = steady_clock::now() + std::chrono::seconds(10);
  while (!is_so() && steady_clock::now() < end) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_TRUE(is_so());
}

TEST(BodyStream, IsChunkedAndGivenPieceByPieceAsItComes) {
  RunningServer server;
  RawClient client(server.port());
  client.send(kAsk);
  await([&] { return server.streams() == 1; });
  server.say("one ");
  EXPECT_NE(client.read_until("4\r\none \r\n").find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos);
  server.say("and two");
  EXPECT_NE(client.read_until("7\r\nand two\r\n"), "");
  server.end_stream();
  EXPECT_NE(client.read_until("0\r\n\r\n"), "");
  client.end_sending();
  EXPECT_TRUE(client.is_closed());
}

TEST(BodyStream, WithHttp10EndsWithTheConnectionAndHasNoChunks) {
  RunningServer server;
  RawClient client(server.port());
  client.send("GET /stream HTTP/1.0\r\nHost: t\r\n\r\n");
  await([&] { return server.streams() == 1; });
  server.say("plain");
  const auto head = client.read_until("\r\n\r\nplain");
  EXPECT_EQ(head.find("chunked"), std::string::npos);
  EXPECT_NE(head.find("Connection: close"), std::string::npos);
  server.end_stream();
  client.end_sending();
  EXPECT_TRUE(client.is_closed());
}

TEST(BodyStream, OfAHeadRequestIsNeverStartedAndTheConnectionGoesOn) {
  RunningServer server;
  RawClient client(server.port());
  client.send("HEAD /stream HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(client.read(std::chrono::seconds(10), false).status, 200);
  EXPECT_EQ(server.streams(), 0U);
  client.send(get("/items/all"));
  EXPECT_EQ(client.read().body, "all");
}

TEST(BodyStream, OfAClientThatClosesIsLetGoAtOnce) {
  RunningServer server;
  RawClient client(server.port());
  client.send(kAsk);
  await([&] { return server.streams() == 1; });
  client.close();
  await([&] { return server.streams() == 0; });
}

TEST(BodyStream, OfAClientThatDoesNotReadIsCutAfterTheTimeOfAWrite) {
  RunningServer server(short_timeouts());
  RawClient client(server.port());
  client.send(kAsk);
  await([&] { return server.streams() == 1; });
  server.say(std::string(32UL * 1024 * 1024, 'x'));
  await([&] { return server.streams() == 0; });
}

TEST(BodyStream, ThatIsIdleOutlivesEveryTimeLimit) {
  RunningServer server(short_timeouts());
  RawClient client(server.port());
  client.send(kAsk);
  await([&] { return server.streams() == 1; });
  std::this_thread::sleep_for(milliseconds(1500));
  server.say("still");
  EXPECT_NE(client.read_until("5\r\nstill\r\n"), "");
}

TEST(BodyStream, EndsWholeWhenTheServerStops) {
  RunningServer server;
  RawClient client(server.port());
  client.send(kAsk);
  await([&] { return server.streams() == 1; });
  server.say("last");
  EXPECT_NE(client.read_until("last\r\n"), "");
  const auto begin = steady_clock::now();
  std::thread stopping([&] { server.stop(); });
  EXPECT_NE(client.read_until("0\r\n\r\n"), "");
  client.end_sending();
  stopping.join();
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(BodyStream, OfAClientThatTalksOnIsCut) {
  RunningServer server;
  RawClient client(server.port());
  client.send(kAsk);
  await([&] { return server.streams() == 1; });
  client.send(std::string(1024UL * 1024, 'x'));
  await([&] { return server.streams() == 0; });
}

}  // namespace
}  // namespace motcua::tests

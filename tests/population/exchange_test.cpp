// One call over a socket: how an answer is framed and cut into packets is the peer's choice, not ours.
#include "adapters/population/exchange.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <thread>

namespace motcua::adapters {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// What the exchange makes of an answer that a peer sends piece by piece before it hangs up.
ExchangeResult answer_in(const std::vector<std::string>& pieces, std::size_t bytes_max = 1024) {
  asio::io_context loop;
  tcp::acceptor acceptor(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const auto port = std::to_string(acceptor.local_endpoint().port());
  std::thread peer([&] {
    asio::io_context own;
    tcp::socket socket(own);
    acceptor.accept(socket);
    std::string request;
    asio::read_until(socket, asio::dynamic_buffer(request), "\r\n\r\n");
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true));
    for (const auto& piece : pieces) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // so that it is read alone
      asio::write(socket, asio::buffer(piece), ignored);
    }
  });
  const Endpoint endpoint{{"127.0.0.1", port, "/"}, {}, {std::chrono::seconds(5), bytes_max}};
  ExchangeResult result{engine::AnswerDetail::shutting_down, 0, {}};
  std::make_shared<Exchange>(loop, endpoint, "<a/>")->start([&](ExchangeResult given) {
    result = std::move(given);
  });
  loop.run();
  peer.join();
  return result;
}

void expect_body(const std::vector<std::string>& pieces, const std::string& body) {
  const auto result = answer_in(pieces);
  EXPECT_EQ(result.detail, engine::AnswerDetail::none);
  EXPECT_EQ(result.status, 200U);
  EXPECT_EQ(result.body, body);
}

const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(ExchangeAnswer, IsReadWholeHoweverItIsFramedAndCut) {
  expect_body({"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<a/>"}, "<a/>");
  expect_body({"HTTP/1.1 200 OK\r\nContent-Length: 4\r", "\n\r\n<", "a/", ">"}, "<a/>");
  expect_body({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}, "");
  expect_body({"HTTP/1.1 200 OK\r\n\r\n", "<a", "/>"}, "<a/>");
  expect_body({kChunked + "4\r\n<a/>\r\n0\r\n\r\n"}, "<a/>");
  expect_body({kChunked, "2\r\n<", "a\r\n2\r\n/>\r\n", "0\r\n", "\r", "\n"}, "<a/>");
  expect_body({kChunked, "0\r\n", "\r", "\n"}, "");
  expect_body({kChunked + "0\r\n", "\r\n"}, "");
}

TEST(ExchangeAnswer, ThatIsCutTooLongOrGarbledIsNone) {
  using engine::AnswerDetail;
  EXPECT_EQ(answer_in({"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<a"}).detail, AnswerDetail::connection);
  EXPECT_EQ(answer_in({kChunked + "4\r\n<a/>\r\n0\r\n"}).detail, AnswerDetail::connection);
  EXPECT_EQ(answer_in({kChunked + "0\r\n"}).detail, AnswerDetail::connection);
  EXPECT_EQ(answer_in({"HTTP/1.1 200 OK\r\n"}).detail, AnswerDetail::connection);
  EXPECT_EQ(answer_in({}).detail, AnswerDetail::connection);
  EXPECT_EQ(answer_in({kChunked + "x\r\n\r\n"}).detail, AnswerDetail::http_garbled);
  EXPECT_EQ(answer_in({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<a/>."}, 4).detail,
            AnswerDetail::too_large);
  EXPECT_EQ(answer_in({kChunked + "5\r\n<a/>.\r\n0\r\n\r\n"}, 4).detail, AnswerDetail::too_large);
  EXPECT_EQ(answer_in({kChunked + "1;" + std::string(40'000, 'x')}).detail, AnswerDetail::too_large);
}

}  // namespace
}  // namespace motcua::adapters

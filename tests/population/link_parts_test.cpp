#include "adapters/population/circuit_breaker.hpp"
#include "adapters/population/folded_name.hpp"
#include "adapters/population/service_url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace motcua::adapters {
namespace {

using namespace std::chrono_literals;
using State = CircuitBreaker::State;

TEST(FoldedName, IsTheSameHoweverTheNameIsWritten) {
  const std::string composed = "Nguyễn Thị Đoan Trang";
  EXPECT_EQ(folded_name(composed), "NGUYEN THI DOAN TRANG");
  EXPECT_EQ(folded_name("NGUYỄN THỊ ĐOAN TRANG"), folded_name(composed));
  EXPECT_EQ(folded_name("  nguyễn \t thị  đoan   trang "), folded_name(composed));
  const std::string decomposed = "Nguye\u0302\u0303n Thi\u0323 \u0110oan Trang";
  EXPECT_NE(decomposed, composed);
  EXPECT_EQ(folded_name(decomposed), folded_name(composed));
  EXPECT_EQ(folded_name("Hoà"), folded_name("Hòa"));
  EXPECT_EQ(folded_name("\u00D0oan"), folded_name("Đoan"));
  EXPECT_EQ(folded_name("An\u200B Khang"), folded_name("An Khang"));
}

TEST(FoldedName, KeepsDifferentNamesApart) {
  EXPECT_NE(folded_name("Trần Văn An"), folded_name("Trần Văn Anh"));
  EXPECT_NE(folded_name("An Khang"), folded_name("Ankhang"));
  EXPECT_EQ(folded_name(""), "");
  EXPECT_EQ(folded_name(" \u0301 "), "");
}

TEST(RegisterName, IsComposedUpperCaseWithItsMarks) {
  EXPECT_EQ(register_name(" nguye\u0302\u0303n  đức "), "NGUYỄN ĐỨC");
  EXPECT_EQ(register_name("\uFEFFnguyễn\u200B \u200Dđức"), "NGUYỄN ĐỨC");
}

TEST(ServiceUrl, IsHttpWithHostPortAndPath) {
  const auto full = parse_service_url("http://lgsp.example:8090/dancu/037");
  ASSERT_TRUE(full.has_value());
  EXPECT_EQ(full->host, "lgsp.example");
  EXPECT_EQ(full->port, "8090");
  EXPECT_EQ(full->target, "/dancu/037");
  const auto bare = parse_service_url("http://127.0.0.1");
  ASSERT_TRUE(bare.has_value());
  EXPECT_EQ(bare->port, "80");
  EXPECT_EQ(bare->target, "/");
  const auto six = parse_service_url("http://[::1]:81/");
  ASSERT_TRUE(six.has_value());
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->port, "81");
  EXPECT_EQ(authority(*six), "[::1]:81");
}

TEST(ServiceUrl, RefusesWhatItCannotKeep) {
  for (const char* url : {"", "lgsp:8090", "ftp://h", "http://", "http://:80", "http://h:", "http://h:0",
                          "http://h:65536", "http://h:8x", "http://user@h/", "http://h/?a=b", "http://h/#f",
                          "http://h/a b", "http://[::1", "http://[::1]x", "http://h/\r\nX: y"}) {
    EXPECT_FALSE(parse_service_url(url).has_value()) << url;
  }
  const auto secure = parse_service_url("https://h/");
  ASSERT_FALSE(secure.has_value());
  EXPECT_NE(secure.error().what.find("not supported yet"), std::string::npos);
}

class Breaker : public testing::Test {
 protected:
  void fail() {
    const auto permit = breaker_.admit();
    ASSERT_TRUE(permit.has_value());
    breaker_.failed(*permit, now_);
  }
  void succeed() {
    const auto permit = breaker_.admit();
    ASSERT_TRUE(permit.has_value());
    breaker_.succeeded(*permit);
  }

  CircuitBreaker breaker_{{.failures_to_open = 3, .open_for = 1s, .open_for_most = 4s}};
  CircuitBreaker::Time now_{};
};

TEST_F(Breaker, OpensAfterFailuresInARowOnly) {
  fail();
  fail();
  succeed();
  fail();
  fail();
  EXPECT_EQ(breaker_.state(), State::closed);
  fail();
  EXPECT_EQ(breaker_.state(), State::open);
  EXPECT_FALSE(breaker_.admit().has_value());
  EXPECT_EQ(breaker_.times_opened(), 1U);
}

TEST_F(Breaker, HalfOpensWhenThePauseIsOverAndLetsOneProbePass) {
  for (int i = 0; i < 3; ++i) fail();
  EXPECT_FALSE(breaker_.wake(now_ + 999ms));
  EXPECT_TRUE(breaker_.wake(now_ + 1s));
  EXPECT_FALSE(breaker_.wake(now_ + 2s));
  const auto probe = breaker_.admit();
  ASSERT_TRUE(probe.has_value());
  EXPECT_FALSE(breaker_.admit().has_value());
  breaker_.succeeded(*probe);
  EXPECT_EQ(breaker_.state(), State::closed);
}

TEST_F(Breaker, WaitsLongerAfterEachFailedProbeUpToABound) {
  for (int i = 0; i < 3; ++i) fail();
  for (const auto pause : {1s, 2s, 4s, 4s}) {
    EXPECT_EQ(breaker_.open_until() - now_, pause);
    now_ = breaker_.open_until();
    ASSERT_TRUE(breaker_.wake(now_));
    fail();
    ASSERT_EQ(breaker_.state(), State::open);
  }
  now_ = breaker_.open_until();
  ASSERT_TRUE(breaker_.wake(now_));
  succeed();
  for (int i = 0; i < 3; ++i) fail();
  EXPECT_EQ(breaker_.open_until() - now_, 1s) << "a success forgets the longer pauses";
}

TEST_F(Breaker, DoesNotHearCallsOfAnEarlierPeriod) {
  const auto late = breaker_.admit();
  for (int i = 0; i < 3; ++i) fail();
  breaker_.succeeded(*late);
  EXPECT_EQ(breaker_.state(), State::open);
  ASSERT_TRUE(breaker_.wake(now_ + 1s));
  breaker_.failed(*late, now_);
  EXPECT_EQ(breaker_.state(), State::half_open);
}

}  // namespace
}  // namespace motcua::adapters

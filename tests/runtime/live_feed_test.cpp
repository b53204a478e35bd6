/// Who follows the log gets every event that it may see, once and in order, however slowly it takes.
#include "engine/runtime/live_feed.hpp"

#include "tests/support/harness.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <thread>

namespace motcua::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kShort{5};

/// A feed over the harness's store whose texts are words: a position, `@` and a position, `!` and a position.
class Followed {
 public:
  explicit Followed(FeedLimits limits = {}, Instant token_time = Instant{milliseconds{-1}})
      : token_time_(to_micros(token_time)),
        feed_(office_.store(), office_.catalogue(), hooks(), quick(limits)) {
    office_.tell([this](std::vector<Record> records) { feed_.recorded(std::move(records)); });
  }
  ~Followed() { office_.tell({}); }
  Followed(const Followed&) = delete;
  Followed& operator=(const Followed&) = delete;

  Harness& office() { return office_; }
  LiveFeed& feed() { return feed_; }
  void pass_token_time(Instant to) { token_time_ = to_micros(to); }

  std::shared_ptr<FeedReader> join(std::uint64_t after = 0, const Identity& asker = desk_officer()) {
    FeedWish wish;
    wish.asker = asker;
    wish.after = after;
    return feed_.join(std::move(wish));
  }

 private:
  static FeedLimits quick(FeedLimits limits) {
    limits.round = milliseconds{1};
    return limits;
  }
  FeedHooks hooks() {
    FeedHooks hooks;
    hooks.event = [](const Record& record, const Case*) { return std::to_string(record.position) + ' '; };
    hooks.cursor = [](std::uint64_t position) { return '@' + std::to_string(position) + ' '; };
    hooks.dropped = [](std::uint64_t position) { return '!' + std::to_string(position) + ' '; };
    hooks.post = [](const std::function<void()>& task) { task(); };
    hooks.token_time = [this] { return from_micros(token_time_.load()); };
    return hooks;
  }

  std::atomic<std::int64_t> token_time_;
  Harness office_{};
  LiveFeed feed_;
};

/// Takes until `is_enough` of the text, or ten seconds.
std::string take_until(FeedReader& reader, const std::function<bool(const std::string&)>& is_enough) {
  std::string text;
  const auto end = steady_clock::now() + std::chrono::seconds(10);
  bool goes_on = true;
  while (goes_on && !is_enough(text) && steady_clock::now() < end) {
    goes_on = reader.take(text);
    std::this_thread::sleep_for(milliseconds{1});
  }
  EXPECT_TRUE(is_enough(text)) << text.substr(0, 400);
  return text;
}

std::vector<std::uint64_t> positions_in(const std::string& text) {
  std::vector<std::uint64_t> positions;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (word.front() != '@' && word.front() != '!') positions.push_back(std::stoull(word));
  }
  return positions;
}

std::vector<std::uint64_t> from_to(std::uint64_t from, std::uint64_t to) {
  std::vector<std::uint64_t> positions;
  for (auto position = from; position <= to; ++position) positions.push_back(position);
  return positions;
}

std::function<bool(const std::string&)> has(const std::string& word) {
  return [word](const std::string& text) { return text.find(word) != std::string::npos; };
}

void file_some(Harness& office, int count) {
  for (int i = 0; i < count; ++i)
    static_cast<void>(office.must(desk_officer(), office.file(), ReceiveCase{}));
}

TEST(LiveFeed, GivesEachEventOnceAndInOrderWheneverAReaderJoins) {
  Followed followed;
  constexpr std::size_t kReaders = 8;
  std::atomic<std::uint64_t> last{0};
  std::vector<std::string> texts(kReaders);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kReaders; ++i) {
    threads.emplace_back([&, i] {
      std::this_thread::sleep_for(milliseconds{3 * i});
      const auto reader = followed.join();
      texts[i] = take_until(*reader, [&](const std::string& text) {
        return last != 0 && text.find(' ' + std::to_string(last.load()) + ' ') != std::string::npos;
      });
    });
  }
  file_some(followed.office(), 150);
  last = followed.office().store().head().position;
  for (auto& thread : threads) thread.join();
  for (const auto& text : texts) EXPECT_EQ(positions_in(text), from_to(1, last));
}

TEST(LiveFeed, ReadsTheLogForAReaderThatIsBehindAndLosesNothing) {
  FeedLimits limits;
  limits.waiting_bytes = 16;
  Followed followed(limits);
  const auto reader = followed.join();
  file_some(followed.office(), 100);
  EXPECT_LE(reader->waiting_bytes(), 32U);
  EXPECT_EQ(positions_in(take_until(*reader, has(" 200 "))), from_to(1, 200));
}

TEST(LiveFeed, TakesWhatDidNotArriveFromTheStore) {
  Followed followed;
  const auto reader = followed.join();
  static_cast<void>(take_until(*reader, has("@0 ")));
  followed.office().tell({});
  file_some(followed.office(), 10);
  const auto log = followed.office().log();
  followed.feed().recorded({log[4], log[5]});
  followed.feed().recorded({log[19]});
  EXPECT_EQ(positions_in(take_until(*reader, has("20 "))), from_to(1, 20));
}

TEST(LiveFeed, DropsWhoTakesNothingAndTellsWhereItStood) {
  FeedLimits limits;
  limits.untaken = milliseconds{2000};
  Followed followed(limits);
  const auto reader = followed.join();
  auto text = take_until(*reader, has("@0 "));
  file_some(followed.office(), 5);
  text += take_until(*reader, has("3 "));
  file_some(followed.office(), 5);
  const auto end = steady_clock::now() + std::chrono::seconds(10);
  while (followed.feed().figures().dropped == 0 && steady_clock::now() < end) {
    std::this_thread::sleep_for(kShort);
  }
  std::string rest;
  EXPECT_FALSE(reader->take(rest));
  const auto seen = positions_in(text);
  EXPECT_EQ(seen, from_to(1, seen.size()));
  EXPECT_EQ(rest, '!' + std::to_string(seen.size()) + ' ');
}

TEST(LiveFeed, EndsWithTheToken) {
  Followed followed;
  const auto reader = followed.join();
  static_cast<void>(take_until(*reader, has("@0 ")));
  followed.pass_token_time(desk_officer().expires_at);
  std::string text;
  const auto end = steady_clock::now() + std::chrono::seconds(10);
  while (reader->take(text) && steady_clock::now() < end) std::this_thread::sleep_for(kShort);
  EXPECT_EQ(text, "@0 ");
}

TEST(LiveFeed, TellsWhoSeesNothingWhereTheLogIs) {
  FeedLimits limits;
  limits.heartbeat = milliseconds{50};
  Followed followed(limits);
  const auto reader = followed.join(0, person("elsewhere-1", {"desk_officer"}, "H26.01"));
  file_some(followed.office(), 5);
  EXPECT_EQ(positions_in(take_until(*reader, has("@10 "))), from_to(1, 0));
}

TEST(LiveFeed, FreesASeatWhenAReaderLeaves) {
  FeedLimits limits;
  limits.readers = 2;
  Followed followed(limits);
  const auto first = followed.join();
  const auto second = followed.join();
  EXPECT_EQ(followed.join(), nullptr);
  first->leave();
  first->leave();
  EXPECT_EQ(followed.feed().figures().readers, 1U);
  EXPECT_NE(followed.join(), nullptr);
}

TEST(CaseStates, AreWhatReplayGivesAtEachVersionInWhateverOrderTheyAreAsked) {
  Harness office;
  file_some(office, 3);
  const auto handle = office.must(desk_officer(), office.file(), ReceiveCase{});
  office.must(case_officer(), handle, ClaimStep{});
  CaseStates states(office.store(), office.catalogue(), 1);
  auto log = office.log();
  for (int round = 0; round < 2; ++round) {
    for (const auto& record : log) {
      ReadUntil until;
      until.version = record.version;
      const auto expected = office.loader().load(case_of(record.stream), until);
      const auto* state = states.after(record);
      ASSERT_NE(state, nullptr);
      EXPECT_EQ(*state, (*expected)->state);
    }
    std::reverse(log.begin(), log.end());
  }
}

}  // namespace
}  // namespace motcua::engine

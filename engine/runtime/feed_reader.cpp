#include "engine/runtime/feed_reader.hpp"

namespace motcua::engine {

FeedReader::FeedReader(FeedWish wish, std::shared_ptr<std::atomic<std::size_t>> seats)
    : wish_(std::move(wish)), seats_(std::move(seats)), cursor_(wish_.after), taken_(wish_.after) {}

bool FeedReader::take(std::string& out) {
  const std::lock_guard lock(mutex_);
  std::size_t taken = 0;
  for (; !waiting_.empty() && taken < kFeedPieceBytes; waiting_.pop_front()) {
    const auto& next = waiting_.front();
    out += *next.text;
    taken += next.text->size();
    taken_ = next.position;
  }
  bytes_ -= taken;
  takes_ += taken > 0 ? 1 : 0;
  return !ended_ || !waiting_.empty();
}

void FeedReader::leave() noexcept {
  if (!left_.exchange(true)) seats_->fetch_sub(1);
}

void FeedReader::push(std::uint64_t position, FeedText text, Steady now) {
  last_pushed_ = now;
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  bytes_ += text->size();
  waiting_.push_back({position, std::move(text)});
}

void FeedReader::end_with(const std::function<std::string(std::uint64_t)>& last_text) {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  auto text = std::make_shared<const std::string>(last_text(taken_));
  bytes_ = text->size();
  waiting_.clear();
  waiting_.push_back({taken_, std::move(text)});
  ended_ = true;
}

std::size_t FeedReader::waiting_bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::optional<FeedReader::Steady> FeedReader::untaken_since(Steady now) {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty() || takes_seen_ != takes_ || untaken_since_ == Steady{}) {
    takes_seen_ = takes_;
    untaken_since_ = now;
  }
  if (waiting_.empty()) return std::nullopt;
  return untaken_since_;
}

bool FeedReader::has_ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

}  // namespace motcua::engine

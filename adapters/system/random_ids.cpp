#include "adapters/system/random_ids.hpp"

#include "engine/core/ensure.hpp"

#include <algorithm>
#include <sys/random.h>

namespace motcua::adapters {

void RandomIds::fill(std::span<std::uint8_t> bytes) {
  if (used_ + bytes.size() > pool_.size()) {
    std::size_t filled = 0;
    while (filled < pool_.size()) {
      const auto got =
          ::getrandom(pool_.data() + filled, std::min<std::size_t>(pool_.size() - filled, 256), 0);
      ENSURE(got > 0);
      filled += static_cast<std::size_t>(got);
    }
    used_ = 0;
  }
  std::copy_n(pool_.begin() + static_cast<std::ptrdiff_t>(used_), bytes.size(), bytes.begin());
  used_ += bytes.size();
}

// RFC 9562 section 5.7: 48 bits of Unix milliseconds, version 7, variant 10, the rest random; within one
// millisecond the random part of the last identifier is counted up, so that identifiers ascend.
engine::CaseId RandomIds::next_case_id(engine::Instant at) {
  engine::CaseId id;
  fill(id.bytes);
  const auto millis = static_cast<std::uint64_t>(std::max<std::int64_t>(engine::to_micros(at) / 1000, 0));
  for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  id.bytes[6] = static_cast<std::uint8_t>(0x70U | (id.bytes[6] & 0x0FU));
  id.bytes[8] = static_cast<std::uint8_t>(0x80U | (id.bytes[8] & 0x3FU));
  if (id <= last_ && std::equal(id.bytes.begin(), id.bytes.begin() + 6, last_.bytes.begin())) {
    id = last_;
    for (std::size_t i = id.bytes.size(); i-- > 9;) {
      if (++id.bytes[i] != 0) break;
    }
  }
  last_ = id;
  return id;
}

engine::Id128 RandomIds::next_command_id() {
  engine::Id128 id{};
  fill(id);
  return id;
}

}  // namespace motcua::adapters

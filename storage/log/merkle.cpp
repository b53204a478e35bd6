#include "storage/log/merkle.hpp"

#include "storage/record/bytes.hpp"
#include "storage/record/sha256.hpp"

#include <bit>
#include <utility>

namespace motcua::storage {

using engine::Digest;
using engine::Fault;
using engine::FaultOr;

Digest node_hash(const Digest& left, const Digest& right) {
  constexpr char kNodePrefix = 1;
  return sha256({std::string_view(&kNodePrefix, 1), view_of(left), view_of(right)});
}

FaultOr<RightEdge> RightEdge::restore(std::uint64_t size, std::vector<Digest> subtrees) {
  if (static_cast<std::size_t>(std::popcount(size)) != subtrees.size()) {
    return Fault{"right edge of size " + std::to_string(size) + " has " + std::to_string(subtrees.size()) +
                 " hashes, it must have " + std::to_string(std::popcount(size))};
  }
  RightEdge edge;
  edge.size_ = size;
  edge.subtrees_ = std::move(subtrees);
  return edge;
}

void RightEdge::append(const Digest& leaf) {
  Digest hash = leaf;
  // Each trailing one bit of the size is a subtree as large as the one just completed.
  for (std::uint64_t bits = size_; (bits & 1U) != 0; bits >>= 1U) {
    hash = node_hash(subtrees_.back(), hash);
    subtrees_.pop_back();
  }
  subtrees_.push_back(hash);
  ++size_;
}

Digest RightEdge::root() const {
  if (subtrees_.empty()) return sha256(std::string_view{});
  Digest hash = subtrees_.back();
  for (std::size_t i = subtrees_.size() - 1; i > 0; --i) hash = node_hash(subtrees_[i - 1], hash);
  return hash;
}

std::string RightEdge::encoded() const {
  std::string bytes;
  bytes.reserve(8 + 32 * subtrees_.size());
  put_u64(bytes, size_);
  for (const auto& hash : subtrees_) put_array(bytes, hash);
  return bytes;
}

FaultOr<RightEdge> RightEdge::decode(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto size = reader.u64("size");
  const auto count = static_cast<std::size_t>(std::popcount(size));
  std::vector<Digest> subtrees(count);
  for (auto& hash : subtrees) reader.array(hash, "hash");
  if (reader.failed() || reader.left() != 0) {
    return Fault{"right edge has " + std::to_string(bytes.size()) + " bytes, it must have " +
                 std::to_string(8 + 32 * count)};
  }
  return restore(size, std::move(subtrees));
}

}  // namespace motcua::storage

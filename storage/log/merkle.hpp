/// The tree over the log (RFC 6962, SHA-256), kept as its right edge: the roots of the perfect subtrees of
/// the current size. That is at most 64 hashes, enough to append a leaf and to state the root; proofs need
/// the leaves.
#pragma once

#include "engine/core/result.hpp"
#include "storage/record/record_codec.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::storage {

/// SHA-256(0x01 || left || right).
[[nodiscard]] engine::Digest node_hash(const engine::Digest& left, const engine::Digest& right);

class RightEdge {
 public:
  /// The empty tree.
  RightEdge() = default;
  /// The edge of a tree of `size` leaves: as many subtree roots as `size` has bits, largest subtree first.
  /// Fault: another number of hashes.
  [[nodiscard]] static engine::FaultOr<RightEdge> restore(std::uint64_t size,
                                                          std::vector<engine::Digest> subtrees);

  /// Amortised one node hash.
  void append(const engine::Digest& leaf);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Root over all leaves; SHA-256 of nothing if there are none.
  [[nodiscard]] engine::Digest root() const;
  /// Roots of the perfect subtrees, largest first.
  [[nodiscard]] const std::vector<engine::Digest>& subtrees() const { return subtrees_; }

  /// Stored form: size, then the subtree roots.
  [[nodiscard]] std::string encoded() const;
  [[nodiscard]] static engine::FaultOr<RightEdge> decode(std::string_view bytes);

  friend bool operator==(const RightEdge&, const RightEdge&) = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<engine::Digest> subtrees_{};
};

}  // namespace motcua::storage

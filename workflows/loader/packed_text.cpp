#include "workflows/loader/packed_text.hpp"

#include <stdexcept>
#include <zstd.h>

namespace motcua::workflows {
namespace {

/// Fast; JSON shrinks to a fifth all the same.
constexpr int kLevel = 1;

}  // namespace

PackedText::PackedText(const std::string& bytes) : size_(bytes.size()) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  const auto size = ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), kLevel);
  // A copy of just that length: the bound's room is not kept.
  packed_ = ZSTD_isError(size) != 0 || size >= bytes.size() ? bytes : std::string(packed.data(), size);
}

std::string PackedText::bytes() const {
  if (packed_.size() == size_) return packed_;
  std::string bytes(size_, '\0');
  const auto size = ZSTD_decompress(bytes.data(), bytes.size(), packed_.data(), packed_.size());
  if (ZSTD_isError(size) != 0 || size != size_) throw std::runtime_error("a packed text is damaged");
  return bytes;
}

}  // namespace motcua::workflows

/// The bytes of a published file, compressed in memory: a province has thousands of definitions, and each is
/// asked for as a text a few times a day.
#pragma once

#include "engine/procedure/definition.hpp"

#include <cstddef>
#include <string>

namespace motcua::workflows {

class PackedText final : public engine::PublishedText {
 public:
  explicit PackedText(const std::string& bytes);
  [[nodiscard]] std::string bytes() const override;

 private:
  std::size_t size_;    ///< of the bytes
  std::string packed_;  ///< zstd; the bytes themselves where that is not shorter
};

}  // namespace motcua::workflows

#include "engine/cases/payload_writer.hpp"

#include <variant>

namespace motcua::engine {

std::string encode(const Event& event) {
  PayloadWriter writer;
  std::visit([&](const auto& alternative) { writer.put(alternative); }, event);
  return writer.take();
}

}  // namespace motcua::engine

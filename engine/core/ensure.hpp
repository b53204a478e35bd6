/// Bugs end the process: a state that the code says is impossible is never carried into the log.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace motcua::engine {

[[noreturn]] inline void ensure_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "motcua: bug: %s does not hold at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace motcua::engine

/// On in every build. For conditions that only a bug can break; never for input, law or disk.
#define ENSURE(condition) \
  ((condition) ? static_cast<void>(0) : ::motcua::engine::ensure_failed(#condition, __FILE__, __LINE__))

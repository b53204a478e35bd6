/// A slower disk: preloaded into a process (LD_PRELOAD), it lets every sync take two milliseconds longer.
/// Never part of a build that is shipped.
#include <dlfcn.h>
#include <time.h>

namespace {

constexpr timespec kDelay{0, 2'000'000};

int delayed(const char* name, int file) {
  using Sync = int (*)(int);
  const auto real = reinterpret_cast<Sync>(dlsym(RTLD_NEXT, name));
  const int result = real(file);
  nanosleep(&kDelay, nullptr);
  return result;
}

}  // namespace

extern "C" {
int fsync(int file) { return delayed("fsync", file); }
int fdatasync(int file) { return delayed("fdatasync", file); }
}

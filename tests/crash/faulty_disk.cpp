/// A disk that fails at one call: preloaded into a process (LD_PRELOAD), it numbers every call that changes
/// what is under FAULT_UNDER, over all threads, and at number FAULT_AT does what FAULT says:
///   kill   SIGKILL before the call        eio     the call fails with EIO        enospc  with ENOSPC
///   short  half of a write is written     forget  from here on writes to the write-ahead log are
///                                                  acknowledged and dropped: a liar, for the calibration
/// Each numbered call goes to FAULT_TRACE: number, name, file. RocksDB's own log of words (LOG) is not
/// counted. Never part of a build that is shipped.
#include <climits>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/uio.h>
#include <unistd.h>

namespace {

enum class Fault { none, kill, eio, enospc, half, forget };

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

Fault fault_named(std::string_view name) {
  if (name == "kill") return Fault::kill;
  if (name == "eio") return Fault::eio;
  if (name == "enospc") return Fault::enospc;
  if (name == "short") return Fault::half;
  return name == "forget" ? Fault::forget : Fault::none;
}

struct Plan {
  std::string under = variable("FAULT_UNDER");
  Fault fault = fault_named(variable("FAULT"));
  long at = std::atol(variable("FAULT_AT").c_str());
  int trace = -1;
  std::atomic<long> calls{0};
};

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

Plan& plan() {
  static Plan* const made = [] {
    auto* plan = new Plan;  // never destroyed: threads write until the end
    const auto trace = variable("FAULT_TRACE");
    if (!trace.empty()) {
      static const auto open_it = real<int (*)(const char*, int, ...)>("open");
      plan->trace = open_it(trace.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    }
    return plan;
  }();
  return *made;
}

bool is_watched(std::string_view path) {
  const auto& under = plan().under;
  if (under.empty() || !path.starts_with(under)) return false;
  const auto name = path.substr(path.rfind('/') + 1);
  return !name.starts_with("LOG") && name != "LOCK";
}

std::string path_of(int descriptor) {
  std::array<char, PATH_MAX> target{};
  const auto link = "/proc/self/fd/" + std::to_string(descriptor);
  const auto length = ::readlink(link.c_str(), target.data(), target.size());
  return length > 0 ? std::string(target.data(), static_cast<std::size_t>(length)) : std::string();
}

std::string absolute(const char* path) {
  if (path[0] == '/') return path;
  std::array<char, PATH_MAX> here{};
  return std::string(::getcwd(here.data(), here.size()) == nullptr ? "" : here.data()) + '/' + path;
}

/// What is to happen to this call.
Fault next_fault(const char* name, const std::string& path) {
  if (!is_watched(path)) return Fault::none;
  auto& now = plan();
  const auto number = ++now.calls;
  if (now.trace >= 0) {
    static const auto write_it = real<ssize_t (*)(int, const void*, std::size_t)>("write");
    const auto line = std::to_string(number) + ' ' + name + ' ' + path + '\n';
    (void)!write_it(now.trace, line.data(), line.size());
  }
  if (now.fault == Fault::forget) {
    return number >= now.at && path.ends_with(".log") ? Fault::forget : Fault::none;
  }
  if (number != now.at) return Fault::none;
  if (now.fault == Fault::kill) {
    ::raise(SIGKILL);
  }
  errno = now.fault == Fault::enospc ? ENOSPC : EIO;
  return now.fault;
}

/// A call that is not a write: fails, or goes on.
template <class Call>
int passed(const char* name, const std::string& path, const Call& call) {
  const auto fault = next_fault(name, path);
  const bool fails = fault == Fault::eio || fault == Fault::enospc;
  return fails ? -1 : call();
}

template <class Call>
ssize_t written(const char* name, int descriptor, std::size_t size, const Call& call) {
  switch (next_fault(name, path_of(descriptor))) {
    case Fault::eio:
    case Fault::enospc:
      return -1;
    case Fault::half:
      return call(std::max<std::size_t>(size / 2, 1));
    case Fault::forget:
      return static_cast<ssize_t>(size);
    default:
      return call(size);
  }
}

int opened(const char* name, const char* path, int flags, mode_t mode) {
  const auto open_it = real<int (*)(const char*, int, ...)>(name);
  if ((flags & (O_CREAT | O_TRUNC)) == 0) return open_it(path, flags, mode);
  return passed(name, absolute(path), [&] { return open_it(path, flags, mode); });
}

}  // namespace

#pragma GCC diagnostic ignored "-Wmissing-declarations"
extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t size) {
  static const auto call = real<ssize_t (*)(int, const void*, size_t)>("write");
  return written("write", descriptor, size, [&](size_t part) { return call(descriptor, bytes, part); });
}
ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t at) {
  static const auto call = real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  return written("pwrite", descriptor, size, [&](size_t part) { return call(descriptor, bytes, part, at); });
}
ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t at) {
  return pwrite(descriptor, bytes, size, at);
}
ssize_t writev(int descriptor, const iovec* parts, int count) {
  static const auto call = real<ssize_t (*)(int, const iovec*, int)>("writev");
  return written("writev", descriptor, 2, [&](size_t) { return call(descriptor, parts, count); });
}
int fsync(int descriptor) {
  static const auto call = real<int (*)(int)>("fsync");
  return passed("fsync", path_of(descriptor), [&] { return call(descriptor); });
}
int fdatasync(int descriptor) {
  static const auto call = real<int (*)(int)>("fdatasync");
  return passed("fdatasync", path_of(descriptor), [&] { return call(descriptor); });
}
int ftruncate(int descriptor, off_t size) {
  static const auto call = real<int (*)(int, off_t)>("ftruncate");
  return passed("ftruncate", path_of(descriptor), [&] { return call(descriptor, size); });
}
int ftruncate64(int descriptor, off64_t size) { return ftruncate(descriptor, size); }
int fallocate(int descriptor, int mode, off_t at, off_t size) {
  static const auto call = real<int (*)(int, int, off_t, off_t)>("fallocate");
  return passed("fallocate", path_of(descriptor), [&] { return call(descriptor, mode, at, size); });
}
int fallocate64(int descriptor, int mode, off64_t at, off64_t size) {
  return fallocate(descriptor, mode, at, size);
}
int rename(const char* from, const char* to) {
  static const auto call = real<int (*)(const char*, const char*)>("rename");
  return passed("rename", absolute(to), [&] { return call(from, to); });
}
int link(const char* from, const char* to) {
  static const auto call = real<int (*)(const char*, const char*)>("link");
  return passed("link", absolute(to), [&] { return call(from, to); });
}
int unlink(const char* path) {
  static const auto call = real<int (*)(const char*)>("unlink");
  return passed("unlink", absolute(path), [&] { return call(path); });
}
int mkdir(const char* path, mode_t mode) {
  static const auto call = real<int (*)(const char*, mode_t)>("mkdir");
  return passed("mkdir", absolute(path), [&] { return call(path, mode); });
}
int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const auto mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened("open", path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const auto mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened("open64", path, flags, mode);
}
}

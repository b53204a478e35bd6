#include "storage/log/durable_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace motcua::storage {
namespace {

using engine::Fault;
using engine::FaultOr;

Fault fault_of(const char* step, const std::filesystem::path& path) {
  const int number = errno;
  return Fault{std::string("cannot ") + step + " " + path.string() + ": " + std::strerror(number)};
}

/// Closes a descriptor at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

FaultOr<void> write_and_sync(const std::filesystem::path& path, std::string_view bytes, int flags,
                             unsigned mode) {
  const Descriptor file(::open(path.c_str(), flags | O_WRONLY | O_CREAT | O_CLOEXEC, mode));
  if (!file.is_open()) return fault_of("create", path);
  if (::fchmod(file.number(), mode) != 0) return fault_of("set the mode of", path);
  while (!bytes.empty()) {
    const auto written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fault_of("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.number()) != 0) return fault_of("sync", path);
  return {};
}

std::filesystem::path directory_of(const std::filesystem::path& path) {
  const auto parent = path.parent_path();
  return parent.empty() ? std::filesystem::path(".") : parent;
}

}  // namespace

FaultOr<void> sync_file(const std::filesystem::path& path) {
  const Descriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened.is_open()) return fault_of("open", path);
  if (::fdatasync(opened.number()) != 0) return fault_of("sync", path);
  return {};
}

FaultOr<void> sync_directory(const std::filesystem::path& directory) {
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) return fault_of("open the directory", directory);
  if (::fsync(opened.number()) != 0) return fault_of("sync the directory", directory);
  return {};
}

FaultOr<void> replace_file(const std::filesystem::path& path, std::string_view bytes, unsigned mode) {
  auto fresh = path;
  fresh += ".new";
  if (auto written = write_and_sync(fresh, bytes, O_TRUNC, mode); !written) return written;
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return fault_of("rename to", path);
  return sync_directory(directory_of(path));
}

FaultOr<void> create_file(const std::filesystem::path& path, std::string_view bytes, unsigned mode) {
  auto fresh = path;
  fresh += ".new";
  if (auto written = write_and_sync(fresh, bytes, O_TRUNC, mode); !written) return written;
  const bool linked = ::link(fresh.c_str(), path.c_str()) == 0;
  const auto fault = fault_of("create", path);
  ::unlink(fresh.c_str());
  if (!linked) return fault;
  return sync_directory(directory_of(path));
}

FaultOr<std::string> read_small_file(const std::filesystem::path& path, std::size_t bytes_max) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return fault_of("open", path);
  std::string bytes(bytes_max + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const auto got = ::read(file.number(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fault_of("read", path);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > bytes_max)
    return Fault{path.string() + " is larger than " + std::to_string(bytes_max) + " bytes"};
  bytes.resize(size);
  // A Fault can be made from a string too, so the alternative is named.
  return FaultOr<std::string>(boost::system::in_place_value, std::move(bytes));
}

}  // namespace motcua::storage

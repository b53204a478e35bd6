#include "storage/keys/master_key.hpp"

#include "engine/core/ids.hpp"
#include "storage/log/durable_file.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <sys/stat.h>
#include <utility>

namespace motcua::storage {
namespace {

using engine::Fault;
using engine::FaultOr;

constexpr std::string_view kTitle = "motcua master key 1\n";
constexpr unsigned kOwnerOnly = 0600;

void wipe(std::string& text) { OPENSSL_cleanse(text.data(), text.size()); }

}  // namespace

SecretKey::~SecretKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

FaultOr<SecretKey> SecretKey::random() {
  SecretKey key;
  if (RAND_bytes(key.bytes_.data(), static_cast<int>(key.bytes_.size())) != 1) {
    return Fault{"the system has no randomness for a key"};
  }
  return key;
}

FaultOr<SecretKey> create_master_key(const std::filesystem::path& path) {
  auto key = SecretKey::random();
  if (!key) return key;
  auto hex = engine::to_hex(key->view());
  auto text = std::string(kTitle) + hex + '\n';
  const auto created = create_file(path, text, kOwnerOnly);
  wipe(hex);
  wipe(text);
  if (!created) return created.error();
  return key;
}

FaultOr<SecretKey> load_master_key(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return Fault{"cannot read the master key " + path.string() + ": " + std::strerror(errno)};
  }
  if (!S_ISREG(status.st_mode)) return Fault{"the master key " + path.string() + " is not a regular file"};
  if ((status.st_mode & 077U) != 0) {
    return Fault{"the master key " + path.string() + " is open to group or others; its mode must be 0600"};
  }
  constexpr std::size_t kFileBytes = kTitle.size() + 65;
  auto text = read_small_file(path, kFileBytes);
  if (!text) return text.error();
  SecretKey key;
  auto bytes = text->size() == kFileBytes && text->starts_with(kTitle) && text->back() == '\n'
                   ? engine::from_hex(std::string_view(*text).substr(kTitle.size(), 64))
                   : std::nullopt;
  wipe(*text);
  if (!bytes) return Fault{path.string() + " is not a master key file"};
  std::transform(bytes->begin(), bytes->end(), key.bytes().begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  wipe(*bytes);
  return key;
}

}  // namespace motcua::storage

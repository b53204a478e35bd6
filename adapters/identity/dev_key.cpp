#include "adapters/identity/dev_key.hpp"

#include "adapters/identity/cjose_handles.hpp"
#include "engine/core/ensure.hpp"
#include "engine/core/ids.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace motcua::adapters {
namespace {

using engine::Fault;
using nlohmann::json;

constexpr std::size_t kKeyFileBytesMax = 8 * 1024;

std::string jwk_text(const cjose_jwk_t* key, bool with_private_half) {
  cjose_err error{};
  char* text = cjose_jwk_to_json(key, with_private_half, &error);
  ENSURE(text != nullptr);
  std::string copy(text);
  cjose_get_dealloc()(text);
  return copy;
}

/// Name of a key: the first 16 digits of the SHA-256 of its public half.
std::string key_id_of(const cjose_jwk_t* key) {
  const auto text = jwk_text(key, false);
  engine::Digest digest{};
  unsigned length = 0;
  ENSURE(EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1);
  return "dev-" + engine::to_hex(digest).substr(0, 16);
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

Fault fault_of(const char* what) { return Fault{std::string(what) + ": " + std::strerror(errno)}; }

bool write_whole(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return true;
}

/// Writes the whole of `bytes` beside `path` and puts it in place in one step, so that no reader sees half a
/// file. With `only_if_absent` a file that is there already stays, which is a Fault.
engine::FaultOr<void> place_file(const std::string& path, std::string_view bytes, ::mode_t mode,
                                 bool only_if_absent) {
  auto draft = path + ".XXXXXX";
  const Descriptor file(::mkstemp(draft.data()));
  if (file.number() < 0) {
    return fault_of("development key: cannot create the file");
  }
  bool placed =
      ::fchmod(file.number(), mode) == 0 && write_whole(file.number(), bytes) && ::fsync(file.number()) == 0;
  placed = placed && (only_if_absent ? ::link(draft.c_str(), path.c_str())
                                     : ::rename(draft.c_str(), path.c_str())) == 0;
  const int reason = errno;
  if (!placed || only_if_absent) {
    ::unlink(draft.c_str());
  }
  errno = reason;
  if (!placed) {
    return fault_of("development key: cannot write the file");
  }
  return {};
}

}  // namespace

struct DevKey::State {
  JwkHandle key{};
  std::string key_id{};
};

DevKey::DevKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
DevKey::DevKey(DevKey&&) noexcept = default;
DevKey& DevKey::operator=(DevKey&&) noexcept = default;
DevKey::~DevKey() = default;

engine::FaultOr<DevKey> DevKey::load(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat facts {};
  if (file.number() < 0 || ::fstat(file.number(), &facts) != 0) {
    return fault_of("development key: cannot open the file");
  }
  if ((facts.st_mode & 077U) != 0 || !S_ISREG(facts.st_mode)) {
    return Fault{"development key: the file must be a plain file that only its owner can read (mode 0600)"};
  }
  std::string text(kKeyFileBytesMax, '\0');
  const auto length = ::read(file.number(), text.data(), text.size());
  text.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
  cjose_err error{};
  auto state = std::make_unique<State>();
  state->key.reset(cjose_jwk_import(text.data(), text.size(), &error));
  if (!state->key || cjose_jwk_get_kty(state->key.get(), &error) != CJOSE_JWK_KTY_EC ||
      cjose_jwk_EC_get_curve(state->key.get(), &error) != CJOSE_JWK_EC_P_256 ||
      !json::parse(jwk_text(state->key.get(), true)).contains("d")) {
    return Fault{"development key: the file holds no private P-256 key"};
  }
  const char* key_id = cjose_jwk_get_kid(state->key.get(), &error);
  state->key_id = key_id != nullptr ? key_id : key_id_of(state->key.get());
  return DevKey(std::move(state));
}

engine::FaultOr<DevKey> DevKey::load_or_make(const std::string& path) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) == 0) {
    return load(path);
  }
  cjose_err error{};
  const JwkHandle key(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error));
  ENSURE(key != nullptr);
  const auto key_id = key_id_of(key.get());
  ENSURE(cjose_jwk_set_kid(key.get(), key_id.data(), key_id.size(), &error));
  const auto placed = place_file(path, jwk_text(key.get(), true) + "\n", 0600, true);
  if (!placed &&
      ::lstat(path.c_str(), &facts) != 0) {  // if another process made one meanwhile, its key counts
    return placed.error();
  }
  return load(path);
}

std::string DevKey::mint(const TokenClaims& claims) const {
  const auto issued = std::chrono::floor<std::chrono::seconds>(claims.issued_at).time_since_epoch().count();
  json payload{{"sub", claims.sub}, {"roles", claims.roles}, {"agency", claims.agency},
               {"iat", issued},     {"nbf", issued},         {"exp", issued + claims.lifetime.count()}};
  if (!claims.name.empty()) {
    payload["name"] = claims.name;
  }
  const auto text = payload.dump(-1, ' ', false, json::error_handler_t::replace);
  cjose_err error{};
  const HeaderHandle header(cjose_header_new(&error));
  ENSURE(header != nullptr);
  ENSURE(cjose_header_set(header.get(), CJOSE_HDR_ALG, CJOSE_HDR_ALG_ES256, &error));
  ENSURE(cjose_header_set(header.get(), CJOSE_HDR_KID, state_->key_id.c_str(), &error));
  ENSURE(cjose_header_set(header.get(), "typ", claims.type.c_str(), &error));
  const JwsHandle jws(cjose_jws_sign(state_->key.get(), header.get(),
                                     reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                     &error));
  ENSURE(jws != nullptr);
  const char* compact = nullptr;
  ENSURE(cjose_jws_export(jws.get(), &compact, &error));
  return compact;
}

std::string DevKey::public_jwks() const {
  auto key = json::parse(jwk_text(state_->key.get(), false));
  key["kid"] = state_->key_id;
  key["use"] = "sig";
  key["alg"] = "ES256";
  return json{{"keys", json::array({key})}}.dump();
}

engine::FaultOr<void> DevKey::write_public_jwks(const std::string& path) const {
  return place_file(path, public_jwks() + "\n", 0644, false);
}

}  // namespace motcua::adapters

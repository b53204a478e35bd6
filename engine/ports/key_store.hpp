/// Port: sealing of personal values. One key per data subject and stream, wrapped by a master key. Owned by
/// the engine; the implementation holds the cryptography.
#pragma once

#include "engine/core/result.hpp"
#include "engine/ports/event_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// Binds a sealed entry to its place: all of it is associated data of the cipher.
struct SealContext {
  StreamId stream{};
  std::uint64_t version = 0;
  std::string type{};
};

class KeyStore {
 public:
  KeyStore() = default;
  KeyStore(const KeyStore&) = delete;
  KeyStore& operator=(const KeyStore&) = delete;
  virtual ~KeyStore() = default;

  /// Seals `plaintext` under the subject's key in that stream; makes the key if there is none. A key made is
  /// returned by the next `take_new_keys` and must be written in the same batch as the entry. Sequencer
  /// thread only.
  [[nodiscard]] virtual FaultOr<SealedEntry> seal(const SealContext& context, const SubjectName& subject,
                                                  std::string_view plaintext) = 0;
  [[nodiscard]] virtual std::vector<WrappedKey> take_new_keys() = 0;

  /// Opens an entry; nullopt if its key is gone (erased) or no master key is at hand. A wrong tag is a Fault.
  /// Any thread.
  [[nodiscard]] virtual FaultOr<std::optional<std::string>> open(const SealContext& context,
                                                                 const SealedEntry& entry) = 0;

  /// HMAC-SHA-256 of `bytes` under a key derived from the master key for `purpose` (`idempotency`, `search`,
  /// ...).
  [[nodiscard]] virtual Digest mac(std::string_view purpose, std::string_view bytes) const = 0;
};

}  // namespace motcua::engine

/// Sealing with keys that live wrapped in the event store, under a master key from a file. It must not keep
/// plaintext and must not log anything.
#pragma once

#include "engine/ports/key_store.hpp"
#include "storage/keys/aes_gcm.hpp"
#include "storage/keys/key_cache.hpp"
#include "storage/keys/master_key.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::storage {

/// Streams whose unwrapped keys stay in memory, unless told otherwise: at about 300 bytes each, 6 MB.
inline constexpr std::size_t kKeyCacheStreams = 8'000;

class FileKeyStore final : public engine::KeyStore {
 public:
  /// `store` is where wrapped keys are read and must outlive this object. Without a master key, `open`
  /// answers nullopt and `seal` a Fault; calling `mac` is then a bug.
  FileKeyStore(const engine::EventStore& store, std::optional<SecretKey> master,
               std::size_t streams_max = kKeyCacheStreams);

  [[nodiscard]] engine::FaultOr<engine::SealedEntry> seal(const engine::SealContext& context,
                                                          const engine::SubjectName& subject,
                                                          std::string_view plaintext) override;
  [[nodiscard]] std::vector<engine::WrappedKey> take_new_keys() override;
  [[nodiscard]] engine::FaultOr<std::optional<std::string>> open(const engine::SealContext& context,
                                                                 const engine::SealedEntry& entry) override;
  [[nodiscard]] engine::Digest mac(std::string_view purpose, std::string_view bytes) const override;

  /// Drops a stream's unwrapped keys from memory, after keys were erased from the store. Any thread.
  void forget(const engine::StreamId& stream);

 private:
  /// The key for new entries of `subject`, made if there is none.
  [[nodiscard]] engine::FaultOr<DataKey> sealing_key(const engine::StreamId& stream,
                                                     const engine::SubjectName& subject, bool stream_is_new);
  /// The stream's key of that name, whoever its subject: a wrong subject must fail by its tag, not look
  /// erased. nullopt if the key is gone.
  [[nodiscard]] engine::FaultOr<std::optional<SecretKey>> opening_key(const engine::StreamId& stream,
                                                                      const engine::Id128& key_id);
  /// Reads and unwraps the stream's keys. No lock is held.
  [[nodiscard]] engine::FaultOr<std::vector<DataKey>> load(const engine::StreamId& stream) const;
  [[nodiscard]] engine::FaultOr<DataKey> make_key(const engine::StreamId& stream,
                                                  const engine::SubjectName& subject);

  const engine::EventStore& store_;
  const engine::Id128 log_id_;
  const std::optional<SecretKey> master_;
  RandomBuffer random_{};                       ///< sequencer thread only
  std::vector<engine::WrappedKey> new_keys_{};  ///< sequencer thread only

  std::mutex cache_mutex_{};
  KeyCache cache_;  ///< guarded by cache_mutex_
  mutable std::mutex mac_mutex_{};
  mutable std::map<std::string, SecretKey, std::less<>> mac_keys_{};  ///< by purpose; guarded by mac_mutex_
};

}  // namespace motcua::storage

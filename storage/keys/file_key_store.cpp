#include "storage/keys/file_key_store.hpp"

#include "engine/core/ensure.hpp"
#include "storage/record/bytes.hpp"
#include "storage/record/key_codec.hpp"
#include "storage/record/sha256.hpp"

#include <algorithm>
#include <utility>

namespace motcua::storage {
namespace {

using engine::Fault;
using engine::FaultOr;
using engine::Id128;
using engine::SealContext;
using engine::SealedEntry;
using engine::StreamId;
using engine::SubjectName;
using engine::WrappedKey;

/// A wrapped key: nonce, ciphertext of 32 bytes, tag.
constexpr std::size_t kWrappedBytes = 12 + 32 + kTagBytes;

std::string entry_associated(const Id128& log_id, const SealContext& context, const SubjectName& subject) {
  std::string bytes;
  put_array(bytes, log_id);
  put_stream(bytes, context.stream);
  put_u64(bytes, context.version);
  put_u8(bytes, context.type.size());
  bytes.append(context.type);
  put_u16(bytes, subject.value.size());
  bytes.append(subject.value);
  return bytes;
}

/// Stream, subject and key id as in the key of the table: a wrapped key cannot be moved to another place.
std::string wrap_associated(const StreamId& stream, const SubjectName& subject, const Id128& key_id) {
  return wrapped_key_key(stream, subject, key_id);
}

const char* defect_of(const SealContext& context, const SubjectName& subject) {
  if (!is_valid(context.stream)) return "the stream is not valid";
  if (context.type.size() > 0xff) return "the type is over 255 bytes";
  if (subject.value.size() > 0xffff) return "the subject is over 65535 bytes";
  return nullptr;
}

FaultOr<SecretKey> unwrap(const SecretKey& master, const WrappedKey& wrapped) {
  const std::string_view bytes = wrapped.wrapped;
  if (bytes.size() != kWrappedBytes)
    return Fault{"a wrapped key has " + std::to_string(bytes.size()) + " bytes"};
  Nonce nonce{};
  std::transform(bytes.begin(), bytes.begin() + 12, nonce.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  auto plain = gcm_open(master, nonce, wrap_associated(wrapped.stream, wrapped.subject, wrapped.key_id),
                        bytes.substr(nonce.size()));
  if (!plain) return Fault{"a wrapped key does not open under this master key"};
  SecretKey key;
  std::transform(plain->begin(), plain->end(), key.bytes().begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  std::fill(plain->begin(), plain->end(), '\0');
  return key;
}

}  // namespace

FileKeyStore::FileKeyStore(const engine::EventStore& store, std::optional<SecretKey> master,
                           std::size_t streams_max)
    : store_(store), log_id_(store.head().log_id), master_(std::move(master)), cache_(streams_max) {}

FaultOr<std::vector<DataKey>> FileKeyStore::load(const StreamId& stream) const {
  const auto stored = store_.read_keys(stream);
  if (!stored) return stored.error();
  std::vector<DataKey> keys;
  for (const auto& wrapped : *stored) {
    if (wrapped.wrapped.empty()) continue;  // erased in place
    auto key = unwrap(*master_, wrapped);
    if (!key) return key.error();
    keys.push_back({wrapped.subject, wrapped.key_id, *key});
  }
  return keys;
}

FaultOr<DataKey> FileKeyStore::make_key(const StreamId& stream, const SubjectName& subject) {
  DataKey made;
  made.subject = subject;
  Nonce nonce{};
  if (!random_.fill(made.key_id) || !random_.fill(made.key.bytes()) || !random_.fill(nonce)) {
    return Fault{"the system has no randomness for a key"};
  }
  WrappedKey wrapped{stream, subject, made.key_id, std::string(view_of(nonce))};
  wrapped.wrapped +=
      gcm_seal(*master_, nonce, wrap_associated(stream, subject, made.key_id), made.key.view());
  new_keys_.push_back(std::move(wrapped));
  return made;
}

FaultOr<DataKey> FileKeyStore::sealing_key(const StreamId& stream, const SubjectName& subject,
                                           bool stream_is_new) {
  const auto cache_key = stream_key(stream);
  const auto key_in = [&subject](const std::vector<DataKey>& keys) -> const DataKey* {
    // The last one: if a key was erased and another made, new entries belong under the new one.
    const auto at =
        std::find_if(keys.rbegin(), keys.rend(), [&](const DataKey& key) { return key.subject == subject; });
    return at == keys.rend() ? nullptr : &*at;
  };
  bool is_cached = false;
  {
    const std::lock_guard lock(cache_mutex_);
    if (const auto* const keys = cache_.find(cache_key)) {
      is_cached = true;
      if (const auto* const key = key_in(*keys)) return *key;
    }
  }
  std::vector<DataKey> loaded;
  if (!is_cached && !stream_is_new) {
    auto stored = load(stream);
    if (!stored) return stored.error();
    loaded = std::move(*stored);
  }
  const auto* const present = key_in(loaded);
  auto key = present != nullptr ? FaultOr<DataKey>(*present) : make_key(stream, subject);
  if (!key) return key;
  const std::lock_guard lock(cache_mutex_);
  auto* keys = cache_.find(cache_key);
  if (keys == nullptr) keys = &cache_.put(cache_key, std::move(loaded));
  if (key_in(*keys) == nullptr) keys->push_back(*key);
  return key;
}

FaultOr<SealedEntry> FileKeyStore::seal(const SealContext& context, const SubjectName& subject,
                                        std::string_view plaintext) {
  if (!master_) return Fault{"there is no master key to seal with"};
  if (const char* const defect = defect_of(context, subject))
    return Fault{std::string("cannot seal: ") + defect};
  // Keys are written with the first record that uses them, so a stream without records has none.
  const auto key = sealing_key(context.stream, subject, context.version == 1);
  if (!key) return key.error();
  SealedEntry entry;
  entry.subject = subject;
  entry.key_id = key->key_id;
  if (!random_.fill(entry.nonce)) return Fault{"the system has no randomness for a nonce"};
  entry.ciphertext = gcm_seal(key->key, entry.nonce, entry_associated(log_id_, context, subject), plaintext);
  return entry;
}

std::vector<WrappedKey> FileKeyStore::take_new_keys() { return std::exchange(new_keys_, {}); }

FaultOr<std::optional<SecretKey>> FileKeyStore::opening_key(const StreamId& stream, const Id128& key_id) {
  const auto cache_key = stream_key(stream);
  const auto key_in = [&key_id](const std::vector<DataKey>& keys) -> const DataKey* {
    const auto at =
        std::find_if(keys.begin(), keys.end(), [&](const DataKey& key) { return key.key_id == key_id; });
    return at == keys.end() ? nullptr : &*at;
  };
  {
    const std::lock_guard lock(cache_mutex_);
    if (const auto* const keys = cache_.find(cache_key)) {
      if (const auto* const key = key_in(*keys)) return std::optional<SecretKey>{key->key};
    }
  }
  auto loaded = load(stream);
  if (!loaded) return loaded.error();
  const auto* const found = key_in(*loaded);
  if (found == nullptr) return std::optional<SecretKey>{};
  const std::optional<SecretKey> key{found->key};
  const std::lock_guard lock(cache_mutex_);
  if (auto* const present = cache_.find(cache_key)) {
    // Keep what is there: it may hold keys that are not durable yet.
    if (key_in(*present) == nullptr) present->push_back(*found);
  } else {
    cache_.put(cache_key, std::move(*loaded));
  }
  return key;
}

FaultOr<std::optional<std::string>> FileKeyStore::open(const SealContext& context, const SealedEntry& entry) {
  if (!master_) return std::optional<std::string>{};
  if (const char* const defect = defect_of(context, entry.subject)) {
    return Fault{std::string("cannot open: ") + defect};
  }
  const auto key = opening_key(context.stream, entry.key_id);
  if (!key) return key.error();
  if (!*key) return std::optional<std::string>{};
  auto plain =
      gcm_open(**key, entry.nonce, entry_associated(log_id_, context, entry.subject), entry.ciphertext);
  if (!plain) return Fault{"a sealed entry does not open: it was changed, or it belongs to another place"};
  return plain;
}

engine::Digest FileKeyStore::mac(std::string_view purpose, std::string_view bytes) const {
  ENSURE(master_.has_value());
  SecretKey key;
  {
    const std::lock_guard lock(mac_mutex_);
    auto at = mac_keys_.find(purpose);
    if (at == mac_keys_.end()) {
      SecretKey derived;
      derived.bytes() = hmac_sha256(master_->view(), purpose);
      at = mac_keys_.emplace(std::string(purpose), derived).first;
    }
    key = at->second;
  }
  return hmac_sha256(key.view(), bytes);
}

void FileKeyStore::forget(const StreamId& stream) {
  const std::lock_guard lock(cache_mutex_);
  cache_.forget(stream_key(stream));
}

}  // namespace motcua::storage

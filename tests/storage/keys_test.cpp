#include "storage/keys/file_key_store.hpp"
#include "storage/keys/master_key.hpp"
#include "storage/memory/memory_event_store.hpp"
#include "storage/record/key_codec.hpp"
#include "tests/storage/stores.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

namespace motcua::storage {
namespace {

namespace fs = std::filesystem;
using conformance::case_stream;
using engine::SealContext;
using engine::SubjectName;

const SubjectName kApplicant("applicant");
const SubjectName kMother("/mother");
const SealContext kSecond{conformance::case_stream('a'), 2, "case.received"};

SecretKey master() {
  SecretKey key;
  key.bytes().fill(0x5a);
  return key;
}

/// A key store and the event store in which its keys become durable.
class Sealing : public ::testing::Test {
 protected:
  void SetUp() override { epoch_ = store_.take_epoch().value(); }
  void keep_new_keys() {
    engine::AppendBatch batch;
    batch.epoch = epoch_;
    batch.first_position = store_.head().position + 1;
    batch.keys = keys_.take_new_keys();
    ASSERT_TRUE(store_.append(batch).has_value());
  }
  MemoryEventStore store_{};
  std::uint64_t epoch_ = 0;
  FileKeyStore keys_{store_, master()};
};

TEST_F(Sealing, WhatIsSealedIsOpenedAtItsPlaceAlsoByANewProcess) {
  const auto entry = keys_.seal(kSecond, kApplicant, "Nguyễn Thị An").value();
  EXPECT_EQ(entry.ciphertext.size(), std::string("Nguyễn Thị An").size() + kTagBytes);
  EXPECT_EQ(entry.ciphertext.find("An"), std::string::npos);
  EXPECT_EQ(keys_.open(kSecond, entry).value(), "Nguyễn Thị An");
  keep_new_keys();
  FileKeyStore later(store_, master());
  EXPECT_EQ(later.open(kSecond, entry).value(), "Nguyễn Thị An");
}

TEST_F(Sealing, AnEntryOpensNowhereElse) {
  const auto entry = keys_.seal(kSecond, kApplicant, "secret").value();
  const auto mother = keys_.seal(kSecond, kMother, "secret").value();
  const auto refuses = [&](SealContext context, const engine::SealedEntry& moved) {
    return keys_.open(context, moved).has_error();
  };
  auto other_version = kSecond;
  other_version.version = 3;
  EXPECT_TRUE(refuses(other_version, entry));
  auto other_type = kSecond;
  other_type.type = "case.resolved";
  EXPECT_TRUE(refuses(other_type, entry));
  auto other_subject = entry;
  other_subject.subject = kMother;
  EXPECT_TRUE(refuses(kSecond, other_subject));
  auto other_key = entry;
  other_key.key_id = mother.key_id;
  EXPECT_TRUE(refuses(kSecond, other_key));
  for (std::size_t at = 0; at < entry.ciphertext.size(); ++at) {
    auto changed = entry;
    changed.ciphertext[at] = static_cast<char>(changed.ciphertext[at] ^ 1);
    EXPECT_TRUE(refuses(kSecond, changed)) << at;
  }
  auto cut = entry;
  cut.ciphertext.resize(kTagBytes - 1);
  EXPECT_TRUE(refuses(kSecond, cut));
}

TEST_F(Sealing, AnEntryOfAnotherLogDoesNotOpenEvenWithItsKey) {
  const auto entry = keys_.seal(kSecond, kApplicant, "secret").value();
  const auto wrapped = keys_.take_new_keys();
  MemoryEventStore other(engine::Id128{0x99});
  engine::AppendBatch batch;
  batch.epoch = other.take_epoch().value();
  batch.first_position = 1;
  batch.keys = wrapped;
  ASSERT_TRUE(other.append(batch).has_value());
  EXPECT_TRUE(FileKeyStore(other, master()).open(kSecond, entry).has_error());
}

TEST_F(Sealing, OneKeyPerSubjectAndStreamIsMadeAndHandedOutOnce) {
  const auto first = keys_.seal(kSecond, kApplicant, "1").value();
  const auto second = keys_.seal(kSecond, kApplicant, "2").value();
  const auto mother = keys_.seal(kSecond, kMother, "3").value();
  const auto other_case = keys_.seal({case_stream('b'), 1, "case.filed"}, kApplicant, "4").value();
  EXPECT_EQ(first.key_id, second.key_id);
  EXPECT_NE(first.key_id, mother.key_id);
  EXPECT_NE(first.key_id, other_case.key_id);
  EXPECT_EQ(keys_.take_new_keys().size(), 3U);
  EXPECT_TRUE(keys_.take_new_keys().empty());
}

TEST_F(Sealing, ANewProcessGoesOnWithTheStoredKey) {
  const auto first = keys_.seal(kSecond, kApplicant, "1").value();
  keep_new_keys();
  FileKeyStore later(store_, master());
  EXPECT_EQ(later.seal(kSecond, kApplicant, "2").value().key_id, first.key_id);
  EXPECT_TRUE(later.take_new_keys().empty());
}

TEST_F(Sealing, NoncesNeverRepeat) {
  std::set<std::array<std::uint8_t, 12>> nonces;
  for (int i = 0; i < 2000; ++i) nonces.insert(keys_.seal(kSecond, kApplicant, "x").value().nonce);
  EXPECT_EQ(nonces.size(), 2000U);
}

TEST_F(Sealing, WithoutAMasterKeyNothingOpensAndNothingIsSealed) {
  const auto entry = keys_.seal(kSecond, kApplicant, "secret").value();
  keep_new_keys();
  FileKeyStore blind(store_, std::nullopt);
  EXPECT_EQ(blind.open(kSecond, entry).value(), std::nullopt);
  EXPECT_TRUE(blind.seal(kSecond, kApplicant, "x").has_error());
}

TEST_F(Sealing, AnotherMasterKeyIsAFault) {
  const auto entry = keys_.seal(kSecond, kApplicant, "secret").value();
  keep_new_keys();
  FileKeyStore other(store_, SecretKey{});
  EXPECT_TRUE(other.open(kSecond, entry).has_error());
}

TEST_F(Sealing, AnErasedKeyLeavesNothingToOpen) {
  const auto entry = keys_.seal(kSecond, kApplicant, "secret").value();
  const auto mother = keys_.seal(kSecond, kMother, "kept").value();
  keep_new_keys();
  std::string key = stream_key(kSecond.stream) + std::string("\0\x09", 2) + "applicant";
  key.append(reinterpret_cast<const char*>(entry.key_id.data()), entry.key_id.size());
  store_.tamper(Table::keys, key, [](std::string& value) {
    EXPECT_FALSE(value.empty());
    return false;
  });
  EXPECT_TRUE(keys_.open(kSecond, entry).value().has_value()) << "still in memory";
  keys_.forget(kSecond.stream);
  EXPECT_EQ(keys_.open(kSecond, entry).value(), std::nullopt);
  EXPECT_EQ(keys_.open(kSecond, mother).value(), "kept");
}

TEST_F(Sealing, AWrappedKeyMovedToAnotherSubjectDoesNotUnwrap) {
  const auto entry = keys_.seal(kSecond, kApplicant, "secret").value();
  auto wrapped = keys_.take_new_keys();
  wrapped[0].subject = kMother;
  engine::AppendBatch batch;
  batch.epoch = epoch_;
  batch.first_position = 1;
  batch.keys = wrapped;
  ASSERT_TRUE(store_.append(batch).has_value());
  EXPECT_TRUE(FileKeyStore(store_, master()).open(kSecond, entry).has_error());
}

TEST_F(Sealing, ABoundedCacheForgetsStreamsButNotTheirKeys) {
  FileKeyStore small(store_, master(), 2);
  std::vector<std::pair<SealContext, engine::SealedEntry>> sealed;
  for (char name = 'a'; name < 'i'; ++name) {
    const SealContext context{case_stream(name), 1, "case.filed"};
    sealed.emplace_back(context, small.seal(context, kApplicant, std::string(1, name)).value());
  }
  engine::AppendBatch batch;
  batch.epoch = epoch_;
  batch.first_position = 1;
  batch.keys = small.take_new_keys();
  ASSERT_TRUE(store_.append(batch).has_value());
  for (const auto& [context, entry] : sealed) {
    EXPECT_EQ(small.open(context, entry).value(), std::string(1, static_cast<char>(context.stream.id[15])));
  }
}

TEST_F(Sealing, ManyThreadsOpenWhileOneSeals) {
  const auto entry = keys_.seal(kSecond, kApplicant, "secret").value();
  keep_new_keys();
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        EXPECT_EQ(keys_.open(kSecond, entry).value(), "secret");
        (void)keys_.mac("idempotency", "body");
      }
    });
  }
  for (int i = 0; i < 500; ++i) {
    (void)keys_.seal({case_stream(static_cast<char>(i)), 1, "case.filed"}, kMother, "x");
  }
  for (auto& reader : readers) reader.join();
}

TEST_F(Sealing, MacsDifferByPurposeBytesAndMasterKeyAndRepeatOtherwise) {
  const auto mac = keys_.mac("search", "an");
  EXPECT_EQ(mac, FileKeyStore(store_, master()).mac("search", "an"));
  EXPECT_NE(mac, keys_.mac("idempotency", "an"));
  EXPECT_NE(mac, keys_.mac("search", "am"));
  EXPECT_NE(mac, FileKeyStore(store_, SecretKey{}).mac("search", "an"));
}

RC_GTEST_PROP(SealingProperty, AnyBytesAreOpenedAsTheyWereSealed,
              (const std::string& plain, const std::string& subject)) {
  MemoryEventStore store;
  FileKeyStore keys(store, master());
  const auto entry = keys.seal(kSecond, SubjectName(subject), plain);
  RC_ASSERT(entry.has_value());
  RC_ASSERT(keys.open(kSecond, *entry).value() == plain);
}

TEST(KeyCache, ForgetsTheStreamUsedLeastRecently) {
  KeyCache cache(2);
  cache.put("a", {});
  cache.put("b", {});
  EXPECT_NE(cache.find("a"), nullptr);
  cache.put("c", {});
  EXPECT_EQ(cache.find("b"), nullptr);
  EXPECT_NE(cache.find("a"), nullptr);
  EXPECT_NE(cache.find("c"), nullptr);
  cache.forget("a");
  EXPECT_EQ(cache.find("a"), nullptr);
}

TEST(AesGcm, HasThePublishedCiphertextOfTheGcmSpecification) {
  // Test case 16 of the specification by McGrew and Viega (256-bit key, 96-bit nonce, associated data).
  const auto raw = [](const char* hex) { return engine::from_hex(hex).value(); };
  SecretKey key;
  const auto key_bytes = raw("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  std::copy(key_bytes.begin(), key_bytes.end(), key.bytes().begin());
  Nonce nonce{};
  const auto nonce_bytes = raw("cafebabefacedbaddecaf888");
  std::copy(nonce_bytes.begin(), nonce_bytes.end(), nonce.begin());
  const auto plain =
      raw("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b1"
          "6aedf5aa0de657"
          "ba637b39");
  const auto associated = raw("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  EXPECT_EQ(engine::to_hex(gcm_seal(key, nonce, associated, plain)),
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
            "c5f61e6393ba7a0a"
            "bcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
}

TEST(MasterKeyFile, IsMadeOnceForItsOwnerOnlyAndReadBack) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "data.master-key";
  const auto made = create_master_key(path).value();
  EXPECT_EQ(load_master_key(path).value().bytes(), made.bytes());
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(create_master_key(path).has_value()) << "a key is never overwritten";
  EXPECT_EQ(load_master_key(path).value().bytes(), made.bytes());
}

TEST(MasterKeyFile, IsRefusedIfGroupOrOthersMayReadOrWriteIt) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "data.master-key";
  ASSERT_TRUE(create_master_key(path).has_value());
  for (const auto extra : {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
    fs::permissions(path, fs::perms::owner_read | extra);
    EXPECT_FALSE(load_master_key(path).has_value());
  }
  fs::permissions(path, fs::perms::owner_read);
  EXPECT_TRUE(load_master_key(path).has_value());
}

TEST(MasterKeyFile, IsRefusedIfAbsentCutExtendedOrNotHexadecimal) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "data.master-key";
  EXPECT_FALSE(load_master_key(path).has_value());
  EXPECT_FALSE(load_master_key(folder.path()).has_value());
  const std::string good = "motcua master key 1\n" + std::string(64, 'a') + '\n';
  const auto accepts = [&path](const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    return load_master_key(path).has_value();
  };
  EXPECT_TRUE(accepts(good));
  EXPECT_FALSE(accepts(good.substr(0, good.size() - 1)));
  EXPECT_FALSE(accepts(good + "x"));
  EXPECT_FALSE(accepts("motcua master key 2\n" + std::string(64, 'a') + '\n'));
  EXPECT_FALSE(accepts("motcua master key 1\n" + std::string(64, 'g') + '\n'));
}

}  // namespace
}  // namespace motcua::storage

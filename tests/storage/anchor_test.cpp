#include "storage/log/anchor.hpp"

#include "storage/record/key_codec.hpp"
#include "tests/storage/stores.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace motcua::storage {
namespace {

namespace fs = std::filesystem;
using conformance::case_stream;

TEST(AnchorFile, WhatIsWrittenIsReadBackAndReplacesTheAnchorBefore) {
  const TemporaryFolder folder;
  const AnchorFile file(folder.path() / "data.anchor");
  EXPECT_EQ(file.read().value(), std::nullopt);
  MemoryEventStore store;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(file.write(store.current_anchor()).has_value());
    EXPECT_EQ(file.read().value(), store.current_anchor());
    append_records(store, 1);
  }
  EXPECT_FALSE(fs::exists(folder.path() / "data.anchor.new"));
}

TEST(AnchorFile, AFileThatCannotBeWrittenIsAFaultNotASilence) {
  const TemporaryFolder folder;
  EXPECT_FALSE(AnchorFile(folder.path() / "absent" / "data.anchor").write({}).has_value());
  fs::create_directory(folder.path() / "data.anchor");
  EXPECT_FALSE(AnchorFile(folder.path() / "data.anchor").read().has_value());
}

TEST(AnchorText, EveryTruncationAndEveryChangedCharacterIsRefused) {
  MemoryEventStore store;
  append_records(store, 7);
  const auto text = to_text(store.current_anchor());
  ASSERT_TRUE(parse_anchor(text).has_value());
  for (std::size_t at = 0; at < text.size(); ++at) {
    EXPECT_FALSE(parse_anchor(text.substr(0, at)).has_value()) << at;
    auto changed = text;
    changed[at] = changed[at] == '1' ? '2' : '1';
    const auto parsed = parse_anchor(changed);
    // Another log id is well-formed; it is refused when it is compared with the store's.
    EXPECT_TRUE(!parsed || parsed->log_id != store.head().log_id) << at;
  }
}

TEST(StartUpCheck, ALogThatContinuesTheAnchorIsAcceptedAndExtendsIt) {
  MemoryEventStore store;
  const auto empty = store.current_anchor();
  append_records(store, 3);
  const auto three = store.current_anchor();
  append_records(store, 6);
  for (const auto& anchor : {empty, three, store.current_anchor()}) {
    EXPECT_EQ(check_against_anchor(store, anchor).value(), store.current_anchor());
  }
}

TEST(StartUpCheck, AShorterLogIsRefusedAndBothSizesAreNamed) {
  MemoryEventStore store;
  append_records(store, 250);
  MemoryEventStore longer;
  append_records(longer, 500);
  const auto checked = check_against_anchor(store, longer.current_anchor());
  ASSERT_FALSE(checked.has_value());
  EXPECT_NE(checked.error().what.find("position 250"), std::string::npos);
  EXPECT_NE(checked.error().what.find("position 500"), std::string::npos);
}

TEST(StartUpCheck, AForkOfTheSameOrGreaterSizeIsRefused) {
  MemoryEventStore store;
  append_records(store, 5);
  for (const std::uint64_t size : {5U, 9U}) {
    MemoryEventStore fork;
    append_records(fork, size, case_stream('z'));
    const auto checked = check_against_anchor(fork, store.current_anchor());
    ASSERT_FALSE(checked.has_value());
    EXPECT_NE(checked.error().what.find("root differs"), std::string::npos);
  }
}

TEST(StartUpCheck, TheAnchorOfAnotherLogIsRefused) {
  MemoryEventStore store;
  MemoryEventStore other(engine::Id128{0x55});
  EXPECT_FALSE(check_against_anchor(store, other.current_anchor()).has_value());
}

TEST(StartUpCheck, AGapInTheLogIndexIsRefused) {
  MemoryEventStore store;
  const auto empty = store.current_anchor();
  append_records(store, 5);
  store.tamper(Table::log, log_key(4), [](std::string&) { return false; });
  EXPECT_NE(check_against_anchor(store, empty).error().what.find("gap after position 3"), std::string::npos);
}

/// Write-ahead files of the folder, newest last.
std::vector<fs::path> wal_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".log") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Appends, copies the folder as a power cut would leave it, damages the copy's newest write-ahead file,
/// opens it.
class LostWriteAheadFile : public ::testing::Test {
 protected:
  void SetUp() override {
    append_records(harness_.store(), 20);
    harness_.reopen();  // the first 20 are in table files
    append_records(harness_.store(), 20);
    anchor_ = harness_.store().current_anchor();
    fs::copy(harness_.data(), copy_, fs::copy_options::recursive);
    wal_ = wal_files(copy_).back();
    ASSERT_GT(fs::file_size(wal_), 0U);
  }
  /// RocksDB opens the damaged copy without complaint; only the anchor shows what is gone.
  void expect_refused_by_the_anchor_alone() {
    const auto opened = RocksdbEventStore::open(copy_);
    ASSERT_TRUE(opened.has_value()) << opened.error().what;
    EXPECT_LT((*opened)->head().position, 40U);
    const auto checked = check_against_anchor(**opened, anchor_);
    ASSERT_FALSE(checked.has_value());
    EXPECT_NE(checked.error().what.find("the anchor has seen position 40"), std::string::npos);
  }

  RocksdbHarness harness_{};
  fs::path copy_ = harness_.folder() / "copy";
  fs::path wal_{};
  Anchor anchor_{};
};

TEST_F(LostWriteAheadFile, AnUndamagedCopyIsWholeAndAccepted) {
  const auto opened = RocksdbEventStore::open(copy_);
  ASSERT_TRUE(opened.has_value()) << opened.error().what;
  EXPECT_TRUE(check_against_anchor(**opened, anchor_).has_value());
}

TEST_F(LostWriteAheadFile, ADeletedFileIsRefusedByTheAnchor) {
  fs::remove(wal_);
  expect_refused_by_the_anchor_alone();
}

TEST_F(LostWriteAheadFile, AnEmptiedFileIsRefusedByTheAnchor) {
  fs::resize_file(wal_, 0);
  expect_refused_by_the_anchor_alone();
}

TEST_F(LostWriteAheadFile, AFileCutInTheMiddleIsRefusedByTheAnchor) {
  fs::resize_file(wal_, fs::file_size(wal_) / 2);
  expect_refused_by_the_anchor_alone();
}

TEST_F(LostWriteAheadFile, AByteFlippedInTheMiddleIsRefusedByTheOpener) {
  std::fstream file(wal_, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(fs::file_size(wal_) / 2);
  file.seekg(middle);
  const char byte = static_cast<char>(file.get() ^ 0x55);
  file.seekp(middle);
  file.put(byte);
  file.close();
  EXPECT_FALSE(RocksdbEventStore::open(copy_).has_value());
}

}  // namespace
}  // namespace motcua::storage

#include "storage/log/verify.hpp"

#include "storage/record/key_codec.hpp"
#include "storage/record/record_codec.hpp"
#include "storage/record/sha256.hpp"
#include "tests/storage/intruder.hpp"
#include "tests/storage/stores.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <sstream>

namespace motcua::storage {
namespace {

using conformance::case_stream;
using conformance::record_at;

constexpr std::uint64_t kRecords = 7;

class VerifyStore : public ::testing::Test {
 protected:
  void SetUp() override {
    append_records(harness_.store(), kRecords - 2);
    append_records(harness_.store(), 2, case_stream('b'));
    engine::AppendBatch batch;
    batch.epoch = harness_.store().head().epoch;
    batch.first_position = kRecords + 1;
    batch.artifacts = {{sha256("{}"), "{}"}};
    ASSERT_TRUE(harness_.store().append(batch).has_value());
    anchor_ = harness_.store().current_anchor();
  }

  /// Lets `change` loose on the closed store, then verifies it opened read-only.
  [[nodiscard]] VerifyReport report_after(const std::function<void(Intruder&)>& change) {
    harness_.close();
    {
      Intruder intruder(harness_.data());
      change(intruder);
    }
    const auto opened = RocksdbEventStore::open(harness_.data(), OpenMode::read_only);
    if (!opened) {
      ADD_FAILURE() << opened.error().what;
      return {};
    }
    return verify_store(**opened, anchor_).value();
  }
  /// The report must be about exactly this: one of its findings says `what` at `position`.
  static void expect_finding(const VerifyReport& report, const std::string& what, std::uint64_t position) {
    std::ostringstream all;
    for (const auto& finding : report.findings) {
      all << "\n  " << finding.position << ": " << finding.what;
      if (finding.what.find(what) != std::string::npos && finding.position == position) return;
    }
    ADD_FAILURE() << "no finding '" << what << "' at " << position << " among" << all.str();
  }
  [[nodiscard]] static std::string third_record() { return record_key(case_stream('a'), 3); }
  [[nodiscard]] static std::size_t offset_of(Intruder& intruder, const std::string& text) {
    return intruder.get(Table::records, third_record()).find(text);
  }

  RocksdbHarness harness_{};
  Anchor anchor_{};
};

TEST_F(VerifyStore, AnUntouchedStoreHasNoFindingAndEverythingIsCounted) {
  std::uint64_t last_progress = 0;
  const auto report =
      verify_store(harness_.store(), anchor_, [&](std::uint64_t position, std::uint64_t head) {
        last_progress = position;
        EXPECT_EQ(head, kRecords);
      }).value();
  EXPECT_TRUE(report.clean()) << report.findings.front().what;
  EXPECT_EQ(report.log_entries, kRecords);
  EXPECT_EQ(report.records, kRecords);
  EXPECT_EQ(report.streams, 2U);
  EXPECT_EQ(report.sealed_entries, kRecords);
  EXPECT_EQ(report.artifacts, 1U);
  EXPECT_EQ(last_progress, kRecords);
}

TEST_F(VerifyStore, AnEmptyStoreAndTheAnchorOfAnEmptyLogAreClean) {
  const MemoryEventStore empty;
  EXPECT_TRUE(verify_store(empty, empty.current_anchor()).value().clean());
}

TEST_F(VerifyStore, AFlippedByteInAHeaderIsNamedWithItsPositionAndStream) {
  const auto report = report_after([](Intruder& intruder) {
    intruder.flip(Table::records, third_record(), offset_of(intruder, "officer-17"));
  });
  expect_finding(report, "header does not have the hash", 3);
  EXPECT_EQ(report.findings_total, 1U);
  EXPECT_EQ(report.findings.front().stream, case_stream('a'));
  EXPECT_EQ(report.findings.front().version, 3U);
}

TEST_F(VerifyStore, AFlippedByteInThePublicBytesIsNamed) {
  const auto report = report_after([](Intruder& intruder) {
    intruder.flip(Table::records, third_record(), offset_of(intruder, "registered"));
  });
  expect_finding(report, "public bytes", 3);
  EXPECT_EQ(report.findings_total, 1U);
}

TEST_F(VerifyStore, AFlippedByteInASealedEntryIsNamed) {
  const auto report = report_after(
      [](Intruder& intruder) { intruder.flip(Table::records, third_record(), offset_of(intruder, "XYZ")); });
  expect_finding(report, "sealed entry 1", 3);
  EXPECT_EQ(report.findings_total, 1U);
}

TEST_F(VerifyStore, AnUnreadableRecordIsNamed) {
  const auto report =
      report_after([](Intruder& intruder) { intruder.put(Table::records, third_record(), "\x09 nonsense"); });
  expect_finding(report, "record format 9 is unknown", 3);
}

TEST_F(VerifyStore, AFlippedLeafIsNamedAndChangesTheRoot) {
  const auto report = report_after([](Intruder& intruder) { intruder.flip(Table::log, log_key(3), 30); });
  expect_finding(report, "header does not have the hash", 3);
  expect_finding(report, "right edge is not the edge", 0);
  expect_finding(report, "is not the head's root", 0);
  expect_finding(report, "anchor's root", kRecords);
}

TEST_F(VerifyStore, AMalformedLogEntryIsNamed) {
  const auto report = report_after([](Intruder& intruder) { intruder.put(Table::log, log_key(3), "short"); });
  expect_finding(report, "log entry is malformed", 3);
}

TEST_F(VerifyStore, AFlippedByteInTheRightEdgeIsNamedAndAWriterMayNotOpen) {
  const auto report = report_after([](Intruder& intruder) { intruder.flip(Table::meta, "edge", 20); });
  expect_finding(report, "right edge is not the edge", 0);
  EXPECT_EQ(report.findings_total, 1U);
  const auto opened = RocksdbEventStore::open(harness_.data());
  ASSERT_FALSE(opened.has_value());
  EXPECT_NE(opened.error().what.find("right edge"), std::string::npos);
}

TEST_F(VerifyStore, AnotherRootInTheHeadIsNamed) {
  const auto report = report_after([](Intruder& intruder) { intruder.flip(Table::meta, "head", 20); });
  expect_finding(report, "is not the head's root", 0);
}

TEST_F(VerifyStore, DeletedLastEntriesAreNamed) {
  const auto report = report_after([](Intruder& intruder) {
    intruder.erase(Table::log, log_key(6));
    intruder.erase(Table::log, log_key(7));
    intruder.erase(Table::records, record_key(case_stream('b'), 1));
    intruder.erase(Table::records, record_key(case_stream('b'), 2));
  });
  expect_finding(report, "log index ends at position 5, the head states position 7", 0);
  expect_finding(report, "there are 5 records, the head states 7", 0);
}

TEST_F(VerifyStore, ALogCutBackConsistentlyIsStillShorterThanItsAnchor) {
  MemoryEventStore shorter;  // what somebody who rewrote head and edge too would leave
  append_records(shorter, kRecords - 2);
  MemoryEventStore longer;
  append_records(longer, kRecords);
  EXPECT_TRUE(verify_store(shorter, std::nullopt).value().clean());
  const auto report = verify_store(shorter, longer.current_anchor()).value();
  expect_finding(report, "log ends at position 5, the anchor has seen position 7", 0);
}

TEST_F(VerifyStore, ADeletedMiddleRecordIsNamedOnBothSides) {
  const auto report =
      report_after([](Intruder& intruder) { intruder.erase(Table::records, third_record()); });
  expect_finding(report, "the record that the log names is missing", 3);
  expect_finding(report, "versions 3 to 3 of the stream are missing", 0);
}

TEST_F(VerifyStore, ADeletedMiddleLogEntryIsNamed) {
  const auto report = report_after([](Intruder& intruder) { intruder.erase(Table::log, log_key(3)); });
  expect_finding(report, "log entries 3 to 3 are missing", 3);
}

TEST_F(VerifyStore, TwoRecordsThatChangedPlacesAreNamed) {
  const auto report = report_after([](Intruder& intruder) {
    const auto third = intruder.get(Table::records, third_record());
    const auto fourth_key = record_key(case_stream('a'), 4);
    intruder.put(Table::records, third_record(), intruder.get(Table::records, fourth_key));
    intruder.put(Table::records, fourth_key, third);
  });
  expect_finding(report, "header does not have the hash", 3);
  expect_finding(report, "another place", 3);
  expect_finding(report, "another place", 4);
  expect_finding(report, "recorded_at is earlier", 4);
}

TEST_F(VerifyStore, ARecordOfAnotherLogIsNamedEvenIfItsLeafFits) {
  const auto report = report_after([](Intruder& intruder) {
    const auto record = decode(intruder.get(Table::records, third_record())).value();
    const auto foreign = encode(record, engine::Id128{0x77}).value();
    std::string entry;
    put_log_value(entry, record.stream, record.version, leaf_hash(foreign.header()));
    intruder.put(Table::records, third_record(), foreign.bytes);
    intruder.put(Table::log, log_key(3), entry);
  });
  expect_finding(report, "belongs to another log", 3);
}

TEST_F(VerifyStore, ARecordThatNoLogEntryNamesIsNoticed) {
  const auto report = report_after([](Intruder& intruder) {
    intruder.put(Table::records, record_key(case_stream('c'), 1),
                 intruder.get(Table::records, third_record()));
  });
  expect_finding(report, "there are 8 records, the head states 7", 0);
}

TEST_F(VerifyStore, AChangedArtifactIsNamed) {
  const auto report = report_after(
      [](Intruder& intruder) { intruder.put(Table::artifacts, std::string(view_of(sha256("{}"))), "[]"); });
  expect_finding(report, "the artifact stored under", 0);
}

TEST_F(VerifyStore, TheAnchorOfAnotherLogIsNamed) {
  anchor_.log_id = {0x77};
  expect_finding(report_after([](Intruder&) {}), "anchor belongs to another log", 0);
}

TEST_F(VerifyStore, AnAnchorInTheMiddleOfTheLogMustBeItsPrefix) {
  MemoryEventStore grown;
  append_records(grown, 3);
  const auto anchor = grown.current_anchor();
  append_records(grown, 3, case_stream('b'));
  EXPECT_TRUE(verify_store(grown, anchor).value().clean());
  MemoryEventStore fork;
  append_records(fork, 6, case_stream('z'));
  expect_finding(verify_store(fork, anchor).value(), "anchor's root", 3);
}

}  // namespace
}  // namespace motcua::storage

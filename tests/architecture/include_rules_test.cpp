#include "tests/architecture/include_rules.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace motcua::tests {
namespace {

struct Sample {
  const char* path = "";
  const char* include = "";
};

std::vector<Finding> check(const Sample& sample) {
  return check_includes(sample.path, std::string("#pragma once\n#include ") + sample.include + "\n");
}

TEST(IncludeRules, HoldInTheTree) {
  std::vector<Finding> findings;
  for (const SourceFile& file : code_files()) {
    for (auto& finding : check_includes(file.path, file.text)) findings.push_back(std::move(finding));
  }
  EXPECT_EQ(to_text(findings), "");
}

TEST(IncludeRules, RefuseIncludesThatPointOutwards) {
  for (const Sample& sample : std::vector<Sample>{
           {"engine/core/time.hpp", "\"storage/memory/memory_event_store.hpp\""},
           {"engine/runtime/sequencer.cpp", "\"api/http/session.hpp\""},
           {"engine/cases/case.hpp", "\"workflows/loader/loader.hpp\""},
           {"workflows/loader/loader.cpp", "\"storage/memory/memory_event_store.hpp\""},
           {"storage/rocksdb/key_codec.cpp", "\"workflows/loader/loader.hpp\""},
           {"storage/rocksdb/key_codec.cpp", "\"adapters/keys/keys.hpp\""},
           {"adapters/population/client.cpp", "\"api/http/limits.hpp\""},
           {"adapters/population/client.cpp", "\"storage/record/record.hpp\""},
           {"api/routes/cases.cpp", "\"storage/rocksdb/rocksdb_event_store.hpp\""},
           {"api/http/session.cpp", "\"adapters/identity/verifier.hpp\""},
           {"api/main.cpp", "\"tests/support/scenario.hpp\""},
           {"examples/population_service/main.cpp", "\"tests/support/scenario.hpp\""},
           {"examples/population_service/main.cpp", "\"engine/core/time.hpp\""},
           {"examples/population_service/main.cpp", "\"adapters/population/folded_name.hpp\""},
           {"engine/core/time.cpp", "\"time.hpp\""},
           {"engine/core/time.cpp", "\"boost/system/result.hpp\""},
       }) {
    EXPECT_EQ(check(sample).size(), 1U) << sample.path << " " << sample.include;
  }
}

TEST(IncludeRules, RefuseIncludesThatPointUpwardsInsideTheEngine) {
  for (const Sample& sample : std::vector<Sample>{
           {"engine/core/time.hpp", "\"engine/lifecycle/legal_clock.hpp\""},
           {"engine/lifecycle/legal_clock.cpp", "\"engine/deadline/counting.hpp\""},
           {"engine/procedure/definition.hpp", "\"engine/ports/clock.hpp\""},
           {"engine/deadline/counting.hpp", "\"engine/cases/case.hpp\""},
           {"engine/ports/catalogue.hpp", "\"engine/cases/case.hpp\""},
           {"engine/cases/case.cpp", "\"engine/runtime/sequencer.hpp\""},
           {"engine/cases/case.cpp", "\"engine/misc/odds.hpp\""},
       }) {
    EXPECT_EQ(check(sample).size(), 1U) << sample.path << " " << sample.include;
  }
}

TEST(IncludeRules, RefuseLibrariesOutsideTheirFolder) {
  for (const Sample& sample : std::vector<Sample>{
           {"engine/cases/case.cpp", "<rocksdb/db.h>"},
           {"engine/runtime/sequencer.cpp", "<boost/asio.hpp>"},
           {"engine/runtime/sequencer.cpp", "<unistd.h>"},
           {"engine/runtime/sequencer.cpp", "<sys/stat.h>"},
           {"engine/lifecycle/case_lifecycle.hpp", "<boost/msm/back/state_machine.hpp>"},
           {"engine/cases/case.cpp", "<boost/mpl/vector.hpp>"},
           {"engine/cases/case.cpp", "<boost/optional.hpp>"},
           {"engine/cases/case.cpp", "<openssl/sha.h>"},
           {"workflows/loader/loader.cpp", "<boost/beast/http.hpp>"},
           {"storage/rocksdb/key_codec.cpp", "<boost/asio.hpp>"},
           {"adapters/identity/verifier.cpp", "<rocksdb/db.h>"},
           {"api/routes/cases.cpp", "<cjose/cjose.h>"},
           {"api/routes/cases.cpp", "<pugixml.hpp>"},
           {"engine/procedure/definition.cpp", "<zstd.h>"},
           {"engine/core/ids.cpp", "<unicode/normalizer2.h>"},
           {"examples/population_service/main.cpp", "<rocksdb/db.h>"},
           {"api/routes/cases.cpp", "<rocksdb/db.h>"},
           {"api/routes/cases.cpp", "<gtest/gtest.h>"},
           {"tests/lifecycle/case_lifecycle_test.cpp", "<boost/msm/back/state_machine.hpp>"},
           {"api/routes/cases.cpp", "<never/heard.of>"},
       }) {
    EXPECT_EQ(check(sample).size(), 1U) << sample.path << " " << sample.include;
  }
}

TEST(IncludeRules, LetPassWhatTheTableAllows) {
  for (const Sample& sample : std::vector<Sample>{
           {"engine/core/time.cpp", "<chrono>"},
           {"engine/core/result.hpp", "<nlohmann/json.hpp>"},
           {"engine/core/result.hpp", "<boost/system/result.hpp>"},
           {"engine/lifecycle/case_lifecycle.cpp", "<boost/msm/back/state_machine.hpp>"},
           {"engine/ports/catalogue.hpp", "\"engine/procedure/definition.hpp\""},
           {"engine/cases/case.hpp", "\"engine/ports/event_store.hpp\""},
           {"workflows/loader/loader.cpp", "<valijson/validator.hpp>"},
           {"storage/rocksdb/key_codec.cpp", "<rocksdb/db.h>"},
           {"adapters/identity/verifier.cpp", "<cjose/cjose.h>"},
           {"adapters/population/answer_reader.cpp", "<pugixml.hpp>"},
           {"adapters/population/folded_name.cpp", "<unicode/normalizer2.h>"},
           {"api/routes/cases.cpp", "\"engine/runtime/sequencer.hpp\""},
           {"api/main.cpp", "\"adapters/identity/verifier.hpp\""},
           {"api/cli/compose.cpp", "\"storage/rocksdb/rocksdb_event_store.hpp\""},
           {"tests/storage/event_store_test.cpp", "\"storage/rocksdb/rocksdb_event_store.hpp\""},
       }) {
    EXPECT_EQ(to_text(check(sample)), "") << sample.path << " " << sample.include;
  }
}

TEST(IncludeRules, AFindingNamesFileLineAndRule) {
  EXPECT_EQ(to_text(check({"engine/core/time.hpp", "<rocksdb/db.h>"})),
            "engine/core/time.hpp:2: engine may not use rocksdb (<rocksdb/db.h>)\n");
  EXPECT_EQ(to_text(check({"engine/core/time.hpp", "\"storage/log/edge.hpp\""})),
            "engine/core/time.hpp:2: engine may not know storage\n");
}

TEST(IncludeRules, ReadIncludesHoweverTheyAreSpaced) {
  EXPECT_EQ(includes_of("  #  include <a>\n#include\"b\"\n// #include <c>\n#define include <d>\n").size(),
            2U);
}

}  // namespace
}  // namespace motcua::tests

/// A trial of a definition of the catalogue, changed as a test wants it, with its log at hand.
#pragma once

#include "api/trial/trial_report.hpp"
#include "api/trial/trial_rules.hpp"
#include "engine/runtime/publication.hpp"
#include "storage/keys/file_key_store.hpp"
#include "storage/memory/memory_event_store.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>

namespace motcua::api {

inline const std::filesystem::path kWorkflows = std::filesystem::path(SOURCE_DIR) / "workflows";
inline constexpr const char* kBirth = "1.001193";

/// A definition of the catalogue, after `change`, in a file of its own.
class ChangedDefinition {
 public:
  ChangedDefinition(const std::string& code, const std::function<void(nlohmann::ordered_json&)>& change) {
    std::ifstream original(kWorkflows / "catalogue" / code / "procedure.json");
    auto document = nlohmann::ordered_json::parse(original);
    change(document);
    path_ = std::filesystem::temp_directory_path() /
            ("motcua-trial-" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + '-' +
             std::to_string(reinterpret_cast<std::uintptr_t>(this)) + ".json");
    std::ofstream(path_) << document.dump(2);
  }
  ChangedDefinition(const ChangedDefinition&) = delete;
  ChangedDefinition& operator=(const ChangedDefinition&) = delete;
  ~ChangedDefinition() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_{};
};

/// Rules, log and office of one trial.
class Trial {
 public:
  explicit Trial(const std::string& target) : rules_(trial_rules(target, kWorkflows)) {
    EXPECT_TRUE(rules_.definition) << workflows::to_text(rules_.findings);
    master_.bytes().fill(0x5A);
    const auto start = first_morning(*rules_.definition);
    std::vector<engine::PublishedFile> files;
    for (auto& artifact : rules_.catalogue->artifacts()) {
      const auto kind = artifact.kind == workflows::FileKind::calendar ? engine::StreamKind::calendar
                        : artifact.kind == workflows::FileKind::organisation
                            ? engine::StreamKind::organisation
                            : engine::StreamKind::procedure;
      files.push_back({kind, artifact.code, artifact.version, artifact.hash, std::move(artifact.bytes)});
    }
    EXPECT_TRUE(engine::publish(store_, files, {start, std::nullopt}));
    keys_ = std::make_unique<storage::FileKeyStore>(store_, master_);
    office_ = std::make_unique<TrialOffice>(store_, *keys_, *rules_.catalogue, engine::AgencyId("H15.50.05"),
                                            start);
  }

  [[nodiscard]] TrialFigures play(const TrialPlan& plan) {
    return api::play(*office_, *rules_.definition, plan);
  }
  [[nodiscard]] TrialOffice& office() { return *office_; }
  [[nodiscard]] const engine::Definition& definition() const { return *rules_.definition; }
  [[nodiscard]] const workflows::LoadedCatalogue& catalogue() const { return *rules_.catalogue; }
  [[nodiscard]] const engine::EventStore& store() const { return store_; }
  [[nodiscard]] const storage::SecretKey& master() const { return master_; }

 private:
  TrialRules rules_;
  storage::MemoryEventStore store_{};
  storage::SecretKey master_{};
  std::unique_ptr<storage::FileKeyStore> keys_{};
  std::unique_ptr<TrialOffice> office_{};
};

inline TrialPlan plan_of(std::size_t cases, std::uint64_t seed) {
  TrialPlan plan;
  plan.cases = cases;
  plan.seed = seed;
  return plan;
}

}  // namespace motcua::api

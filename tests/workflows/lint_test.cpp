// Every rule of the linter has a bad file in data/lint, named after what is wrong with it; expected.json says
// which findings that file has, and no others. And every rule has a near miss in data/lint/near: a file as
// close to the defect as it can be and still right.
#include "workflows/loader/lint.hpp"

#include "tests/workflows/support.hpp"
#include "workflows/loader/lint_rules.hpp"
#include "workflows/loader/located_json.hpp"
#include "workflows/loader/schema_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <unistd.h>

namespace motcua::workflows {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const char* const kData = "tests/workflows/data/lint/";

json expected() { return json::parse(source_file(std::string(kData) + "expected.json")); }

FileKind kind_of(const std::string& file) {
  return file.rfind("procedure", 0) == 0  ? FileKind::procedure
         : file.rfind("calendar", 0) == 0 ? FileKind::calendar
                                          : FileKind::organisation;
}

std::string spell(const json& finding) {
  return finding.at("rule").get<std::string>() + " " + std::to_string(finding.at("line").get<int>()) + " " +
         finding.at("pointer").get<std::string>() + " " + finding.at("severity").get<std::string>() + "\n";
}

bool has_rule(const Findings& findings, const std::string& rule) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& each) { return each.rule == rule; });
}

/// A folder of its own, gone afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(fs::temp_directory_path() / ("motcua-lint-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { fs::remove_all(path_); }
  void write(const std::string& name, const std::string& bytes) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

TEST(Lint, ReportsWhatIsWrongWithFilePointerLineAndRule) {
  const json list = expected();
  for (const auto& [file, findings] : list.items()) {
    std::string wanted;
    for (const auto& finding : findings) {
      wanted += spell(finding);
    }
    std::string found;
    for (const auto& finding : to_json(lint_bytes(kind_of(file), source_file(kData + file), file))) {
      EXPECT_EQ(finding.at("file"), file);
      EXPECT_FALSE(finding.at("message").get<std::string>().empty());
      found += spell(finding);
    }
    EXPECT_EQ(found, wanted) << file;
  }
}

TEST(Lint, HasAnEntryInTheRegisterForEveryRuleOfTheCode) {
  std::set<std::string> proven;
  for (const LintRule& rule : lint_rules()) {
    proven.insert(rule.id);
  }
  const std::regex rule("\"([a-wyz][a-z]*(-[a-z0-9]+)+)\"");
  for (const char* folder : {"/engine/procedure", "/engine/prefill", "/workflows/loader"}) {
    for (const auto& entry : fs::directory_iterator(std::string(SOURCE_DIR) + folder)) {
      const std::string name = entry.path().filename().string();
      if (entry.path().extension() != ".cpp" ||
          (folder[1] == 'e' && name.find("_rules") == std::string::npos && name != "model_check.cpp")) {
        continue;
      }
      const std::string text = source_file(folder + ("/" + name));
      for (std::sregex_iterator match(text.begin(), text.end(), rule), end; match != end; ++match) {
        EXPECT_EQ(proven.count((*match)[1]), 1U) << name << " has the rule " << (*match)[1];
      }
    }
  }
}

// Those without a file are shown by the tests of several files, of paths and of sizes.
TEST(Lint, HasABadFileForEveryRuleOfTheRegister) {
  std::set<std::string> proven;
  for (const auto& findings : expected()) {
    for (const auto& finding : findings) {
      proven.insert(finding.at("rule"));
    }
  }
  const json shown = json::parse(source_file("workflows/schema/lint-rules.json"));
  for (const LintRule& rule : lint_rules()) {
    EXPECT_NE(proven.count(rule.id), shown.at(rule.id).contains("example") ? 1U : 0U) << rule.id;
    EXPECT_FALSE(rule.what.empty() || rule.why.empty()) << rule.id;
  }
}

/// The file and those beside it that it needs: the calendars in the folder of its name.
std::vector<fs::path> with_companions(const fs::path& file) {
  std::vector<fs::path> paths{file};
  fs::path folder = file;
  folder.replace_extension();
  if (fs::is_directory(folder)) {
    for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path());
  }
  return paths;
}

TEST(Lint, IsSilentAboutTheNearMissOfEveryRule) {
  std::set<std::string> shown;
  for (const char* kind : {"procedure", "calendar", "organisation"}) {
    for (const auto& entry : fs::directory_iterator(std::string(SOURCE_DIR) + "/" + kData + "near/" + kind)) {
      if (!entry.is_regular_file()) continue;
      shown.insert(entry.path().stem().string());
      EXPECT_EQ(to_text(lint(with_companions(entry.path()))), "") << entry.path();
    }
  }
  const json register_of_rules = json::parse(source_file("workflows/schema/lint-rules.json"));
  for (const auto& [rule, text] : register_of_rules.items()) {
    EXPECT_NE(shown.count(rule), text.contains("example") ? 1U : 0U)
        << "near/<kind>/" << rule << ".json: a near miss of each rule that one file shows, and of no other";
  }
}

TEST(Lint, FindsNothingInTheShippedFiles) {
  EXPECT_EQ(to_text(lint({std::string(SOURCE_DIR) + "/workflows"})), "");
}

TEST(Lint, TellsAFileOutsideTheUsualFoldersByItsMembers) {
  const TemporaryFolder folder;
  folder.write("a.json", source_file("workflows/calendars/vn.json"));
  folder.write("b.json", source_file("workflows/organisation/dak-lak.json"));
  folder.write("c.json", source_file("workflows/catalogue/1.001193/procedure.json"));
  EXPECT_EQ(to_text(lint({folder.path() / "a.json", folder.path() / "b.json", folder.path() / "c.json"})),
            "");
}

TEST(Lint, SeesWhatOnlySeveralFilesTogetherShow) {
  const TemporaryFolder folder;
  const std::string organisation = source_file(std::string(kData) + "organisation/clean.json");
  folder.write("organisation/one.json", organisation);
  folder.write("organisation/two.json",
               with(with(with(organisation, "\"H99\"", "\"H98\""), "\"parent\": \"H99\", ", ""), "\"test\"",
                    "\"other\""));
  folder.write("calendars/test.json", source_file(std::string(kData) + "calendar/clean.json"));
  folder.write("catalogue/9.000001/procedure.json", source_file(std::string(kData) + "procedure/clean.json"));

  const auto findings = lint({folder.path()});

  EXPECT_FALSE(has_errors(findings)) << to_text(findings);
  EXPECT_TRUE(has_rule(findings, "unknown-calendar"));     // `vn`
  EXPECT_TRUE(has_rule(findings, "role-held-by-nobody"));  // case_officer
  EXPECT_TRUE(has_rule(findings, "duplicate-agency"));     // H99.01
  for (const Finding& finding : findings) {
    EXPECT_GT(finding.line, 0) << finding.rule;
  }
}

// One holder anywhere is enough, and an agency may have the calendar of any file.
TEST(Lint, IsSilentAboutSeveralFilesThatFitTogether) {
  const TemporaryFolder folder;
  const std::string one =
      with(with(with(source_file(std::string(kData) + "organisation/clean.json"), "\"vn\"", "\"test\""),
                "\"vn\"", "\"test\""),
           "\"desk_officer\"", "\"desk_officer\", \"case_officer\"");
  std::string two = R"({"code": "two", "version": 1, "name": {"vi": "Hai", "en": "Two"}, "agencies": [)";
  two += R"({"id": "H98", "name": "Hai", "level": "province", "calendar": "test", "code_prefix": "H98",)";
  two += R"("officers": []}]})";
  folder.write("organisation/one.json", one);
  folder.write("organisation/two.json", two);
  folder.write("calendars/test.json", source_file(std::string(kData) + "calendar/clean.json"));
  folder.write("catalogue/9.000001/procedure.json", source_file(std::string(kData) + "procedure/clean.json"));
  EXPECT_EQ(to_text(lint({folder.path()})), "");
}

// Without any organisation, or any calendar, among the files nothing is said about what it might hold.
TEST(Lint, DoesNotAskForKindsOfFilesThatAreNotThere) {
  const TemporaryFolder folder;
  folder.write("organisation/one.json", source_file(std::string(kData) + "organisation/clean.json"));
  EXPECT_EQ(to_text(lint({folder.path()})), "");
  folder.write("catalogue/9.000001/procedure.json", source_file(std::string(kData) + "procedure/clean.json"));
  EXPECT_EQ(to_text(lint({folder.path() / "catalogue"})), "");
}

TEST(Lint, RefusesWhatHasNeitherCodeNorVersion) {
  const std::string calendar = source_file(std::string(kData) + "calendar/clean.json");
  const std::string organisation = source_file(std::string(kData) + "organisation/clean.json");
  for (const char* needed : {"\"code\"", "\"version\""}) {
    const std::string remark = std::string("\"x-") + (needed + 1);
    EXPECT_TRUE(has_rule(lint_bytes(FileKind::calendar, with(calendar, needed, remark), "x"), "unreadable"));
    EXPECT_TRUE(
        has_rule(lint_bytes(FileKind::organisation, with(organisation, needed, remark), "x"), "unreadable"));
  }
  EXPECT_EQ(to_text(lint_bytes(FileKind::calendar, with(calendar, "\"test\"", "\"t\""), "x")), "");
  EXPECT_EQ(to_text(lint_bytes(FileKind::organisation, with(organisation, "\"test\"", "\"t\""), "x")), "");
}

TEST(Lint, NamesPathsThatCannotBeRead) {
  const TemporaryFolder folder;
  EXPECT_TRUE(has_rule(lint({folder.path() / "absent.json"}), "unreadable-file"));
  EXPECT_TRUE(has_rule(lint({folder.path()}), "nothing-found"));
  // A file is looked at wherever it lies if it is named itself; in a folder only at its place.
  const std::string clean = source_file(std::string(kData) + "procedure/clean.json");
  folder.write("draft.json", clean);
  EXPECT_TRUE(has_rule(lint({folder.path()}), "nothing-found"));
  EXPECT_EQ(to_text(lint({folder.path() / "draft.json"})), "");
  folder.write("deep/er/procedure.json", clean);
  EXPECT_EQ(to_text(lint({folder.path()})), "");
}

TEST(Lint, RefusesAFileOfMoreThanOneMebibyte) {
  const std::string clean = source_file(std::string(kData) + "procedure/clean.json");
  EXPECT_TRUE(
      lint_bytes(FileKind::procedure, clean + std::string(kFileBytesMax - clean.size(), ' '), "x").empty());
  EXPECT_TRUE(has_rule(lint_bytes(FileKind::procedure, clean + std::string(kFileBytesMax, ' '), "x"),
                       "file-too-large"));
}

TEST(Lint, RefusesAFormThatAsksNothing) {
  EXPECT_TRUE(
      has_rule(lint_bytes(FileKind::procedure, R"({"form": {"type": "object", "properties": {}}})", "x"),
               "form-empty"));
  EXPECT_FALSE(
      has_rule(lint_bytes(FileKind::procedure,
                          R"({"form": {"type": "object", "properties": {"a": {"type": "boolean"}}}})", "x"),
               "form-empty"));
}

TEST(Lint, CollectsEveryFindingOfAFile) {
  std::string bytes = with(source_file(std::string(kData) + "procedure/clean.json"),
                           "\"role\": \"signatory\"", "\"role\": \"mandarin\"");
  bytes = with(with(bytes, "\"amount\": 3", "\"amount\": 3.5"), "\"attribute\": \"ethnicity\"",
               "\"attribute\": \"x\"");
  const auto findings = lint_bytes(FileKind::procedure, bytes, "x");
  for (const char* rule : {"unknown-role", "not-an-integer", "schema", "prefill-attribute"}) {
    EXPECT_TRUE(has_rule(findings, rule)) << rule;
  }
}

TEST(Lint, FindingsReadAsOneLineEach) {
  const Findings findings{{"a.json", "/x", 3, "bad-code", Severity::error, "codes are short"},
                          {"b.json", "", 0, "unreadable-file", Severity::warning, "gone"}};
  EXPECT_EQ(to_text(findings),
            "a.json:3: error: codes are short [bad-code] at /x\nb.json: warning: gone [unreadable-file]\n");
}

// Texts that are no definitions, valid JSON or not (JSONTestSuite), give findings and never end the process.
TEST(Lint, EveryTextOfTheTortureSuiteGivesFindings) {
  int texts = 0;
  for (const auto& entry :
       fs::directory_iterator(std::string(SOURCE_DIR) + "/tests/http/data/json-torture/test_parsing")) {
    const std::string name = entry.path().filename().string();
    const std::string bytes = source_file("tests/http/data/json-torture/test_parsing/" + name);
    for (const FileKind kind : {FileKind::procedure, FileKind::calendar, FileKind::organisation}) {
      const auto findings = lint_bytes(kind, bytes, name);
      EXPECT_TRUE(has_errors(findings)) << name;
      EXPECT_NO_THROW(static_cast<void>(to_json(findings).dump())) << name;
      const bool no_json =
          has_rule(findings, "not-json") || has_rule(findings, "not-utf-8") || has_rule(findings, "too-deep");
      EXPECT_TRUE(name[0] != 'n' || no_json) << name;
      EXPECT_TRUE(name[0] != 'y' || !no_json) << name;
    }
    ++texts;
  }
  EXPECT_EQ(texts, 318);
}

TEST(Schemas, InTheBinaryEqualThoseBesideTheData) {
  EXPECT_EQ(schema_text(FileKind::procedure), source_file("workflows/schema/procedure.schema.json"));
  EXPECT_EQ(schema_text(FileKind::calendar), source_file("workflows/schema/calendar.schema.json"));
  EXPECT_EQ(schema_text(FileKind::organisation), source_file("workflows/schema/organisation.schema.json"));
}

}  // namespace
}  // namespace motcua::workflows

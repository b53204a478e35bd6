#include "tests/architecture/code_rules.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

namespace motcua::tests {
namespace {

template <class Check>
std::string findings_in(const std::vector<SourceFile>& files, Check check) {
  std::vector<Finding> all;
  for (const SourceFile& file : files) {
    for (auto& finding : check(file.path, file.text)) all.push_back(std::move(finding));
  }
  return to_text(all);
}

std::set<std::string> registered_laws() {
  std::set<std::string> ids;
  for (const auto& law : nlohmann::json::parse(read_source("docs/law-register.json")))
    ids.insert(law.at("id"));
  return ids;
}

std::string function_of(int lines) {
  std::string text = "int long_one(int x) {\n";
  for (int i = 0; i < lines - 1; ++i) text += "  ++x;\n";
  return text + "}\n";
}

TEST(PureCode, KnowsNoClockNoChanceNoThreadsNoFiles) {
  EXPECT_EQ(findings_in(code_files(), check_purity), "");
}

TEST(PureCode, IsRefusedWhereItDoesNotStayPure) {
  for (const char* bad : {"auto now = std::chrono::system_clock::now();",
                          "auto t = std::chrono::steady_clock::now();",
                          "auto t = time(nullptr);",
                          "auto t = std::time (nullptr);",
                          "gettimeofday(&tv, nullptr);",
                          "int r = rand();",
                          "std::mt19937 engine;",
                          "std::random_device device;",
                          "const char* home = std::getenv(\"TZ\");",
                          "std::thread t(run);",
                          "std::mutex lock;",
                          "std::atomic<int> n{0};",
                          "std::condition_variable ready;",
                          "std::ifstream file(name);",
                          "FILE* f = fopen(name, mode);",
                          "std::cout << x;",
                          "std::fprintf(stderr, text);",
                          "std::unordered_map<int, int> m;",
                          "double share = 0;",
                          "float share = 0;",
                          "#include <unordered_set>",
                          "#include <thread>",
                          "#include <fstream>",
                          "#include <random>"}) {
    EXPECT_FALSE(check_purity("engine/cases/case.cpp", bad).empty()) << bad;
    EXPECT_TRUE(check_purity("engine/runtime/sequencer.cpp", bad).empty()) << bad;
    EXPECT_TRUE(check_purity("storage/log/edge.cpp", bad).empty()) << bad;
  }
}

TEST(PureCode, MayNameInCommentsAndTextsWhatItMustNotUse) {
  for (const char* good : {"// never std::mutex", "/* double\n float */", "auto s = \"std::cout\";",
                           "auto s = R\"(std::cout \" double)\";", "auto n = 1'000'000; int doubled = n;",
                           "add_working_time(calendar, from);", "at.time_since_epoch();", "operand(x);",
                           "std::snprintf(text, size, form);", "char c = '\"'; int i = 0;"}) {
    EXPECT_EQ(to_text(check_purity("engine/cases/case.cpp", good)), "") << good;
  }
}

TEST(PureCode, HasTwoNamedExceptions) {
  EXPECT_TRUE(check_purity("engine/core/ensure.hpp", "std::fprintf(stderr, text);").empty());
  EXPECT_TRUE(check_purity("engine/procedure/guard.cpp", "double x = 0;").empty());
  EXPECT_TRUE(check_purity("engine/procedure/guard_numbers.cpp", "double x = 0;").empty());
  EXPECT_FALSE(check_purity("engine/procedure/guard.cpp", "std::cout << x;").empty());
  EXPECT_FALSE(check_purity("engine/core/ensure.hpp", "double x = 0;").empty());
}

TEST(Lengths, StayWithinAScreenOrTwo) { EXPECT_EQ(findings_in(code_files(), check_lengths), ""); }

TEST(Lengths, AreMeasuredFromBraceToBrace) {
  EXPECT_TRUE(check_lengths("a.cpp", function_of(kFunctionLinesMax)).empty());
  const auto findings =
      check_lengths("a.cpp", "namespace n {\n" + function_of(kFunctionLinesMax + 1) + "}\n");
  EXPECT_EQ(to_text(findings), "a.cpp:2: a function of 71 lines\n");
}

TEST(Lengths, CountFunctionsWhereverTheyStand) {
  const auto body = function_of(kFunctionLinesMax + 1).substr(std::string("int long_one(int x) {\n").size());
  for (const std::string head :
       {"struct S {\n  S(int x) : a_{1}, b_(x) {\n",
        "class C final : public B {\n public:\n  int f(int x) const override {\n", "TEST(Suite, Case) {\n",
        "namespace a::b {\nauto f(std::vector<int> x = {}) -> int {\n",
        "extern \"C\" int f(const char* text, int x) {\n",
        "const Table kTable{{1}, {2}};\nint f(int x) {\n"}) {
    EXPECT_EQ(check_lengths("a.cpp", head + body).size(), 1U) << head;
  }
}

TEST(Lengths, LetLongTablesAndTypesBe) {
  std::string rows;
  for (int i = 0; i < 100; ++i) rows += "    {1, f(2)},\n";
  EXPECT_EQ(to_text(check_lengths("a.cpp", "const std::vector<Row> kRows{\n" + rows + "};\n")), "");
  EXPECT_EQ(to_text(check_lengths("a.cpp", "const Rows kRows = {\n" + rows + "};\n")), "");
  std::string members;
  for (int i = 0; i < 100; ++i) members += "  int f();\n";
  EXPECT_EQ(to_text(check_lengths("a.hpp", "class C {\n" + members + "};\n")), "");
}

TEST(Lengths, RefuseAFileThatOutgrewItsPurpose) {
  EXPECT_TRUE(check_lengths("a.cpp", std::string(600, '\n')).empty());
  EXPECT_FALSE(check_lengths("a.cpp", std::string(601, '\n')).empty());
}

TEST(Leftovers, AreNotInTheTree) { EXPECT_EQ(findings_in(code_files(), check_leftovers), ""); }

TEST(Leftovers, AreMarksOfUnfinishedWorkAndOpenNamespacesInHeaders) {
  EXPECT_EQ(check_leftovers("a.cpp", std::string("// TO") + "DO: later\n").size(), 1U);
  EXPECT_EQ(check_leftovers("a.cpp", std::string("int x; // FIX") + "ME\n").size(), 1U);
  EXPECT_EQ(check_leftovers("a.hpp", "using namespace std;\n").size(), 1U);
  EXPECT_TRUE(check_leftovers("a.cpp", "using namespace std::chrono_literals;\n").empty());
  EXPECT_TRUE(check_leftovers("a.hpp", "// using namespace is banned here\nint mastodon;\n").empty());
}

TEST(LawMarks, NameLawsOfTheRegister) {
  const auto known = registered_laws();
  ASSERT_FALSE(known.empty());
  EXPECT_EQ(findings_in(code_files(), [&](const std::string& path,
                                          const std::string& text) { return check_laws(path, text, known); }),
            "");
}

TEST(LawMarks, AreRefusedWhenTheRegisterDoesNotKnowThem) {
  const std::set<std::string> known{"one-stop/refusal"};
  const std::string mark = std::string("// @") + "law ";
  EXPECT_TRUE(check_laws("a.cpp", mark + "one-stop/refusal\n", known).empty());
  EXPECT_TRUE(check_laws("a.cpp", mark + "one-stop/refusal.\n", known).empty());
  EXPECT_EQ(to_text(check_laws("a.cpp", "\n" + mark + "one-stop/refusa\n", known)),
            "a.cpp:2: no such law in the register: one-stop/refusa\n");
  EXPECT_EQ(check_laws("a.cpp", std::string("/// Refused. @") + "law\n/// one-stop/refusal\n", known).size(),
            1U)
      << "an id on the next line is no id";
}

TEST(MachinePaths, AreNowhereInTheTree) { EXPECT_EQ(findings_in(readable_files(), check_machine_paths), ""); }

TEST(MachinePaths, AreFoundInAnyText) {
  EXPECT_EQ(check_machine_paths("a.md", std::string("see /ho") + "me/someone/notes\n").size(), 1U);
  EXPECT_EQ(check_machine_paths("a.sh", std::string("cd /ro") + "ot/x\n").size(), 1U);
  EXPECT_TRUE(check_machine_paths("a.cpp", "GET /api/v1/worklists\n").empty());
}

TEST(Headers, AreEachIncludedBySomeone) { EXPECT_EQ(to_text(check_unused_headers(code_files())), ""); }

TEST(Headers, AreReportedWhenNobodyIncludesThem) {
  const std::vector<SourceFile> files{
      {"engine/a.hpp", ""}, {"engine/b.hpp", ""}, {"engine/b.cpp", "#include \"engine/b.hpp\"\n"}};
  EXPECT_EQ(to_text(check_unused_headers(files)), "engine/a.hpp:0: a header that no one includes\n");
}

}  // namespace
}  // namespace motcua::tests

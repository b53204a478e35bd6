#include "tests/architecture/source_tree.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace motcua::tests {
namespace {

/// Cells of the rows of every Markdown table in `text`, without header and ruler.
std::vector<std::vector<std::string>> table_rows(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  bool inside = false;
  for (const std::string& line : lines_of(text)) {
    if (!line.starts_with("|")) {
      inside = false;
      continue;
    }
    if (line.find("---") != std::string::npos) {
      inside = true;
      continue;
    }
    if (!inside) continue;
    std::vector<std::string> cells;
    for (std::size_t at = 1; at < line.size();) {
      const auto end = std::min(line.find('|', at), line.size());
      const auto from = line.find_first_not_of(' ', at);
      const auto to = line.find_last_not_of(' ', end - 1);
      cells.push_back(from < end ? line.substr(from, to - from + 1) : std::string{});
      at = end + 1;
    }
    rows.push_back(std::move(cells));
  }
  return rows;
}

/// What stands between backquotes.
std::vector<std::string> quoted_words(const std::string& cell) {
  std::vector<std::string> words;
  for (auto open = cell.find('`'); open != std::string::npos; open = cell.find('`', open)) {
    const auto close = cell.find('`', open + 1);
    if (close == std::string::npos) break;
    words.push_back(cell.substr(open + 1, close - open - 1));
    open = close + 1;
  }
  return words;
}

/// The product's code with the texts it compares and answers, without its comments.
std::string spoken_code() {
  std::string code;
  for (const SourceFile& file : code_files()) {
    if (file.path.starts_with("tests/")) continue;
    for (const std::string& line : lines_of(file.text)) code += line.substr(0, line.find("//")) + '\n';
  }
  return code;
}

TEST(Glossary, EveryTermOccursInCode) {
  const std::string code = spoken_code();
  std::set<std::string> terms;
  for (const auto& row : table_rows(read_source("docs/glossary.md"))) {
    const auto words = quoted_words(row.at(0));
    EXPECT_FALSE(words.empty()) << row.at(0) << ": a row needs its word in code";
    for (const std::string& word : words) {
      EXPECT_TRUE(has_word(code, word)) << "docs/glossary.md: no code says " << word;
      EXPECT_TRUE(terms.insert(word).second) << "docs/glossary.md: twice: " << word;
    }
  }
  EXPECT_GE(terms.size(), 20U);
}

TEST(LawRegister, StatesForEachLawWhatItIsAndWhetherItsTextWasRead) {
  const auto is_day = [](const std::string& text) {
    return text.size() == 10 && text[4] == '-' && text[7] == '-';
  };
  std::set<std::string> ids;
  for (const auto& law : nlohmann::json::parse(read_source("docs/law-register.json"))) {
    const std::string id = law.at("id");
    EXPECT_TRUE(ids.insert(id).second) << "twice: " << id;
    for (const char* member : {"act", "article", "summary"}) {
      EXPECT_FALSE(law.at(member).get<std::string>().empty()) << id << " " << member;
    }
    const auto& from = law.at("in_force_from");
    const auto& to = law.at("in_force_to");
    EXPECT_TRUE(is_day(from.get<std::string>())) << id;
    EXPECT_TRUE(to.is_null() || (is_day(to.get<std::string>()) && to > from)) << id;
    EXPECT_TRUE(law.at("verified").is_boolean()) << id;
    EXPECT_EQ(law.size(), 7U) << id;
  }
}

TEST(Dependencies, AreThePackagesThatAreInstalledEachWithItsReason) {
  std::vector<std::string> installed;
  for (const std::string& line : lines_of(read_source(".ci/packages.txt"))) {
    if (!line.empty() && line[0] != '#') installed.push_back(line);
  }
  std::vector<std::string> explained;
  for (const auto& row : table_rows(read_source("docs/dependencies.md"))) {
    ASSERT_EQ(row.size(), 3U) << row.at(0);
    explained.push_back(quoted_words(row[0]).at(0));
    EXPECT_FALSE(row[1].empty()) << row[0] << ": version";
    EXPECT_FALSE(row[2].empty()) << row[0] << ": reason";
  }
  std::sort(installed.begin(), installed.end());
  std::sort(explained.begin(), explained.end());
  EXPECT_EQ(explained, installed);
}

TEST(DecisionRecords, HaveUniqueNumbersAndStandInTheIndex) {
  const std::string index = read_source("docs/decisions/README.md");
  std::map<std::string, std::string> by_number;
  for (const std::string& name : names_in("docs/decisions", ".md")) {
    if (name == "README.md") continue;
    const std::string number = name.substr(0, 4);
    EXPECT_EQ(number.find_first_not_of("0123456789"), std::string::npos) << name;
    EXPECT_TRUE(by_number.emplace(number, name).second)
        << number << ": " << name << ", " << by_number[number];
    EXPECT_NE(index.find("(" + name + ")"), std::string::npos) << name << " is not in the index";
  }
  EXPECT_GE(by_number.size(), 8U);
}

TEST(DecisionRecords, IndexNamesOnlyRecordsThatExist) {
  const std::string index = read_source("docs/decisions/README.md");
  for (auto open = index.find("]("); open != std::string::npos; open = index.find("](", open + 1)) {
    const auto name = index.substr(open + 2, index.find(')', open) - open - 2);
    EXPECT_FALSE(read_source("docs/decisions/" + name).empty()) << name;
  }
}

TEST(DecisionRecords, SayContextChoiceRejectedOptionsAndHowErrorWouldShow) {
  for (const std::string& name : names_in("docs/decisions", ".md")) {
    if (name == "README.md") continue;
    const std::string text = read_source("docs/decisions/" + name);
    for (const char* heading : {"## Context", "## Choice", "## Rejected", "## How we would notice"}) {
      EXPECT_NE(text.find(heading), std::string::npos) << name << " lacks " << heading;
    }
  }
}

TEST(Licence, IsApacheTwo) {
  EXPECT_NE(read_source("LICENSE").find("Version 2.0, January 2004"), std::string::npos);
}

}  // namespace
}  // namespace motcua::tests

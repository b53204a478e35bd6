// Folded names: one key for the spellings of one name. Names from a public list (data/vn-names, MIT).
#include "engine/core/fold.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace motcua::engine {
namespace {

std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file(std::string(SOURCE_DIR) + "/tests/core/data/vn-names/" + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

TEST(Fold, NamesWithAndWithoutMarksHaveOneKey) {
  const auto marked = lines_of("marked.txt");
  const auto plain = lines_of("plain.txt");
  const auto decomposed = lines_of("marked-nfd.txt");
  ASSERT_EQ(marked.size(), 60U);
  ASSERT_EQ(plain.size(), marked.size());
  ASSERT_EQ(decomposed.size(), marked.size());
  for (std::size_t i = 0; i < marked.size(); ++i) {
    EXPECT_EQ(folded(marked[i]), folded(plain[i])) << marked[i];
    EXPECT_EQ(folded(decomposed[i]), folded(plain[i])) << marked[i];
  }
}

// Each vowel in each of six tones, small and capital: the whole table.
TEST(Fold, KnowsEveryLetterOfTheVietnameseAlphabet) {
  EXPECT_EQ(folded("aàảãáạăằẳẵắặâầẩẫấậ"), std::string(18, 'A'));
  EXPECT_EQ(folded("AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬ"), std::string(18, 'A'));
  EXPECT_EQ(folded("eèẻẽéẹêềểễếệ"), std::string(12, 'E'));
  EXPECT_EQ(folded("EÈẺẼÉẸÊỀỂỄẾỆ"), std::string(12, 'E'));
  EXPECT_EQ(folded("iìỉĩíịIÌỈĨÍỊ"), std::string(12, 'I'));
  EXPECT_EQ(folded("oòỏõóọôồổỗốộơờởỡớợ"), std::string(18, 'O'));
  EXPECT_EQ(folded("OÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢ"), std::string(18, 'O'));
  EXPECT_EQ(folded("uùủũúụưừửữứựUÙỦŨÚỤƯỪỬỮỨỰ"), std::string(24, 'U'));
  EXPECT_EQ(folded("yỳỷỹýỵYỲỶỸÝỴ"), std::string(12, 'Y'));
  EXPECT_EQ(folded("đĐðÐ"), "DDDD");
}

TEST(Fold, KnowsTheLettersOfTheHighlandAlphabets) {
  EXPECT_EQ(folded("H'Čeng Ñĭm Ƀuôn Ŏ Ŭ ĕ"), "H'CENG NIM BUON O U E");
  EXPECT_EQ(folded("b\xCC\x86uon"), "BUON");  // b with a combining breve has no composed form
}

TEST(Fold, ManySpacesAreOneAndNoneStandAtTheEnds) {
  EXPECT_EQ(folded("  Trần \t Thị\xC2\xA0 Bình\n"), "TRAN THI BINH");
  EXPECT_EQ(folded(" \t "), "");
  EXPECT_EQ(folded(""), "");
}

TEST(Fold, KeepsNamesApartThatDifferInALetter) {
  EXPECT_NE(folded("Nguyễn Văn An"), folded("Nguyễn Văn Ân An"));
  EXPECT_NE(folded("Trần Bình"), folded("TrầnBình"));
  EXPECT_NE(folded("Lê"), folded("Le2"));
}

TEST(Fold, CopiesBytesThatAreNoText) {
  EXPECT_EQ(folded("a\xFF"
                   "b"),
            "A\xFF"
            "B");
  EXPECT_EQ(folded("\xE1\xBA"), "\xE1\xBA");  // cut in the middle of a letter
  EXPECT_EQ(folded("\xC1\xA1"), "\xC1\xA1");  // overlong
  EXPECT_EQ(folded("\xE0\x81\xA1"), "\xE0\x81\xA1");
  EXPECT_EQ(folded("\xED\xA0\x80"), "\xED\xA0\x80");          // surrogate
  EXPECT_EQ(folded("\xF4\x90\x80\x80"), "\xF4\x90\x80\x80");  // beyond Unicode
  EXPECT_EQ(folded("李 Иван"), "李 Иван");
}

// A key folds to itself, whatever the bytes were, and is never longer.
RC_GTEST_PROP(FoldProperty, AKeyIsItsOwnKey, (const std::string& text)) {
  const auto key = folded(text);
  RC_ASSERT(folded(key) == key);
  RC_ASSERT(key.size() <= text.size());
}

}  // namespace
}  // namespace motcua::engine

#include "examples/population_service/people.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <sstream>
#include <stdexcept>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <utility>

namespace population_service {

extern const std::string_view k_boy_txt;
extern const std::string_view k_girl_txt;
extern const std::string_view k_family_name_frequency_csv;
extern const std::string_view k_places_before_2025_07_tsv;
extern const std::string_view k_places_from_2025_07_tsv;

namespace {

/// The register's present. Fixed, or the same seed would make other people next year.
constexpr int kThisYear = 2026;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> fields_of(const std::string& line, char separator) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, separator);) fields.push_back(field);
  return fields;
}

std::vector<Place> places_of(std::string_view table) {
  std::vector<Place> places;
  const auto lines = lines_of(table);
  for (auto line = lines.begin() + 1; line != lines.end(); ++line) {
    auto fields = fields_of(*line, '\t');
    if (fields.size() == 4) {
      places.push_back({fields[0], fields[1], {}, {}, fields[2], fields[3]});
    } else {
      places.push_back({fields.at(0), fields.at(1), fields.at(2), fields.at(3), fields.at(4), fields.at(5)});
    }
  }
  return places;
}

std::string upper_case(std::string_view name) {
  UErrorCode error = U_ZERO_ERROR;
  const auto text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
  const auto composed = icu::Normalizer2::getNFCInstance(error)->normalize(text, error);
  if (U_FAILURE(error)) throw std::runtime_error("ICU cannot compose a name");
  std::string upper;
  icu::UnicodeString(composed).toUpper(icu::Locale::getRoot()).toUTF8String(upper);
  return upper;
}

std::string digits(int number, int width) {
  std::string text = std::to_string(number);
  return std::string(static_cast<std::size_t>(std::max(0, width - static_cast<int>(text.size()))), '0') +
         text;
}

/// The generator is fixed by the C++ standard; the distributions of the standard library are not.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : generator_(seed) {}
  /// 0 to `bound` - 1.
  int below(int bound) { return static_cast<int>(generator_() % static_cast<std::uint64_t>(bound)); }
  int between(int low, int high) { return low + below(high - low + 1); }
  bool percent(int share) { return below(100) < share; }
  template <class T>
  const T& of(const std::vector<T>& list) {
    return list.at(static_cast<std::size_t>(below(static_cast<int>(list.size()))));
  }

 private:
  std::mt19937_64 generator_;
};

class Names {
 public:
  Names() : boys_(lines_of(k_boy_txt)), girls_(lines_of(k_girl_txt)) {
    const auto rows = lines_of(k_family_name_frequency_csv);
    for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
      const auto fields = fields_of(*row, ',');
      const int count = std::stoi(fields.at(1));
      // Rarer entries of the source are partly misspelt.
      if (count < 8) continue;
      for (int i = 0; i < count; ++i) families_.push_back(fields.at(0));
    }
  }

  std::string family(Chance& chance) const { return chance.of(families_); }

  /// Older people mostly bear Văn or Thị and one given name.
  std::string full(Chance& chance, const std::string& family, bool is_female, int year) const {
    std::string given = chance.of(is_female ? girls_ : boys_);
    if (chance.percent(year < 1980 ? 80 : 15)) {
      given = (is_female ? "Thị " : "Văn ") + given.substr(given.rfind(' ') + 1);
    }
    return upper_case(family + ' ' + given);
  }

 private:
  std::vector<std::string> families_{};
  std::vector<std::string> boys_;
  std::vector<std::string> girls_;
};

}  // namespace

/// Makes one family after another. Indices of people to come are known beforehand, so links are set at once.
class FamilyMaker {
 public:
  FamilyMaker(People& people, std::size_t count, std::uint64_t seed)
      : people_(people), count_(count), chance_(seed) {}

  void run() {
    people_.people_.reserve(count_ + 16);
    while (people_.people_.size() < count_) make_family();
    people_.people_.resize(count_);
    for (auto& person : people_.people_) {
      for (auto* link : {&person.father, &person.mother, &person.spouse, &person.household_head}) {
        if (*link != kNobody && *link >= count_) *link = kNobody;
      }
    }
  }

 private:
  struct Household {
    std::string street{};
    std::string book{};
    std::uint32_t residence = 0;
    std::uint32_t registered_at = 0;
    std::string ethnicity{};
    std::string religion{};
    std::uint32_t head = kNobody;
  };

  std::uint32_t next_index() const { return static_cast<std::uint32_t>(people_.people_.size()); }

  Household make_household(std::uint32_t head) {
    Household household;
    household.residence = static_cast<std::uint32_t>(chance_.below(static_cast<int>(people_.now_.size())));
    household.registered_at =
        static_cast<std::uint32_t>(chance_.below(static_cast<int>(people_.before_.size())));
    household.street = "Tổ " + std::to_string(chance_.between(1, 30));
    household.book = digits(chance_.below(1'000'000'000), 9);
    household.ethnicity = chance_.percent(85) ? "01" : digits(chance_.between(2, 54), 2);
    household.religion = digits(chance_.percent(80) ? 0 : chance_.between(1, 6), 2);
    household.head = head;
    return household;
  }

  Person& add(const Household& household, const std::string& family, bool is_female, int year) {
    Person person;
    person.is_female = is_female;
    person.year = year;
    if (year >= 1955 || !chance_.percent(40)) {
      person.month = chance_.between(1, 12);
      person.day = chance_.between(1, 28);
    }
    person.full_name = names_.full(chance_, family, is_female, year);
    person.registered_at = household.registered_at;
    person.hometown = household.registered_at;
    person.residence = household.residence;
    person.street = household.street;
    person.household_book = household.book;
    person.ethnicity = household.ethnicity;
    person.religion = household.religion;
    person.household_head = household.head;
    person.marital_status = "1";
    give_numbers(person);
    people_.people_.push_back(std::move(person));
    return people_.people_.back();
  }

  /// Province of registration, century and sex, year, six random digits; no check digit.
  void give_numbers(Person& person) {
    const auto& province = people_.before_.at(person.registered_at).province;
    const int century = person.year / 100 - 19;
    do {
      person.number = '0' + province + std::to_string(century * 2 + (person.is_female ? 1 : 0)) +
                      digits(person.year % 100, 2) + digits(chance_.below(1'000'000), 6);
    } while (!people_.by_number_.emplace(person.number, next_index()).second);
    if (person.year > 1998 || !chance_.percent(70)) return;
    do {
      person.old_number = digits(chance_.between(100'000'000, 399'999'999), 9);
    } while (!people_.by_number_.emplace(person.old_number, next_index()).second);
  }

  void marry(std::uint32_t husband, std::uint32_t wife) {
    auto& people = people_.people_;
    people.at(husband).spouse = wife;
    people.at(wife).spouse = husband;
    people.at(husband).marital_status = "2";
    people.at(wife).marital_status = "2";
  }

  void make_family() {
    const auto husband = next_index();
    const auto household = make_household(husband);
    const auto name_of_father = names_.family(chance_);
    const auto name_of_mother = names_.family(chance_);
    const int year = chance_.between(1970, 2000);
    add(household, name_of_father, false, year);
    const auto wife = next_index();
    add(household, name_of_mother, true, year + chance_.between(-4, 4));
    marry(husband, wife);
    const int children = chance_.between(1, 3);
    const int first_born = std::max(year, people_.people_.at(wife).year) + 20;
    for (int i = 0; i < children; ++i) {
      const int born = std::min(first_born + 3 * i, kThisYear - 1);
      auto& child = add(household, name_of_father, chance_.percent(49), born);
      child.father = husband;
      child.mother = wife;
    }
    make_parents_of(husband, name_of_father);
    make_parents_of(wife, name_of_mother);
  }

  void make_parents_of(std::uint32_t child, const std::string& family) {
    const int year = people_.people_.at(child).year;
    const auto father = next_index();
    const auto household = make_household(father);
    add(household, family, false, year - chance_.between(22, 35));
    const auto mother = next_index();
    add(household, names_.family(chance_), true, year - chance_.between(20, 32));
    marry(father, mother);
    people_.people_.at(child).father = father;
    people_.people_.at(child).mother = mother;
    people_.people_.at(child).hometown = household.registered_at;
  }

  People& people_;
  std::size_t count_;
  Chance chance_;
  Names names_{};
};

std::string birth_date(const Person& person) {
  const auto year = digits(person.year, 4);
  return person.month == 0 ? year : year + '-' + digits(person.month, 2) + '-' + digits(person.day, 2);
}

std::string name_key(std::string_view name) {
  UErrorCode error = U_ZERO_ERROR;
  const auto upper = upper_case(name);
  const auto text =
      icu::Normalizer2::getNFDInstance(error)->normalize(icu::UnicodeString::fromUTF8(upper), error);
  if (U_FAILURE(error)) throw std::runtime_error("ICU cannot decompose a name");
  icu::UnicodeString kept;
  for (int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    const UChar32 point = text.char32At(at);
    if (u_charType(point) == U_NON_SPACING_MARK || u_isUWhiteSpace(point)) continue;
    kept.append(point == 0x0110 ? UChar32{'D'} : point);
  }
  std::string key;
  return kept.toUTF8String(key);
}

People::People(std::size_t count, std::uint64_t seed)
    : before_(places_of(k_places_before_2025_07_tsv)), now_(places_of(k_places_from_2025_07_tsv)) {
  FamilyMaker(*this, count, seed).run();
}

std::optional<std::size_t> People::find(const std::string& number, const std::string& full_name,
                                        const std::string& birth) const {
  const auto found = by_number_.find(number);
  if (found == by_number_.end() || found->second >= people_.size()) return std::nullopt;
  const auto& person = people_.at(found->second);
  if (name_key(person.full_name) != name_key(full_name)) return std::nullopt;
  auto recorded = birth_date(person);
  recorded.erase(std::remove(recorded.begin(), recorded.end(), '-'), recorded.end());
  const auto common = std::min(recorded.size(), birth.size());
  if ((birth.size() != 4 && birth.size() != 8) || recorded.compare(0, common, birth, 0, common) != 0) {
    return std::nullopt;
  }
  return found->second;
}

}  // namespace population_service

/// Synthetic people (công dân giả lập) in families, made from a seed: the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace population_service {

inline constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();

/// An administrative unit of the lowest level, with what it lies in. `district` is empty from 2025-07-01 on.
struct Place {
  std::string province{};
  std::string province_name{};
  std::string district{};
  std::string district_name{};
  std::string commune{};
  std::string commune_name{};
};

/// One record of the register. Relatives are indices into the same list, or kNobody.
struct Person {
  std::string number{};      ///< 12 digits
  std::string old_number{};  ///< 9 digits, empty for whoever never had an old identity card
  std::string full_name{};   ///< upper case, composed
  int year = 0;
  int month = 0;  ///< 0: only the year is known
  int day = 0;
  bool is_female = false;
  std::string ethnicity{};       ///< two digits
  std::string religion{};        ///< two digits
  std::string marital_status{};  ///< one digit
  std::string household_book{};
  std::uint32_t registered_at = 0;  ///< index into the places before 2025-07-01
  std::uint32_t hometown = 0;       ///< the same
  std::uint32_t residence = 0;      ///< index into the places from 2025-07-01
  std::string street{};
  std::uint32_t father = kNobody;
  std::uint32_t mother = kNobody;
  std::uint32_t spouse = kNobody;
  std::uint32_t household_head = kNobody;
};

/// `YYYY-MM-DD`, or `YYYY` where only the year is known.
[[nodiscard]] std::string birth_date(const Person& person);

/// Comparison key of a name: composed or not, upper or lower case, with or without marks.
[[nodiscard]] std::string name_key(std::string_view name);

/// Everybody. Families come one after another: father, mother, children, then the parents' parents.
class People {
 public:
  /// Exactly `count` people; a relative beyond the count is nobody.
  People(std::size_t count, std::uint64_t seed);

  [[nodiscard]] std::size_t size() const { return people_.size(); }
  [[nodiscard]] const Person& at(std::size_t index) const { return people_.at(index); }
  [[nodiscard]] const Place& place_before(std::size_t index) const { return before_.at(index); }
  [[nodiscard]] const Place& place_now(std::size_t index) const { return now_.at(index); }

  /// The person whose number (12 or 9 digits), name and birth date (`YYYYMMDD`, or `YYYY`) all agree. A date
  /// agrees with a year.
  [[nodiscard]] std::optional<std::size_t> find(const std::string& number, const std::string& full_name,
                                                const std::string& birth) const;

 private:
  friend class FamilyMaker;

  std::vector<Place> before_{};
  std::vector<Place> now_{};
  std::vector<Person> people_{};
  std::unordered_map<std::string, std::uint32_t> by_number_{};
};

}  // namespace population_service

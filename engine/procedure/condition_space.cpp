#include "engine/procedure/condition_space.hpp"

#include "engine/procedure/condition_reading.hpp"
#include "engine/procedure/definition_rules.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace motcua::engine {
namespace {

using nlohmann::json;

/// Constants of one list whose every subset is tried.
constexpr std::size_t kSubsetConstantsMax = 5;
constexpr const char* kSomeDay = "2020-02-20";
constexpr const char* kFirstDay = "0001-01-01";
constexpr const char* kLastDay = "9999-12-31";

/// The schema of the form at a pointer into `data`; null if there is none.
const OrderedJson& schema_at(const OrderedJson& document, const std::string& pointer) {
  const OrderedJson* at = &member(document, "form");
  for (std::size_t begin = 1; begin < pointer.size();) {
    const auto end = std::min(pointer.find('/', begin), pointer.size());
    at = &member(member(*at, "properties"), pointer.substr(begin, end - begin));
    begin = end + 1;
  }
  return *at;
}

/// Two texts, neither with any of the constants inside it.
std::pair<std::string, std::string> other_texts(const std::vector<json>& constants) {
  const auto free = [&](char c) {
    return std::none_of(constants.begin(), constants.end(), [&](const json& each) {
      return each.is_string() && each.get_ref<const std::string&>().find(c) != std::string::npos;
    });
  };
  std::vector<std::string> found;
  for (char c = 'a'; c <= 'z' && found.size() < 2; ++c) {
    if (free(c)) found.emplace_back(3, c);
  }
  for (char c = '!'; c < '~' && found.size() < 2; ++c) {
    if (free(c)) found.emplace_back(3, c);
  }
  found.resize(2, "~~~");
  return {found[0], found[1]};
}

/// `2000` as a year that has days; nullopt for other texts.
std::optional<int> year_of(const std::string& text) {
  const bool digits =
      text.size() == 4 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || text == "0000" || text == "9999") return std::nullopt;
  return std::stoi(text);
}

std::string year_text(int year) {
  const std::string digits = std::to_string(year);
  return std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits;
}

void add(std::vector<json>& values, json value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(std::move(value));
}

class Space {
 public:
  Space(const OrderedJson& document, const std::vector<FormLeaf>& leaves, const ConditionReading& reading)
      : document_(document), leaves_(leaves), reading_(reading) {}

  ConditionSpace build() {
    if (!reading_.obstacle.empty()) undecidable(reading_.obstacle);
    for (const auto& [pointer, use] : reading_.uses) {
      if (pointer == "/channel") {
        channel(use);
      } else if (pointer == "/papers") {
        papers(use);
      } else if (pointer.rfind("/data/", 0) == 0) {
        datum(pointer, use);
      } else if (is_linked_fact(document_, pointer) && pointer.ends_with("/outcome")) {
        ends(pointer);
      } else if (is_linked_fact(document_, pointer)) {
        space_.domains.push_back({pointer, subsets(use.constants, true), false, {}});
      } else {
        undecidable("reads " + (pointer.empty() ? "all facts" : pointer));
      }
    }
    return std::move(space_);
  }

 private:
  void undecidable(const std::string& why) {
    if (space_.decidable) space_.obstacle = why;
    space_.decidable = false;
  }
  void channel(const ConditionUse&) {
    FactDomain domain{"/channel", {}, false, {}};
    each_element(member(document_, "channels"), "",
                 [&](const std::string&, const OrderedJson& each) { add(domain.values, json(each)); });
    if (domain.values.empty()) domain.values.emplace_back("counter");
    space_.domains.push_back(std::move(domain));
  }
  void papers(const ConditionUse& use) {
    std::vector<json> codes;
    each_element(member(document_, "papers"), "", [&](const std::string&, const OrderedJson& paper) {
      const json code = text_of(paper, "code");
      if (std::find(use.constants.begin(), use.constants.end(), code) != use.constants.end())
        add(codes, code);
    });
    space_.domains.push_back({"/papers", subsets(codes, true), false, {}});
  }
  /// How a linked case may have ended.
  void ends(const std::string& pointer) {
    FactDomain domain{pointer, {}, false, {}};
    for (const char* end : {"resolved", "stopped", "withdrawn", "not_received"}) {
      domain.values.emplace_back(end);
    }
    each_element(member(document_, "linked"), "", [&](const std::string&, const OrderedJson& branch) {
      const bool this_one = pointer == "/linked/" + text_of(branch, "code") + "/outcome";
      if (this_one && !member(branch, "when").is_null()) domain.values.emplace_back("not_needed");
    });
    space_.domains.push_back(std::move(domain));
  }
  void datum(const std::string& pointer, const ConditionUse& use);
  void integers(const OrderedJson& schema, const ConditionUse& use, std::vector<json>& values) const;
  void texts(const FormLeaf& leaf, const OrderedJson& schema, const ConditionUse& use,
             std::vector<json>& values) const;
  void dates(const FormLeaf& leaf, const ConditionUse& use, std::vector<json>& values) const;
  void lists(const OrderedJson& schema, const ConditionUse& use, std::vector<json>& values);
  std::vector<json> subsets(const std::vector<json>& constants, bool others);

  const OrderedJson& document_;
  const std::vector<FormLeaf>& leaves_;
  const ConditionReading& reading_;
  ConditionSpace space_{};
};

std::vector<json> Space::subsets(const std::vector<json>& constants, bool others) {
  if (constants.size() > kSubsetConstantsMax) undecidable("a list is searched for many values");
  const std::size_t count = std::min(constants.size(), kSubsetConstantsMax);
  std::vector<json> lists;
  for (std::size_t bits = 0; bits < (std::size_t{1} << count); ++bits) {
    json list = json::array();
    for (std::size_t i = 0; i < count; ++i) {
      if ((bits >> i) & 1U) list.push_back(constants[i]);
    }
    lists.push_back(std::move(list));
  }
  if (others) lists.push_back(json::array({"other"}));
  return lists;
}

void Space::integers(const OrderedJson& schema, const ConditionUse& use, std::vector<json>& values) const {
  const auto fits = [&](std::int64_t value) {
    const auto& least = member(schema, "minimum");
    const auto& most = member(schema, "maximum");
    return !(least.is_number_integer() && value < least.get<std::int64_t>()) &&
           !(most.is_number_integer() && value > most.get<std::int64_t>());
  };
  const auto try_value = [&](std::int64_t value) {
    if (fits(value)) add(values, value);
  };
  for (const json& each : use.constants) {
    // A text that is a number counts as that number.
    const json constant =
        each.is_string() ? json::parse(each.get_ref<const std::string&>(), nullptr, false) : each;
    if (!constant.is_number_integer()) continue;
    const auto value = constant.get<std::int64_t>();
    if (value > -(std::int64_t{1} << 53) && value < (std::int64_t{1} << 53)) {
      const std::int64_t reach = use.with_others ? 2 : 1;
      for (std::int64_t near = value - reach; near <= value + reach; ++near) try_value(near);
    }
  }
  for (const std::int64_t value : {1, 0, 2, 3}) {
    if (value < 2 || use.with_others) try_value(value);
  }
  for (const char* name : {"minimum", "maximum"}) {
    const auto& bound = member(schema, name);
    if (!bound.is_number_integer() || !(values.empty() || use.with_others)) continue;
    const auto value = bound.get<std::int64_t>();
    try_value(value);
    if (value < (std::int64_t{1} << 53)) try_value(value + 1);
    if (value > -(std::int64_t{1} << 53)) try_value(value - 1);
  }
}

/// Lists that the form allows: of the constants, and one of something else where it may be.
void Space::lists(const OrderedJson& schema, const ConditionUse& use, std::vector<json>& values) {
  const auto& allowed = member(member(schema, "items"), "enum");
  const auto& least = member(schema, "minItems");
  const auto& most = member(schema, "maxItems");
  std::vector<json> candidates = use.constants;
  if (allowed.is_array()) {
    candidates.clear();
    for (const auto& each : allowed) add(candidates, json(each));
  }
  const bool texts = text_of(member(schema, "items"), "type") == "string";
  for (json& list : subsets(candidates, !allowed.is_array() && texts)) {
    const auto size = static_cast<std::int64_t>(list.size());
    const bool fits = !(least.is_number_integer() && size < least.get<std::int64_t>()) &&
                      !(most.is_number_integer() && size > most.get<std::int64_t>());
    if (fits) add(values, std::move(list));
  }
}

void Space::dates(const FormLeaf& leaf, const ConditionUse& use, std::vector<json>& values) const {
  const bool years = leaf.kind == "year_or_date";
  const auto around = [&](int year) {
    add(values, year_text(year - 1) + "-12-31");
    add(values, year_text(year) + "-01-01");
    add(values, year_text(year) + "-12-31");
    add(values, year_text(year + 1) + "-01-01");
    for (const int each : {year - 1, year, year + 1}) {
      if (years && each > 0) add(values, year_text(each));
    }
  };
  for (const json& constant : use.constants) {
    if (!constant.is_string()) continue;
    const auto& text = constant.get_ref<const std::string&>();
    const auto day = parse_iso_day(text);
    if (day) {
      add(values, text);
      add(values, to_iso(LocalDay{*day - std::chrono::days{1}}));
      add(values, to_iso(LocalDay{*day + std::chrono::days{1}}));
    }
    if (const auto year = year_of(day ? text.substr(0, 4) : text); year && (years || !day)) around(*year);
    if (!day) {
      add(values, kFirstDay);
      add(values, kLastDay);
    }
  }
  add(values, kSomeDay);
  if (use.with_others) add(values, "2021-03-21");
}

void Space::texts(const FormLeaf& leaf, const OrderedJson& schema, const ConditionUse& use,
                  std::vector<json>& values) const {
  const auto [some, other] = other_texts(use.constants);
  bool asks_for_nothing = use.alone || use.ordered;
  for (const json& constant : use.constants) {
    // Numbers are compared with texts by what the text says.
    const std::string text = constant.is_string()           ? constant.get<std::string>()
                             : constant.is_number_integer() ? constant.dump()
                                                            : std::string();
    asks_for_nothing = asks_for_nothing || text.empty();
    if (text.empty()) continue;
    add(values, text);
    if (use.ordered) add(values, text + "0");
    if (use.ordered && constant.is_number_integer()) {
      add(values, std::to_string(constant.get<std::int64_t>() - 1));
      add(values, std::to_string(constant.get<std::int64_t>() + 1));
    }
  }
  add(values, some);
  if (use.with_others) add(values, other);
  const auto& least = member(schema, "minLength");
  const bool may_be_blank = !leaf.required && !(least.is_number_integer() && least.get<std::int64_t>() > 0);
  if (asks_for_nothing && may_be_blank) add(values, "");
}

void Space::datum(const std::string& pointer, const ConditionUse& use) {
  const std::string place = pointer.substr(5);
  const auto leaf = std::find_if(leaves_.begin(), leaves_.end(),
                                 [&](const FormLeaf& each) { return each.pointer == place; });
  const auto& schema = schema_at(document_, place);
  if (leaf == leaves_.end()) {
    // An object: what is read inside it says whether it is there.
    const bool read_inside = std::any_of(reading_.uses.begin(), reading_.uses.end(), [&](const auto& other) {
      return other.first.rfind(pointer + "/", 0) == 0;
    });
    if (read_inside || !schema.is_object()) return undecidable("reads parts of " + pointer);
    space_.domains.push_back({pointer, {json{{"given", true}}}, true, {}});
    return;
  }
  FactDomain domain{pointer, {}, !leaf->required || !leaf->required_within.empty(), leaf->required_within};
  const std::string type = text_of(schema, "type");
  if (member(schema, "enum").is_array()) {
    for (const auto& each : member(schema, "enum")) add(domain.values, json(each));
  } else if (type == "boolean") {
    domain.values = {true, false};
  } else if (type == "integer") {
    integers(schema, use, domain.values);
  } else if (type == "array") {
    lists(schema, use, domain.values);
  } else if (leaf->kind == "date" || leaf->kind == "year_or_date") {
    dates(*leaf, use, domain.values);
  } else {
    texts(*leaf, schema, use, domain.values);
  }
  if (domain.values.empty()) return undecidable("no value of " + pointer + " is known");
  space_.domains.push_back(std::move(domain));
}

void put(json& facts, const std::string& pointer, const json& value) {
  json* at = &facts;
  for (std::size_t begin = 1; begin < pointer.size();) {
    const auto end = std::min(pointer.find('/', begin), pointer.size());
    at = &(*at)[pointer.substr(begin, end - begin)];
    begin = end + 1;
  }
  *at = value;
}

/// Number of choices: each value, then absence.
std::size_t choices(const FactDomain& domain) {
  return domain.values.size() + (domain.may_be_absent ? 1 : 0);
}

/// True if no object lacks a part that it must have when it is there.
bool whole(const std::vector<FactDomain>& domains, const std::vector<std::size_t>& chosen) {
  for (std::size_t i = 0; i < domains.size(); ++i) {
    const auto& object = domains[i].present_with;
    if (object.empty() || chosen[i] < domains[i].values.size()) continue;
    for (std::size_t j = 0; j < domains.size(); ++j) {
      const bool inside = domains[j].pointer.rfind("/data" + object + "/", 0) == 0;
      if (inside && chosen[j] < domains[j].values.size()) return false;
    }
  }
  return true;
}

}  // namespace

std::size_t ConditionSpace::size() const {
  std::size_t product = 1;
  for (const FactDomain& domain : domains) {
    product *= choices(domain);
    if (product > kFactsTriedMax) return kFactsTriedMax + 1;
  }
  return product;
}

ConditionSpace condition_space(const OrderedJson& document, const std::vector<FormLeaf>& leaves,
                               const std::vector<const json*>& rules) {
  return Space(document, leaves, read_conditions(rules)).build();
}

void each_fact(const ConditionSpace& space, const std::function<bool(const json&)>& visit) {
  std::vector<std::size_t> chosen(space.domains.size(), 0);
  for (std::size_t tried = 0; tried < kFactsTriedMax; ++tried) {
    if (whole(space.domains, chosen)) {
      json facts{{"data", json::object()}, {"channel", "counter"}, {"papers", json::array()}};
      for (std::size_t i = 0; i < chosen.size(); ++i) {
        const auto& domain = space.domains[i];
        if (chosen[i] < domain.values.size()) put(facts, domain.pointer, domain.values[chosen[i]]);
      }
      if (!visit(facts)) return;
    }
    std::size_t digit = 0;
    while (digit < chosen.size() && ++chosen[digit] == choices(space.domains[digit])) chosen[digit++] = 0;
    if (digit == chosen.size()) return;
  }
}

std::string spell_facts(const ConditionSpace& space, const json& facts) {
  std::string text;
  for (const FactDomain& domain : space.domains) {
    const json::json_pointer place(domain.pointer);
    std::string name = domain.pointer.substr(1);
    std::replace(name.begin(), name.end(), '/', '.');
    text += (text.empty() ? "" : ", ") + name +
            (facts.contains(place) ? " = " + facts.at(place).dump() : " absent");
  }
  return text.empty() ? "any facts" : text;
}

}  // namespace motcua::engine

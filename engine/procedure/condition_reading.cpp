#include "engine/procedure/condition_reading.hpp"

#include "engine/procedure/guard.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace motcua::engine {
namespace {

using nlohmann::json;

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

constexpr std::array<std::string_view, 4> kEqual{"==", "===", "!=", "!=="};
constexpr std::array<std::string_view, 4> kOrder{"<", "<=", ">", ">="};
constexpr std::array<std::string_view, 6> kLogic{"and", "or", "!", "!!", "if", "?:"};

bool is_operation(const json& rule) { return rule.is_object() && rule.size() == 1; }

class Reader {
 public:
  ConditionReading reading{};

  /// `truth`: the value of `rule` counts as true or false only.
  void read(const json& rule, bool truth, int depth) {
    if (depth > kGuardDepthMax) return obstacle("nested too deep");
    if (rule.is_array()) {
      for (const json& each : rule) read(each, truth, depth + 1);
    }
    if (!is_operation(rule)) return;
    const std::string& name = rule.begin().key();
    const json& arguments = *rule.begin();
    if (name == "var") return variable(arguments, truth, depth);
    if (name == "missing" || name == "missing_some") return presence(rule);
    if (is_one_of(kLogic, name)) return read(arguments, true, depth + 1);
    if (is_one_of(kEqual, name) || is_one_of(kOrder, name) || name == "in") {
      compare(rule, is_one_of(kOrder, name), name == "in");
    } else {
      obstacle("`" + name + "` computes");
    }
    read(arguments, false, depth + 1);
  }

 private:
  void obstacle(const std::string& why) {
    if (reading.obstacle.empty()) reading.obstacle = why;
  }
  void variable(const json& arguments, bool truth, int depth) {
    const auto pointers = pointers_read(json{{"var", arguments}});
    const json& name = arguments.is_array() && !arguments.empty() ? arguments[0] : arguments;
    if (pointers.size() != 1 || name.is_structured()) return obstacle("the pointer is computed");
    auto& use = reading.uses[pointers.front()];
    use.alone = use.alone || truth;
    if (arguments.is_array() && arguments.size() > 1) read(arguments[1], truth, depth + 1);
  }
  void presence(const json& rule) {
    const json& arguments = *rule.begin();
    const json& list = rule.begin().key() == "missing"                ? arguments
                       : arguments.is_array() && arguments.size() > 1 ? arguments[1]
                                                                      : arguments;
    const bool plain = !list.is_structured() ||
                       (list.is_array() && std::none_of(list.begin(), list.end(), [](const json& each) {
                          return each.is_structured();
                        }));
    if (!plain) return obstacle("the pointers of `missing` are computed");
    for (const std::string& pointer : pointers_read(rule)) reading.uses[pointer];
  }
  static void literals(const json& rule, std::vector<json>& found, int depth) {
    if (depth > kGuardDepthMax) return;
    if (rule.is_array()) {
      for (const json& each : rule) literals(each, found, depth + 1);
    } else if (is_operation(rule)) {
      const json& arguments = *rule.begin();
      const bool variable = rule.begin().key() == "var" && arguments.is_array() && !arguments.empty();
      if (variable) {
        for (std::size_t i = 1; i < arguments.size(); ++i) literals(arguments[i], found, depth + 1);
      } else if (rule.begin().key() != "var") {
        literals(arguments, found, depth + 1);
      }
    } else if (!rule.is_object()) {
      found.push_back(rule);
    }
  }
  void compare(const json& rule, bool ordered, bool in) {
    std::vector<json> constants;
    literals(rule, constants, 0);
    const auto pointers = pointers_read(rule);
    for (const json& constant : constants) {
      if (constant.is_number_float()) obstacle("a fraction is compared");
    }
    const json& arguments = *rule.begin();
    if (in && arguments.is_array() && arguments.size() > 1 && arguments[1].is_string()) {
      obstacle("a text is searched for another");
    }
    for (const std::string& pointer : pointers) {
      auto& use = reading.uses[pointer];
      use.ordered = use.ordered || ordered;
      use.with_others = use.with_others || pointers.size() > 1;
      for (const json& constant : constants) {
        if (std::find(use.constants.begin(), use.constants.end(), constant) == use.constants.end()) {
          use.constants.push_back(constant);
        }
      }
    }
    if (pointers.size() > 1) linked_.insert(pointers.begin(), pointers.end());
  }

 public:
  /// Pointers compared with each other meet each other's constants.
  void share_constants() {
    std::vector<json> all;
    for (const auto& pointer : linked_) {
      for (const json& constant : reading.uses[pointer].constants) {
        if (std::find(all.begin(), all.end(), constant) == all.end()) all.push_back(constant);
      }
    }
    for (const auto& pointer : linked_) reading.uses[pointer].constants = all;
  }

 private:
  std::set<std::string> linked_{};
};

}  // namespace

ConditionReading read_conditions(const std::vector<const json*>& rules) {
  Reader reader;
  for (const json* rule : rules) reader.read(*rule, true, 0);
  reader.share_constants();
  return std::move(reader.reading);
}

}  // namespace motcua::engine

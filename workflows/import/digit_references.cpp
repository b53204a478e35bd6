#include "workflows/import/digit_references.hpp"

namespace motcua::workflows {
namespace {

/// Name of the state that DIGIT leaves without one: where a case is before its first action.
constexpr const char* kStart = "START";

class References {
 public:
  References(DigitSource& source, DigitReferences& made) : source_(source), made_(made) {}

  void add(const Json& state, const std::string& at, std::size_t index) {
    const std::string name = text_of(state, "state");
    if (!state.is_object() || (!member(state, "state").is_null() && !member(state, "state").is_string())) {
      made_.names.push_back(made_.codes.take("state"));
      refuse(at, "bad-name", "a state is an object whose name is a text or null");
    } else if (name.empty()) {
      add_nameless(at, index);
    } else {
      add_named(name, at);
    }
    if (const auto uuid = text_of(state, "uuid"); !uuid.empty()) {
      made_.codes_of.emplace(uuid, made_.names.back());
    }
    engine::each_element(member(state, "actions"), at, [&](const std::string&, const Json& action) {
      const auto own = text_of(action, "currentState");
      if (is_uuid(own)) made_.hints.emplace(own, made_.names.back());
    });
  }

 private:
  void add_nameless(const std::string& at, std::size_t index) {
    made_.names.push_back(made_.codes.take(kStart));
    if (made_.nameless) {
      refuse(at, "duplicate-state", "a second state has no name");
      return;
    }
    made_.nameless = index;
    source_.warning(
        at, "nameless-state",
        "the state without a name, where every case begins, is called `" + made_.names.back() + "`");
  }
  void add_named(const std::string& name, const std::string& at) {
    const std::string code = code_of_name(name);
    if (code.empty()) {
      made_.names.push_back(made_.codes.take("state"));
      refuse(below(at, "state"), "bad-name", "no code can be made of the name of the state");
      return;
    }
    made_.names.push_back(made_.codes.take(code));
    if (!made_.codes_of.emplace(name, made_.names.back()).second) {
      refuse(below(at, "state"), "duplicate-state", "two states are called `" + name + "`");
    } else if (made_.names.back() != name) {
      source_.warning(below(at, "state"), "name-changed",
                      "`" + name + "` is no code: the state is called `" + made_.names.back() + "`");
    }
  }
  void refuse(const std::string& at, const char* rule, const std::string& message) {
    made_.sound = false;
    source_.error(at, rule, message);
  }

  DigitSource& source_;
  DigitReferences& made_;
};

}  // namespace

std::optional<std::string> DigitReferences::find(const std::string& reference) const {
  const auto found = codes_of.find(reference);
  return found == codes_of.end() ? std::nullopt : std::optional(found->second);
}

DigitReferences read_references(DigitSource& source, const Json& states, const std::string& at) {
  DigitReferences made;
  References references(source, made);
  for (std::size_t i = 0; i < states.size(); ++i) references.add(states[i], below(at, i), i);
  return made;
}

}  // namespace motcua::workflows

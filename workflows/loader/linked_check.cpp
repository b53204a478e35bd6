#include "workflows/loader/linked_check.hpp"

#include "workflows/loader/catalogue_check.hpp"

#include <algorithm>
#include <functional>

namespace motcua::workflows {
namespace {

std::size_t place_of(const std::string& procedure, const std::string& what) {
  return std::hash<std::string>{}(procedure + '\n' + what);
}

}  // namespace

void LinkedCheck::add_places(const Json& schema, const std::string& procedure, const std::string& at) {
  engine::each_member(member(schema, "properties"), at,
                      [&](const std::string& pointer, const std::string&, const Json& place) {
                        if (member(place, "properties").is_object())
                          return add_places(place, procedure, pointer);
                        places_.push_back(place_of(procedure, pointer));
                      });
}

void LinkedCheck::name(const LocatedJson& located, const std::string& at, const Json& branch) {
  const auto procedure = text_of(branch, "procedure");
  named_.push_back({located.file, below(at, "procedure"), procedure, ""});
  engine::each_member(member(branch, "data_map"), below(at, "data_map"),
                      [&](const std::string& pointer, const std::string& field, const Json&) {
                        named_.push_back({located.file, pointer, procedure, field});
                      });
  engine::each_element(
      member(branch, "papers"), below(at, "papers"), [&](const std::string& pointer, const Json& paper) {
        named_.push_back({located.file, below(pointer, "code"), procedure, text_of(paper, "code")});
      });
}

void LinkedCheck::add(const LocatedJson& located) {
  const Json& document = located.document;
  const auto code = text_of(document, "code");
  procedures_.insert(code);
  add_places(member(document, "form"), code, "");
  engine::each_element(member(document, "papers"), "", [&](const std::string&, const Json& paper) {
    places_.push_back(place_of(code, text_of(paper, "code")));
  });
  engine::each_element(member(document, "linked"), "/linked", [&](const std::string& at, const Json& branch) {
    name(located, at, branch);
    opens_[code].insert(text_of(branch, "procedure"));
  });
}

/// True if a case of `procedure` would in the end open one of the same procedure.
bool LinkedCheck::comes_back(const std::string& procedure) const {
  std::set<std::string> seen;
  std::vector<std::string> open{procedure};
  while (!open.empty()) {
    const auto at = opens_.find(open.back());
    open.pop_back();
    if (at == opens_.end()) continue;
    for (const auto& next : at->second) {
      if (next == procedure) return true;
      if (seen.insert(next).second) open.push_back(next);
    }
  }
  return false;
}

Findings LinkedCheck::findings() const {
  Findings found;
  auto places = places_;
  std::sort(places.begin(), places.end());
  const auto say = [&](const Named& named, const char* rule, Severity severity, const std::string& message) {
    found.push_back({named.file, named.pointer, kLineUnknown, rule, severity, message});
  };
  for (const Named& named : named_) {
    const bool known = procedures_.count(named.procedure) > 0;
    if (!named.what.empty()) {
      const auto place = place_of(named.procedure, named.what);
      if (known && !std::binary_search(places.begin(), places.end(), place)) {
        say(named, "linked-field", Severity::error,
            "procedure " + named.procedure + " has no `" + named.what + "`");
      }
    } else if (!known && procedures_.size() > 1) {
      say(named, "linked-unknown", Severity::warning,
          "no file defines procedure " + named.procedure + ": its cases cannot be opened");
    } else if (comes_back(named.procedure)) {
      say(named, "linked-circle", Severity::error,
          "cases of " + named.procedure + " open cases of their own procedure again, without end");
    }
  }
  return found;
}

}  // namespace motcua::workflows

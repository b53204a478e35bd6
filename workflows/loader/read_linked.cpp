// What ties a procedure to others: linked branches, procedures that must come first.
#include "workflows/loader/readers.hpp"

#include <algorithm>
#include <utility>

namespace motcua::workflows {
namespace {

/// `/child/full_name` as a rule that reads it.
nlohmann::json rule_of(const Json& value) {
  if (!value.is_string()) return nlohmann::json(value);
  auto path = "data" + value.get<std::string>();
  std::replace(path.begin(), path.end(), '/', '.');
  return {{"var", path}};
}

engine::LinkedProcedure read_branch(const Json& json) {
  engine::LinkedProcedure branch;
  branch.code = text_of(json, "code");
  branch.procedure = engine::ProcedureCode(text_of(json, "procedure"));
  branch.when = nlohmann::json(member(json, "when"));
  branch.agency = engine::AgencyId(text_of(json, "agency"));
  branch.waits = text_of(json, "join") != "none";
  engine::each_member(member(json, "data_map"), "",
                      [&](const std::string&, const std::string& field, const Json& value) {
                        branch.values.push_back({field, rule_of(value)});
                      });
  engine::each_element(member(json, "papers"), "", [&](const std::string&, const Json& paper) {
    branch.papers.push_back(
        {engine::PaperCode(text_of(paper, "code")), engine::PaperCode(text_of(paper, "from"))});
  });
  return branch;
}

}  // namespace

void read_linked(const Json& document, engine::Machine& machine) {
  engine::each_element(member(document, "linked"), "", [&](const std::string&, const Json& json) {
    const auto at = text_of(json, "at");
    const auto state = std::find_if(machine.states.begin(), machine.states.end(),
                                    [&](const engine::MachineState& one) { return one.name.value == at; });
    if (state != machine.states.end()) state->linked.push_back(read_branch(json));
  });
}

std::vector<engine::Prerequisite> read_prerequisites(const Json& document) {
  std::vector<engine::Prerequisite> list;
  engine::each_element(member(document, "prerequisites"), "", [&](const std::string&, const Json& json) {
    list.push_back({engine::ProcedureCode(text_of(json, "procedure")), text_of(json, "result"),
                    engine::PaperCode(text_of(json, "proven_by")), nlohmann::json(member(json, "when")),
                    read_label(member(json, "name"))});
  });
  return list;
}

}  // namespace motcua::workflows

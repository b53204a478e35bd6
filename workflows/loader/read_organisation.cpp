#include "workflows/loader/readers.hpp"

#include <utility>

namespace motcua::workflows {
namespace {

engine::Officer read_officer(const Json& json) {
  engine::Officer officer;
  officer.sub = engine::ActorId(text_of(json, "sub"));
  officer.name = text_of(json, "name");
  officer.personal_number = text_of(json, "personal_number");
  engine::each_element(member(json, "roles"), "", [&](const std::string&, const Json& role) {
    officer.roles.push_back(role.is_string() ? role.get<std::string>() : "");
  });
  return officer;
}

engine::DeclaredQueue read_queue(const Json& json) {
  engine::DeclaredQueue queue;
  queue.code = text_of(json, "code");
  queue.name = read_label(member(json, "name"));
  queue.queue = text_of(json, "queue");
  queue.role = text_of(json, "role");
  queue.stage = text_of(json, "stage");
  queue.procedure = text_of(json, "procedure");
  queue.step = text_of(json, "step");
  queue.assignee = text_of(json, "assignee");
  queue.flag = text_of(json, "flag");
  if (const auto& days = member(json, "due_within_days"); days.is_number_integer()) {
    queue.due_within_days = days.get<int>();
  }
  return queue;
}

engine::Agency read_agency(const Json& json) {
  engine::Agency agency;
  agency.id = engine::AgencyId(text_of(json, "id"));
  agency.name = text_of(json, "name");
  if (const std::string parent = text_of(json, "parent"); !parent.empty()) {
    agency.parent = engine::AgencyId(parent);
  }
  agency.level = text_of(json, "level");
  agency.calendar = text_of(json, "calendar");
  agency.code_prefix = text_of(json, "code_prefix");
  engine::each_element(member(json, "officers"), "", [&](const std::string&, const Json& officer) {
    agency.officers.push_back(read_officer(officer));
  });
  engine::each_element(member(json, "queues"), "", [&](const std::string&, const Json& queue) {
    agency.queues.push_back(read_queue(queue));
  });
  return agency;
}

}  // namespace

std::shared_ptr<const engine::Organisation> read_organisation(LocatedJson& located,
                                                              const std::string& bytes) {
  const Json& document = located.document;
  const Json& version = member(document, "version");
  auto organisation = std::make_shared<engine::Organisation>();
  organisation->code = text_of(document, "code");
  if (!version.is_number_integer() || organisation->code.empty()) {
    located.error("", "unreadable", "code and version are what an organisation needs at least");
    return nullptr;
  }
  organisation->version = version.get<std::int64_t>();
  organisation->hash = sha256(bytes);
  organisation->document = bytes;
  engine::each_element(
      member(document, "agencies"), "/agencies",
      [&](const std::string&, const Json& agency) { organisation->agencies.push_back(read_agency(agency)); });
  return organisation;
}

}  // namespace motcua::workflows

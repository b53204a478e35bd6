#include "tests/simulation/people.hpp"

#include <array>
#include <cstdio>

namespace motcua::simulation {
namespace {

using nlohmann::json;

const std::vector<std::string> kFamilyNames{"Nguyễn", "Trần", "Lê", "Phạm", "Y", "H'"};
const std::vector<std::string> kGivenNames{"Văn An",   "Thị Bình",   "Đức Cường",
                                           "Thu Dung", "Blang Êban", "Hạnh"};
constexpr std::size_t kPeople = 400;

bool ends_with(const std::string& text, const char* end) { return text.ends_with(end); }

json birth(Draw& draw) {
  json data{{"child",
             {{"full_name", "Nguyễn Minh Khôi"},
              {"birth_date", "2026-01-05"},
              {"sex", draw.chance(500) ? "male" : "female"},
              {"birth_place", "Trạm y tế xã Suối Mẫu"}}}};
  if (draw.chance(80)) {
    data["child"]["foundling"] = true;
    data["requester"] = {{"full_name", "Lê Thị Hoa"}, {"relation", "người phát hiện"}};
    return data;
  }
  data["mother"] = person(draw.below(kPeople));
  if (draw.chance(700)) data["father"] = person(draw.below(kPeople));
  return data;
}

json marriage(Draw& draw) {
  json data{{"female", person(draw.below(kPeople))}, {"male", person(draw.below(kPeople))}};
  if (draw.chance(200)) data["marital_status_to_verify"] = true;
  if (draw.chance(200)) data["female"]["marital_status"] = "single";
  return data;
}

json residence(Draw& draw) {
  json data{{"stay", {{"address", "12 Lê Duẩn, xã Suối Mẫu"}, {"from", "2026-01-05"}}}};
  if (draw.chance(150)) data["dwelling_not_found"] = true;
  return data;
}

bool is_birth(const std::string& code) { return code == "1.001193" || code == "9.000002"; }

/// Takes one thing away that the case needs.
void leave_out(model::Command& command, const model::Procedure& procedure, Draw& draw) {
  std::vector<std::string> needed;
  for (const auto& leaf : procedure.leaves) {
    const json::json_pointer pointer(leaf.pointer);
    if (leaf.required && command.data.contains(pointer)) needed.push_back(leaf.pointer);
  }
  if (!command.papers.empty() && (needed.empty() || draw.chance(500))) {
    command.papers.pop_back();
    return;
  }
  if (needed.empty()) return;
  const json::json_pointer pointer(draw.pick(needed));
  command.data[pointer.parent_pointer()].erase(pointer.back());
}

}  // namespace

json person(std::size_t number) {
  std::array<char, 16> id{};
  std::snprintf(id.data(), id.size(), "000%09zu", number);
  std::array<char, 16> birth_date{};
  std::snprintf(birth_date.data(), birth_date.size(), "%04zu-%02zu-%02zu", 1960 + number % 40,
                1 + number % 12, 1 + number % 28);
  return {{"personal_id", id.data()},
          {"full_name", kFamilyNames[number % 6] + ' ' + kGivenNames[number / 6 % 6]},
          {"birth_date", birth_date.data()}};
}

void fill_in(model::Command& command, const model::Procedure& procedure, Draw& draw, bool incomplete) {
  const auto& code = procedure.code;
  command.applicant = person(draw.below(kPeople));
  command.data = is_birth(code) ? birth(draw) : code == "1.000894" ? marriage(draw) : residence(draw);
  if (is_birth(code) && command.data.contains("mother") && draw.chance(600)) {
    command.applicant = command.data["mother"];
  }
  if (is_birth(code) && command.data.contains("mother") && draw.chance(500)) {
    command.data["requester"] = {{"full_name", command.applicant["full_name"]}, {"relation", "mẹ"}};
  }
  const auto facts = model::facts_of(command.data, command.channel, {});
  for (const auto& absent : procedure.missing(command.data, command.channel, {})) {
    if (procedure.has_paper(absent)) command.papers.push_back(absent);
  }
  if (incomplete) leave_out(command, procedure, draw);
}

json value_for(const std::string& pointer, Draw& draw) {
  if (ends_with(pointer, "birth_date") || ends_with(pointer, "/from") || ends_with(pointer, "/until")) {
    return draw.chance(500) ? "1990-05-17" : "1991-11-02";
  }
  if (ends_with(pointer, "/sex")) return draw.chance(500) ? "male" : "female";
  if (ends_with(pointer, "personal_id")) return person(draw.below(kPeople)).at("personal_id");
  if (ends_with(pointer, "marital_status")) return draw.chance(300) ? "married" : "single";
  for (const auto* flag : {"to_verify", "foundling", "surrogacy", "authorised", "not_found", "by_list",
                           "barracks", "consent/household_head", "/owner", "/parent"}) {
    if (ends_with(pointer, flag)) return draw.chance(400);
  }
  if (ends_with(pointer, "ordinal") || ends_with(pointer, "copies_requested")) return draw.between(1, 5);
  if (ends_with(pointer, "/members")) return json::array();
  return draw.pick(kFamilyNames) + ' ' + draw.pick(kGivenNames);
}

engine::RegisterAnswer answer_for(const engine::PersonQuery& query, Draw& draw) {
  using engine::AnswerClass;
  engine::RegisterAnswer answer;
  const auto way = draw.below(100);
  if (way >= 80) {
    const bool none = way < 90;
    answer.answer_class = none       ? AnswerClass::no_match
                          : way < 95 ? AnswerClass::refused
                                     : AnswerClass::malformed;
    answer.detail = none ? "no_record" : way < 95 ? "access_denied" : "not_xml";
    return answer;
  }
  answer.answer_class = AnswerClass::match;
  answer.person = {{"personal_id", query.personal_id},
                   {"full_name", query.full_name},
                   {"birth_date", query.birth_date},
                   {"sex", draw.chance(500) ? "male" : "female"},
                   {"ethnicity", {{"code", "01"}, {"text", "Kinh"}}},
                   {"nationality", {{"code", "VN"}, {"text", "Việt Nam"}}},
                   {"permanent_residence", {{"text", "Thôn 2, xã Ea Kao, tỉnh Đắk Lắk"}}},
                   {"hometown", {{"text", "Xã Ea Kao, tỉnh Đắk Lắk"}}},
                   {"marital_status", {{"text", draw.chance(850) ? "single" : "married"}}}};
  return answer;
}

}  // namespace motcua::simulation

#include "bench/store/lives.hpp"

#include "api/cli/load_generator.hpp"
#include "api/json/command_json.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace motcua::bench {
namespace {

constexpr std::array kFamilyNames{"Nguyễn", "Trần", "Lê",   "Phạm", "Hoàng", "Y",
                                  "H'",     "Vũ",   "Đặng", "Bùi",  "Đỗ"};
constexpr std::array kMiddleNames{"Văn", "Thị", "Minh", "Ngọc", "Đức", "Thanh", "Quốc"};
constexpr std::array kGivenNames{"An",  "Bình", "Khôi", "Hương", "Dũng", "Giang", "Hà",   "Linh", "Mai",
                                 "Nam", "Oanh", "Phúc", "Quân",  "Sơn",  "Trang", "Uyên", "Vinh"};
constexpr std::array kNotes{"Đã gọi điện cho gia đình, hẹn bổ sung bản chụp.",
                            "Thông tin khớp với giấy chứng sinh.", "Chờ người ký đi họp về.",
                            "Người dân hỏi về thẻ bảo hiểm y tế của trẻ."};

/// Some name of a person; different numbers mostly give different ones.
std::string name_of_person(std::uint64_t number) {
  std::string name = kFamilyNames[number % kFamilyNames.size()];
  name.append(" ").append(kMiddleNames[number / 11 % kMiddleNames.size()]);
  return name.append(" ").append(kGivenNames[number / 77 % kGivenNames.size()]);
}

std::string digits(std::uint64_t number, std::size_t width) {
  auto text = std::to_string(number);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

engine::Identity officer(const std::string& role) {
  engine::Identity identity;
  identity.sub = engine::ActorId(role + "-1");
  identity.roles = {role};
  identity.agency = engine::AgencyId("H15.50.05");
  return identity;
}

engine::CaseCommand command_of(const nlohmann::json& body) {
  auto parsed = api::parse_command(body);
  if (!parsed.command)
    throw std::runtime_error("the script's command is malformed: " + parsed.command.error().detail);
  return *std::move(parsed.command);
}

}  // namespace

Lives::Lives() : desk_(officer("desk_officer")) {
  const auto script = api::birth_script();
  auto filing = api::parse_filing(nlohmann::json::parse(script.filing));
  if (!filing) throw std::runtime_error("the script's filing is malformed: " + filing.error().detail);
  filing_ = *std::move(filing);
  for (const auto& step : script.steps) {
    const nlohmann::json body{{"command", step.command}, {"data", nlohmann::json::parse(step.data)}};
    steps_.push_back({officer(step.role), command_of(body)});
  }
}

engine::CaseHandle Lives::file(GroupWriter& writer, std::uint64_t number) const {
  auto filing = filing_;
  const auto parent = name_of_person(number);
  filing.applicant["personal_id"] = digits(number, 12);
  filing.applicant["full_name"] = parent;
  filing.data["requester"]["full_name"] = parent;
  filing.data["child"]["full_name"] = name_of_person(number * 7 + 3);
  filing.data["child"]["birth_date"] = "2026-02-" + digits(1 + number % 28, 2);
  filing.data["mother"]["full_name"] = name_of_person(number * 5 + 1);
  engine::CommandRequest request;
  request.request = engine::FilingRequest{std::move(filing)};
  return writer.decide(desk_, std::move(request));
}

engine::CaseHandle Lives::take(GroupWriter& writer, const engine::CaseHandle& current, const Step& step) {
  engine::CommandRequest request;
  request.request =
      engine::CaseRequest{current->state.id, step.command.body, step.command, current->state.version};
  return writer.decide(step.asker, std::move(request));
}

engine::CaseHandle Lives::advance(GroupWriter& writer, const engine::CaseHandle& current,
                                  std::size_t step) const {
  return take(writer, current, steps_.at(step - 1));
}

engine::CaseHandle Lives::lengthen(GroupWriter& writer, engine::CaseHandle current,
                                   std::uint64_t events) const {
  const auto worker = officer("case_officer");
  const Step claim{worker, command_of({{"command", "claim"}})};
  const Step release{worker, command_of({{"command", "release"}})};
  while (current->state.version < events) {
    const auto turn = current->state.version % 3;
    const auto* text = kNotes[current->state.version % kNotes.size()];
    const Step note{worker, command_of({{"command", "note"}, {"data", {{"text", text}}}})};
    const auto& held = current->state.assignees;
    current = take(writer, current, turn == 0 ? note : held.empty() ? claim : release);
  }
  return current;
}

}  // namespace motcua::bench

// Answers of the population register, of any status and any bytes.
#include "adapters/population/answer_reader.hpp"
#include "adapters/population/folded_name.hpp"
#include "tests/fuzz/target.hpp"

namespace motcua::fuzz {
namespace {

using engine::AnswerClass;
using engine::AnswerDetail;

/// The person that the committed answers are about.
engine::PersonQuery query() {
  engine::PersonQuery asked;
  asked.officer_number = "001";
  asked.personal_id = "000190000001";
  asked.full_name = "Nguyễn Thị Hoa";
  asked.birth_date = "1990-05-17";
  return asked;
}

AnswerDetail detail_named(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(AnswerDetail::unreadable_record); ++i) {
    if (name == engine::name_of(static_cast<AnswerDetail>(i))) return static_cast<AnswerDetail>(i);
  }
  promise(false, "a detail stands in the closed list");
  return AnswerDetail::none;
}

void check_person(const engine::PersonQuery& asked, const nlohmann::json& person) {
  promise(person.at("personal_id") == asked.personal_id, "a match has the number that was asked for");
  promise(adapters::folded_name(person.at("full_name").get<std::string>()) ==
              adapters::folded_name(asked.full_name),
          "a match has the name that was asked for, marks and case aside");
  const auto birth_date = person.at("birth_date").get<std::string>();
  promise(birth_date.size() >= 4 && asked.birth_date.starts_with(birth_date),
          "a match has the birth date asked for");
  for (const auto& [name, value] : person.items()) {
    const auto* attribute = engine::find_attribute(name);
    promise(attribute != nullptr, "a record has attributes of the list only");
    promise(value.is_string() == (attribute->shape == engine::AttributeShape::text),
            "an attribute has its shape");
    (void)engine::attribute_text(person, name);
  }
  promise(!person.dump().empty(), "a record is text");
}

}  // namespace

void try_input(std::string_view input) {
  static constexpr std::array<unsigned, 8> statuses{200, 200, 200, 500, 403, 429, 404, 0};
  Values values(input);
  const auto status = statuses[values.byte() % statuses.size()];
  const std::string body(values.rest());
  const auto asked = query();
  const auto answer = adapters::classify(asked, status, body);
  promise(answer.raw == body, "the answer's bytes are kept");
  promise(answer.raw_hash == adapters::answer_without_record(AnswerDetail::none, body).raw_hash,
          "the hash is that of the bytes");
  promise(adapters::class_of(detail_named(answer.detail)) == answer.answer_class,
          "a detail belongs to its class");
  promise((answer.answer_class == AnswerClass::match) == !answer.person.empty(), "only a match has a record");
  promise(answer.answer_class != AnswerClass::match || (status == 200 && !body.starts_with("<!DOCTYPE")),
          "a match came with status 200 and without a DTD");
  if (!answer.person.empty()) check_person(asked, answer.person);
}

}  // namespace motcua::fuzz

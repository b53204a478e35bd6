/// Port: the national population database (cơ sở dữ liệu quốc gia về dân cư). A look-up verifies one person
/// by number, name and birth date together; it is no search. The implementation speaks to the register and
/// never decides what becomes of an answer.
#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/time.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace motcua::engine {

/// How a look-up ended. Each class has a branch of its own: papers may be asked for only where the data
/// cannot be obtained.
enum class AnswerClass {
  match,        ///< the record of the person who was asked for
  no_match,     ///< the register answered, and has no such person (không tồn tại dữ liệu)
  unavailable,  ///< no answer: ask again later
  refused,      ///< the register, or the rule that an officer must be known to it, says no
  malformed,    ///< an answer that cannot be read; to be looked at by whoever runs the link
};
inline constexpr std::size_t kAnswerClasses = 5;

/// `MATCH`, `NO_MATCH`, `UNAVAILABLE`, `REFUSED`, `MALFORMED`.
[[nodiscard]] constexpr const char* name_of(AnswerClass answer_class) {
  switch (answer_class) {
    case AnswerClass::match:
      return "MATCH";
    case AnswerClass::no_match:
      return "NO_MATCH";
    case AnswerClass::unavailable:
      return "UNAVAILABLE";
    case AnswerClass::refused:
      return "REFUSED";
    case AnswerClass::malformed:
      return "MALFORMED";
  }
  return "";
}

/// The class of that name; nullopt for anything else.
[[nodiscard]] constexpr std::optional<AnswerClass> parse_answer_class(std::string_view name) {
  for (const auto each : {AnswerClass::match, AnswerClass::no_match, AnswerClass::unavailable,
                          AnswerClass::refused, AnswerClass::malformed}) {
    if (name == name_of(each)) return each;
  }
  return std::nullopt;
}

/// Why an answer has its class: the closed list behind `RegisterAnswer::detail`. Never a personal value.
enum class AnswerDetail {
  none,
  // NO_MATCH
  no_record,           ///< the register holds no such person
  number_differs,      ///< it answered with another person's record: another number,
  name_differs,        ///< another name,
  birth_date_differs,  ///< another birth date
  query_invalid,       ///< such a person cannot exist (9 or 12 digits, a name, a date or year); not asked
  // UNAVAILABLE
  timeout,          ///< no complete answer in time
  connection,       ///< refused, reset, closed before the answer was complete, name not found
  http_5xx,         ///< the gateway says that it cannot
  busy,             ///< HTTP 408 or 429
  fault_of_server,  ///< a SOAP fault that blames the register
  breaker_open,     ///< not asked: the link is down
  waited_too_long,  ///< not asked: too many others were before it
  overloaded,       ///< not asked: too many others wait
  shutting_down,    ///< the process ends
  // REFUSED
  http_refused,      ///< HTTP 401 or 403
  access_denied,     ///< a SOAP fault of access
  fault_of_request,  ///< a SOAP fault that blames the request
  officer_unknown,   ///< the officer (cán bộ) has no number of his own; not asked
  // MALFORMED
  http_status,        ///< any other status
  http_garbled,       ///< no HTTP
  too_large,          ///< more bytes than the limit
  not_xml,            ///< HTML, truncated, not UTF-8
  document_type,      ///< carries a DTD
  not_soap,           ///< XML, but no SOAP envelope
  wrong_namespace,    ///< SOAP, but not this service
  several_records,    ///< more than one person
  unreadable_record,  ///< an element twice, a birth date that is none
};

/// The name of the enumerator; empty for `none`.
[[nodiscard]] constexpr const char* name_of(AnswerDetail detail) {
  constexpr std::array kNames{"",
                              "no_record",
                              "number_differs",
                              "name_differs",
                              "birth_date_differs",
                              "query_invalid",
                              "timeout",
                              "connection",
                              "http_5xx",
                              "busy",
                              "fault_of_server",
                              "breaker_open",
                              "waited_too_long",
                              "overloaded",
                              "shutting_down",
                              "http_refused",
                              "access_denied",
                              "fault_of_request",
                              "officer_unknown",
                              "http_status",
                              "http_garbled",
                              "too_large",
                              "not_xml",
                              "document_type",
                              "not_soap",
                              "wrong_namespace",
                              "several_records",
                              "unreadable_record"};
  static_assert(kNames.size() == static_cast<std::size_t>(AnswerDetail::unreadable_record) + 1);
  return kNames.at(static_cast<std::size_t>(detail));
}

/// How the value of an attribute is built.
enum class AttributeShape {
  text,      ///< string
  coded,     ///< {code, text?}: the register's code, and its wording where the code list is known
  place,     ///< {text?, detail?, province?, province_name?, district?, district_name?, commune?,
             ///< commune_name?, country?, code_date?}
  relative,  ///< {full_name?, personal_id?, old_id_number?, nationality? (coded), relation? (coded; of a
             ///< household head)}
};

/// One attribute of a normalised record.
struct PersonAttribute {
  std::string_view name{};
  std::string_view vietnamese{};
  AttributeShape shape = AttributeShape::text;
};

/// Every attribute that a record can have; there are no others. What the register left out or empty is
/// absent. Names are byte-equal to what it wrote. `birth_date` is `YYYY-MM-DD` or `YYYY`; `sex` is `male` or
/// `female`. `code_date` of a place is a day on which its unit codes were in force: 2025-06-30 for three
/// levels, 2025-07-01 for two.
inline constexpr std::array<PersonAttribute, 19> kPersonAttributes{{
    {"personal_id", "số định danh cá nhân", AttributeShape::text},
    {"old_id_number", "số chứng minh nhân dân", AttributeShape::text},
    {"full_name", "họ, chữ đệm, tên khai sinh", AttributeShape::text},
    {"birth_date", "ngày, tháng, năm sinh", AttributeShape::text},
    {"sex", "giới tính", AttributeShape::text},
    {"ethnicity", "dân tộc", AttributeShape::coded},
    {"religion", "tôn giáo", AttributeShape::coded},
    {"nationality", "quốc tịch", AttributeShape::coded},
    {"marital_status", "tình trạng hôn nhân", AttributeShape::coded},
    {"birth_registration_place", "nơi đăng ký khai sinh", AttributeShape::place},
    {"hometown", "quê quán", AttributeShape::place},
    {"permanent_residence", "nơi thường trú", AttributeShape::place},
    {"current_residence", "nơi ở hiện tại", AttributeShape::place},
    {"father", "cha", AttributeShape::relative},
    {"mother", "mẹ", AttributeShape::relative},
    {"spouse", "vợ, chồng", AttributeShape::relative},
    {"representative", "người đại diện", AttributeShape::relative},
    {"household_head", "chủ hộ", AttributeShape::relative},
    {"household_book", "số sổ hộ khẩu", AttributeShape::text},
}};

/// The attribute of that name; null if the list has none.
[[nodiscard]] constexpr const PersonAttribute* find_attribute(std::string_view name) {
  for (const auto& attribute : kPersonAttributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

/// What a form shows for an attribute of a normalised record: the text itself, the wording of a code, the
/// address in one line, the name of a relative. nullopt if the record lacks it, or knows a code without its
/// wording: a bare code never stands in a citizen's form.
[[nodiscard]] inline std::optional<std::string> attribute_text(const nlohmann::json& person,
                                                               std::string_view name) {
  const auto* attribute = find_attribute(name);
  if (attribute == nullptr || !person.is_object()) return std::nullopt;
  const auto found = person.find(std::string(name));
  if (found == person.end() || (attribute->shape != AttributeShape::text && !found->is_object())) {
    return std::nullopt;
  }
  const char* member = attribute->shape == AttributeShape::relative ? "full_name" : "text";
  const bool is_plain = attribute->shape == AttributeShape::text;
  const nlohmann::json value = is_plain ? *found : found->value(member, nlohmann::json{});
  if (!value.is_string()) return std::nullopt;
  return value.get<std::string>();
}

/// A question about one person. All of it is personal but agency, procedure and request_id.
struct PersonQuery {
  std::string request_id{};      ///< MaYeuCau: the same for every attempt
  std::string officer_number{};  ///< of the officer (cán bộ) who asks, from the organisation file
  AgencyId agency{};
  ProcedureCode procedure{};
  std::string purpose{};
  std::string personal_id{};  ///< 12 digits, or 9 of the old identity card
  std::string full_name{};
  std::string birth_date{};  ///< YYYY-MM-DD or YYYY
};

struct RegisterAnswer {
  AnswerClass answer_class = AnswerClass::unavailable;
  std::string detail{};                              ///< name of an AnswerDetail
  nlohmann::json person = nlohmann::json::object();  ///< attributes of kPersonAttributes; empty unless MATCH
  std::optional<Instant> data_time{};                ///< ThoiDiemDuLieu: of what time the register's data is
  Digest raw_hash{};                                 ///< SHA-256 of `raw`
  std::string raw{};  ///< the answer's bytes; empty if there was none, or too many
};

/// State of the link to the register.
enum class LinkState {
  up,     ///< look-ups are sent
  down,   ///< look-ups are answered UNAVAILABLE at once
  trial,  ///< the pause is over: the next look-up is sent alone, others wait for how it ends
};

/// Upper bounds of the latency figures, in milliseconds; one more bucket holds the rest.
inline constexpr std::array<std::int64_t, 8> kLatencyBounds{50, 100, 250, 500, 1000, 2500, 5000, 10000};

/// What metrics show. Counts since start but for the three `now`.
struct LinkFigures {
  std::uint64_t look_ups = 0;                           ///< asked for
  std::uint64_t attempts = 0;                           ///< sent over the link
  std::uint64_t retries = 0;                            ///< of those, not the first of their look-up
  std::array<std::uint64_t, kAnswerClasses> answers{};  ///< by AnswerClass
  std::uint64_t times_opened = 0;                       ///< how often the link went down
  LinkState state_now = LinkState::up;
  std::size_t waiting_now = 0;
  std::size_t sent_now = 0;
  std::array<std::uint64_t, kLatencyBounds.size() + 1> latency{};  ///< of look-ups that were sent, asked to
                                                                   ///< answered
  std::int64_t latency_sum_ms = 0;
};

class PopulationRegistry {
 public:
  PopulationRegistry() = default;
  PopulationRegistry(const PopulationRegistry&) = delete;
  PopulationRegistry& operator=(const PopulationRegistry&) = delete;
  virtual ~PopulationRegistry() = default;

  /// Asks for one person. `done` is called exactly once, on any thread, also when the process ends
  /// (UNAVAILABLE, `shutting_down`); it must not throw or block. Any thread; never waits.
  virtual void look_up(PersonQuery query, std::function<void(RegisterAnswer)> done) = 0;

  /// `told` hears every change of the link, on a thread of the implementation. Who holds unanswered look-ups
  /// sends one of them on `trial` and all of them on `up`; an UNAVAILABLE answer while the link stays up is
  /// asked again after a pause of the caller's own. Replaces what was set before.
  virtual void on_link_change(std::function<void(LinkState)> told) = 0;

  /// Any thread.
  [[nodiscard]] virtual LinkFigures figures() const = 0;
};

}  // namespace motcua::engine

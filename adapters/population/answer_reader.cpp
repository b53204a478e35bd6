#include "adapters/population/answer_reader.hpp"

#include "adapters/population/folded_name.hpp"
#include "adapters/population/person_reader.hpp"
#include "adapters/population/xml_tree.hpp"
#include "engine/core/ensure.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <pugixml.hpp>
#include <utility>

namespace motcua::adapters {
namespace {

using engine::AnswerClass;
using engine::AnswerDetail;
using nlohmann::json;

constexpr std::array<std::string_view, 2> kSoapNamespaces{"http://schemas.xmlsoap.org/soap/envelope/",
                                                          "http://www.w3.org/2003/05/soap-envelope"};
constexpr std::string_view kRegisterNamespace = "http://www.mic.gov.vn/dancu/1.0";

engine::Digest sha256(std::string_view bytes) {
  engine::Digest digest{};
  unsigned length = 0;
  ENSURE(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1);
  return digest;
}

bool is_soap(const pugi::xml_node& element) {
  const auto uri = namespace_of(element);
  return std::find(kSoapNamespaces.begin(), kSoapNamespaces.end(), uri) != kSoapNamespaces.end();
}

pugi::xml_node first_element(const pugi::xml_node& parent) {
  return parent.find_child([](const pugi::xml_node& child) { return child.type() == pugi::node_element; });
}

bool contains_one_of(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

/// Codes as X-Road, WS-Security and plain gateways write them. The fault's text is never looked at: it may
/// repeat what was asked.
AnswerDetail detail_of_fault(const pugi::xml_node& fault) {
  const auto code = child_named(fault, "Code");
  std::string codes = trimmed_text_of(child_named(fault, "faultcode")) + ' ' +
                      trimmed_text_of(child_named(code, "Value")) + ' ' +
                      trimmed_text_of(child_named(child_named(code, "Subcode"), "Value"));
  std::transform(codes.begin(), codes.end(), codes.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (contains_one_of(codes, {"accessdenied", "unauthori", "unauthenticated", "forbidden",
                              "failedauthentication", "failedcheck", "invalidsecuritytoken"})) {
    return AnswerDetail::access_denied;
  }
  if (contains_one_of(codes, {"client", "sender", "versionmismatch", "mustunderstand"})) {
    return AnswerDetail::fault_of_request;
  }
  return AnswerDetail::fault_of_server;
}

/// What the envelope holds: its only collection, or why there is none.
struct Opened {
  AnswerDetail detail = AnswerDetail::none;
  pugi::xml_node collection{};
  pugi::xml_node fault{};
};

Opened open_envelope(const pugi::xml_document& document) {
  const auto envelope = document.document_element();
  if (local_name(envelope) != "Envelope") return {AnswerDetail::not_soap, {}, {}};
  if (!is_soap(envelope)) return {AnswerDetail::wrong_namespace, {}, {}};
  const auto body = child_named(envelope, "Body");
  if (!body || !is_soap(body)) return {AnswerDetail::not_soap, {}, {}};
  const auto content = first_element(body);
  if (!content) return {AnswerDetail::no_record, {}, {}};
  if (local_name(content) == "Fault" && is_soap(content)) return {AnswerDetail::none, {}, content};
  if (namespace_of(content) != kRegisterNamespace) return {AnswerDetail::wrong_namespace, {}, {}};
  if (local_name(content) != "CongdanCollection") return {AnswerDetail::not_soap, {}, {}};
  return {AnswerDetail::none, content, {}};
}

/// The DTD is refused before anything in it is looked at; pugixml expands no entity but the five of XML.
AnswerDetail parse(std::string_view body, pugi::xml_document& document) {
  if (!is_utf8_text(body)) return AnswerDetail::not_xml;
  const auto parsed = document.load_buffer(body.data(), body.size(),
                                           pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
  for (const auto& node : document.children()) {
    if (node.type() == pugi::node_doctype) {
      return parsed ? AnswerDetail::document_type : AnswerDetail::not_xml;
    }
  }
  return parsed ? AnswerDetail::none : AnswerDetail::not_xml;
}

/// `20260302081500`, RFC 3339, or RFC 3339 without a zone, which is then that of Việt Nam.
std::optional<engine::Instant> read_data_time(const pugi::xml_node& collection) {
  std::string text = trimmed_text_of(child_named(collection, "ThoiDiemDuLieu"));
  if (text.empty()) text = collection.attribute("ThoiDiemDuLieu").value();
  if (text.size() == 14 && text.find_first_not_of("0123456789") == std::string::npos) {
    text = text.substr(0, 4) + '-' + text.substr(4, 2) + '-' + text.substr(6, 2) + 'T' + text.substr(8, 2) +
           ':' + text.substr(10, 2) + ':' + text.substr(12, 2);
  }
  if (auto instant = engine::parse_rfc3339(text)) return instant;
  return engine::parse_rfc3339(text + "+07:00");
}

std::string member(const json& person, const char* name) { return person.value(name, std::string{}); }

/// What shows that the record is another person's. Dates agree in what both state; each has a year.
AnswerDetail difference(const engine::PersonQuery& query, const json& person) {
  const char* number = query.personal_id.size() == 12 ? "personal_id" : "old_id_number";
  if (member(person, number) != query.personal_id) return AnswerDetail::number_differs;
  if (folded_name(member(person, "full_name")) != folded_name(query.full_name))
    return AnswerDetail::name_differs;
  const std::string recorded = member(person, "birth_date");
  const auto common = std::min(recorded.size(), query.birth_date.size());
  if (common == 0 || recorded.compare(0, common, query.birth_date, 0, common) != 0) {
    return AnswerDetail::birth_date_differs;
  }
  return AnswerDetail::none;
}

struct Record {
  AnswerDetail detail = AnswerDetail::none;
  json person = json::object();
  std::optional<engine::Instant> data_time{};
};

Record read_record(const engine::PersonQuery& query, const pugi::xml_node& collection) {
  Record read;
  read.data_time = read_data_time(collection);
  pugi::xml_node only;
  for (const auto& child : collection.children()) {
    if (child.type() != pugi::node_element || local_name(child) != "CongDan") continue;
    if (namespace_of(child) != kRegisterNamespace) return {AnswerDetail::wrong_namespace, json::object(), {}};
    if (only) return {AnswerDetail::several_records, json::object(), {}};
    only = child;
  }
  if (!only || !first_element(only)) {
    read.detail = AnswerDetail::no_record;
    return read;
  }
  auto person = read_person(only);
  if (!person) return {AnswerDetail::unreadable_record, json::object(), {}};
  read.detail = difference(query, *person);
  if (read.detail == AnswerDetail::none) read.person = std::move(*person);
  return read;
}

AnswerDetail detail_of_status(unsigned status) {
  if (status == 401 || status == 403) return AnswerDetail::http_refused;
  if (status == 408 || status == 429) return AnswerDetail::busy;
  if (status >= 500 && status < 600) return AnswerDetail::http_5xx;
  return status == 200 ? AnswerDetail::none : AnswerDetail::http_status;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_birth_date(const std::string& text) {
  return (text.size() == 4 && is_digits(text)) || engine::parse_iso_day(text).has_value();
}

}  // namespace

std::optional<AnswerDetail> unaskable(const engine::PersonQuery& query) {
  if (!is_digits(query.officer_number)) return AnswerDetail::officer_unknown;
  const bool has_number =
      is_digits(query.personal_id) && (query.personal_id.size() == 12 || query.personal_id.size() == 9);
  constexpr std::size_t kNameBytesMax = 1024;
  const bool has_name = query.full_name.size() <= kNameBytesMax && is_utf8_text(query.full_name) &&
                        !folded_name(query.full_name).empty() &&
                        std::none_of(query.full_name.begin(), query.full_name.end(),
                                     [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (!has_number || !has_name || !is_birth_date(query.birth_date)) return AnswerDetail::query_invalid;
  return std::nullopt;
}

AnswerClass class_of(AnswerDetail detail) {
  if (detail == AnswerDetail::none) return AnswerClass::match;
  if (detail <= AnswerDetail::query_invalid) return AnswerClass::no_match;
  if (detail <= AnswerDetail::shutting_down) return AnswerClass::unavailable;
  if (detail <= AnswerDetail::officer_unknown) return AnswerClass::refused;
  return AnswerClass::malformed;
}

engine::RegisterAnswer answer_without_record(AnswerDetail detail, std::string raw) {
  engine::RegisterAnswer answer;
  answer.answer_class = class_of(detail);
  answer.detail = name_of(detail);
  answer.raw_hash = sha256(raw);
  answer.raw = std::move(raw);
  return answer;
}

engine::RegisterAnswer classify(const engine::PersonQuery& query, unsigned status, std::string body) {
  AnswerDetail detail = detail_of_status(status);
  if (detail == AnswerDetail::http_refused || detail == AnswerDetail::busy ||
      detail == AnswerDetail::http_status) {
    return answer_without_record(detail, std::move(body));
  }
  pugi::xml_document document;
  const auto unreadable = parse(body, document);
  const auto opened = unreadable == AnswerDetail::none ? open_envelope(document) : Opened{unreadable, {}, {}};
  if (opened.fault) return answer_without_record(detail_of_fault(opened.fault), std::move(body));
  if (detail == AnswerDetail::none) detail = opened.detail;
  if (detail != AnswerDetail::none) return answer_without_record(detail, std::move(body));
  auto record = read_record(query, opened.collection);
  auto answer = answer_without_record(record.detail, std::move(body));
  answer.person = std::move(record.person);
  answer.data_time = record.data_time;
  return answer;
}

}  // namespace motcua::adapters

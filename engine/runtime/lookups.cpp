#include "engine/runtime/lookups.hpp"

#include <exception>
#include <utility>

namespace motcua::engine {
namespace {

using nlohmann::json;

const char* const kPerson = "person";
const char* const kRaw = "raw";

void read_public(const json& object, LookupRecord& lookup) {
  const auto answer_class = parse_answer_class(object.at("class").get<std::string>());
  const auto hash = digest_from_hex(object.at("raw_hash").get<std::string>());
  if (!answer_class || !hash) throw std::invalid_argument("unknown class or malformed hash");
  lookup.answer.answer_class = *answer_class;
  lookup.answer.raw_hash = *hash;
  lookup.answer.detail = object.at("detail").get<std::string>();
  lookup.procedure = ProcedureCode(object.at("procedure").get<std::string>());
  lookup.case_id = object.value("case", std::string());
  if (object.contains("data_time")) {
    lookup.answer.data_time = from_micros(object["data_time"].get<std::int64_t>());
  }
}

void read_person(const json& object, LookupRecord& lookup) {
  const auto& asked = object.at("query");
  lookup.query.personal_id = asked.at("personal_id").get<std::string>();
  lookup.query.full_name = asked.at("full_name").get<std::string>();
  lookup.query.birth_date = asked.at("birth_date").get<std::string>();
  lookup.query.purpose = asked.at("purpose").get<std::string>();
  lookup.answer.person = object.at("person");
}

FaultOr<void> open_secrets(KeyStore& keys, const Record& record, LookupRecord& lookup) {
  for (const auto& entry : record.sealed) {
    const auto opened = keys.open({record.stream, record.version, record.type}, entry);
    if (!opened) return opened.error();
    if (!*opened) continue;
    if (entry.subject.value == kRaw) {
      lookup.answer.raw = **opened;
    } else {
      read_person(json::parse(**opened), lookup);
    }
  }
  return {};
}

}  // namespace

StreamId lookup_stream(const CaseId& id) {
  return {StreamKind::lookup, std::string(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size())};
}

std::string public_text(const LookupRecord& lookup) {
  json object{{"class", name_of(lookup.answer.answer_class)},
              {"detail", lookup.answer.detail},
              {"procedure", lookup.procedure.value},
              {"raw_hash", to_hex(lookup.answer.raw_hash)}};
  if (!lookup.case_id.empty()) object["case"] = lookup.case_id;
  if (lookup.answer.data_time) object["data_time"] = to_micros(*lookup.answer.data_time);
  return object.dump();
}

std::vector<LookupSecret> secrets_of(const LookupRecord& lookup) {
  const json person{{"person", lookup.answer.person},
                    {"query",
                     {{"birth_date", lookup.query.birth_date},
                      {"full_name", lookup.query.full_name},
                      {"personal_id", lookup.query.personal_id},
                      {"purpose", lookup.query.purpose}}}};
  std::vector<LookupSecret> secrets{{SubjectName(kPerson), person.dump()}};
  if (!lookup.answer.raw.empty()) secrets.push_back({SubjectName(kRaw), lookup.answer.raw});
  return secrets;
}

FaultOr<LookupHandle> read_lookup(const EventStore& store, KeyStore& keys, const CaseId& id) {
  const auto records = store.read_stream(lookup_stream(id));
  if (!records) return records.error();
  if (records->empty()) return LookupHandle{};
  const auto& record = records->front();
  auto lookup = std::make_shared<LookupRecord>();
  lookup->id = id;
  lookup->officer = record.actor;
  lookup->agency = record.agency;
  lookup->asked_at = record.recorded_at;
  if (record.type != kLookupType || record.type_version != 1) {
    return Fault{"look-up record of type " + record.type + " is unknown"};
  }
  try {
    read_public(json::parse(record.public_bytes), *lookup);
    if (const auto opened = open_secrets(keys, record, *lookup); !opened) return opened.error();
  } catch (const std::exception&) {
    return Fault{"a look-up record is malformed"};
  }
  return LookupHandle{std::move(lookup)};
}

}  // namespace motcua::engine

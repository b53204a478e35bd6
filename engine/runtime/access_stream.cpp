#include "engine/runtime/access_stream.hpp"

#include <nlohmann/json.hpp>

#include <exception>
#include <utility>

namespace motcua::engine {
namespace {

using nlohmann::json;

Substitution read_set(const json& payload, const Record& record) {
  Substitution one;
  one.id = record.version;
  one.agency = AgencyId(payload.at("agency").get<std::string>());
  one.absent = ActorId(payload.at("absent").get<std::string>());
  one.substitute = ActorId(payload.at("substitute").get<std::string>());
  one.roles = payload.at("roles").get<std::vector<std::string>>();
  one.from = from_micros(payload.at("from").get<std::int64_t>());
  one.until = from_micros(payload.at("until").get<std::int64_t>());
  one.set_by = record.actor;
  one.set_at = record.recorded_at;
  return one;
}

}  // namespace

StreamId access_stream() { return {StreamKind::access, "main"}; }

std::string set_text(const Substitution& substitution) {
  return json{{"absent", substitution.absent.value},         {"agency", substitution.agency.value},
              {"from", to_micros(substitution.from)},        {"roles", substitution.roles},
              {"substitute", substitution.substitute.value}, {"until", to_micros(substitution.until)}}
      .dump();
}

std::string ended_text(std::uint64_t id) { return json{{"substitution", id}}.dump(); }

FaultOr<std::uint64_t> fold_in(Substitutions& table, const Record& record) {
  const bool is_set = record.type == kSubstitutionSetType;
  if (record.type_version != 1 || (!is_set && record.type != kSubstitutionEndedType)) {
    return Fault{"event type " + record.type + " version " + std::to_string(record.type_version) +
                 " of the access stream is unknown"};
  }
  try {
    const auto payload = json::parse(record.public_bytes);
    if (is_set) {
      table.set(read_set(payload, record));
      return record.version;
    }
    const auto id = payload.at("substitution").get<std::uint64_t>();
    table.end(id, record.actor, record.recorded_at);
    return id;
  } catch (const std::exception&) {
    return Fault{"a record of the access stream is malformed"};
  }
}

FaultOr<SubstitutionHandle> read_substitution(const EventStore& store, std::uint64_t version) {
  const auto records = store.read_stream(access_stream(), 1, version);
  if (!records) return records.error();
  Substitutions table;
  std::uint64_t about = 0;
  for (const auto& record : *records) {
    const auto id = fold_in(table, record);
    if (!id) return id.error();
    about = *id;
  }
  const auto* found = table.find(about);
  if (found == nullptr) return Fault{"a record of the access stream is missing"};
  return std::make_shared<const Substitution>(*found);
}

FaultOr<SubstitutionsHandle> SubstitutionReader::read() {
  const auto records = store_.read_stream(access_stream(), version_ + 1);
  if (!records) return records.error();
  if (records->empty()) return table_;
  auto table = std::make_shared<Substitutions>(*table_);
  for (const auto& record : *records) {
    if (const auto known = fold_in(*table, record); !known) return known.error();
  }
  version_ = records->back().version;
  table_ = std::move(table);
  return table_;
}

}  // namespace motcua::engine

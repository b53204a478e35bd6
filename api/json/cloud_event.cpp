#include "api/json/cloud_event.hpp"

#include "api/json/instant_members.hpp"
#include "api/json/problem.hpp"
#include "engine/core/time.hpp"

#include <algorithm>
#include <cstdint>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <vector>

namespace motcua::api {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr std::size_t kUsualBytes = 2048;

rapidjson::SizeType size_of(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

void write_text(Writer& writer, std::string_view text) { writer.String(text.data(), size_of(text)); }

void write_member(Writer& writer, std::string_view name, std::string_view text) {
  writer.Key(name.data(), size_of(name));
  write_text(writer, text);
}

/// Copies a payload event by event of the parser, instants as text, search tokens not at all.
class PayloadCopy {
 public:
  explicit PayloadCopy(Writer& writer) : writer_(writer) {}

  // The names and shapes below are those that rapidjson's reader calls.
  bool Null() { return is_left_out() || writer_.Null(); }
  bool Bool(bool value) { return is_left_out() || writer_.Bool(value); }
  bool Int(int value) { return whole(value); }
  bool Uint(unsigned value) { return whole(value); }
  bool Int64(std::int64_t value) { return whole(value); }
  bool Uint64(std::uint64_t value) { return whole(static_cast<std::int64_t>(value)); }  // below 2^53
  bool Double(double) { return false; }                                                 // no payload has one
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return is_left_out() || writer_.String(text, size);
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    const std::string_view name(text, size);
    if (left_out_depth_ > 0) return true;
    if (name == "search_tokens") {
      leaves_out_ = true;
      return true;
    }
    is_instant_ = is_instant(name) || (!holds_instants_.empty() && holds_instants_.back());
    holds_next_ = holds_instants(name);
    return writer_.Key(text, size);
  }
  bool StartObject() {
    if (opens_left_out()) return true;
    holds_instants_.push_back(holds_next_);
    holds_next_ = false;
    return writer_.StartObject();
  }
  bool EndObject(rapidjson::SizeType) {
    if (closes_left_out()) return true;
    holds_instants_.pop_back();
    return writer_.EndObject();
  }
  bool StartArray() {
    is_instant_ = false;
    return opens_left_out() || writer_.StartArray();
  }
  bool EndArray(rapidjson::SizeType) { return closes_left_out() || writer_.EndArray(); }

 private:
  bool whole(std::int64_t value) {
    if (is_left_out()) return true;
    if (!is_instant_) return writer_.Int64(value);
    write_text(writer_, engine::to_rfc3339(engine::from_micros(value)));
    return true;
  }
  /// True for a scalar of what is left out.
  bool is_left_out() {
    if (left_out_depth_ > 0) return true;
    const bool is = leaves_out_;
    leaves_out_ = false;
    return is;
  }
  bool opens_left_out() {
    if (left_out_depth_ == 0 && !leaves_out_) return false;
    leaves_out_ = false;
    ++left_out_depth_;
    return true;
  }
  bool closes_left_out() {
    if (left_out_depth_ == 0) return false;
    --left_out_depth_;
    return true;
  }

  Writer& writer_;
  bool is_instant_ = false;  ///< the value of the last key is one
  bool holds_next_ = false;  ///< the object that the last key begins holds instants
  std::vector<bool> holds_instants_{};
  bool leaves_out_ = false;  ///< the value of the last key
  int left_out_depth_ = 0;
};

void write_payload(Writer& writer, std::string_view payload) {
  rapidjson::StringBuffer buffer(nullptr, kUsualBytes);
  Writer copy_writer(buffer);
  PayloadCopy copy(copy_writer);
  rapidjson::MemoryStream bytes(payload.data(), payload.size());
  rapidjson::Reader reader;
  if (reader.Parse(bytes, copy).IsError()) {
    writer.Null();
  } else {
    writer.RawValue(buffer.GetString(), buffer.GetSize(), rapidjson::kObjectType);
  }
}

void write_state(Writer& writer, const engine::Case& after) {
  write_member(writer, "stage", engine::name_of(after.stage));
  writer.Key("steps");
  writer.StartArray();
  for (const auto& step : after.steps) write_text(writer, step.value);
  writer.EndArray();
  writer.Key("due_at");
  if (after.due.due_at) {
    write_text(writer, engine::to_rfc3339(*after.due.due_at));
  } else {
    writer.Null();
  }
}

void write_data(Writer& writer, const engine::Record& record, const engine::Case* after) {
  writer.StartObject();
  writer.Key("version");
  writer.Uint64(record.version);
  writer.Key("type_version");
  writer.Uint(record.type_version);
  write_member(writer, "occurred_at", engine::to_rfc3339(record.occurred_at));
  write_member(writer, "actor", record.actor.value);
  write_member(writer, "agency", record.agency.value);
  if (!record.on_behalf_of.empty()) write_member(writer, "on_behalf_of", record.on_behalf_of);
  if (after != nullptr) write_state(writer, *after);
  writer.Key("payload");
  write_payload(writer, record.public_bytes);
  writer.EndObject();
}

/// The id of a case or look-up, or the code of what was published.
std::string subject_of(const engine::StreamId& stream) {
  const bool is_uuid = stream.kind == engine::StreamKind::case_ || stream.kind == engine::StreamKind::lookup;
  engine::CaseId id;
  if (!is_uuid || stream.id.size() != id.bytes.size()) return stream.id;
  std::copy(stream.id.begin(), stream.id.end(), id.bytes.begin());
  return engine::to_text(id);
}

}  // namespace

std::string cloud_event(std::string_view log_id, const engine::Record& record, const engine::Case* after) {
  rapidjson::StringBuffer buffer(nullptr, kUsualBytes);
  Writer writer(buffer);
  const std::string log(log_id);
  writer.StartObject();
  write_member(writer, "specversion", "1.0");
  write_member(writer, "id", log + '-' + std::to_string(record.position));
  write_member(writer, "source", "/motcua/" + log);
  write_member(writer, "type", record.type);
  write_member(writer, "subject", subject_of(record.stream));
  write_member(writer, "time", engine::to_rfc3339(record.recorded_at));
  write_member(writer, "datacontenttype", "application/json");
  writer.Key("data");
  write_data(writer, record, after);
  writer.EndObject();
  return escape_hazards({buffer.GetString(), buffer.GetSize()});
}

}  // namespace motcua::api

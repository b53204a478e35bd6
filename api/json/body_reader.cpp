#include "api/json/body_reader.hpp"

#include <algorithm>

namespace motcua::api {
namespace {

constexpr std::size_t kCodeBytesMax = 128;

/// Names of unknown members are the client's text: only plain ones are repeated.
std::string escaped(const std::string& key) {
  const bool plain = !key.empty() && key.size() <= 64 && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
  return plain ? key : "?";
}

bool is_code(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  return plain && !text.empty() && text.size() <= kCodeBytesMax;
}

}  // namespace

void BodyReader::only(std::initializer_list<std::string_view> names) {
  for (const auto& [key, value] : object_.items()) {
    if (std::find(names.begin(), names.end(), key) == names.end())
      fault(pointer_ + '/' + escaped(key), "is not a member");
  }
}

const nlohmann::json* BodyReader::find(const char* name, bool required) {
  const auto it = object_.find(name);
  if (it != object_.end()) return &*it;
  if (required) fault(at(name), "is required");
  return nullptr;
}

std::optional<std::string> BodyReader::text(const char* name, bool required) {
  const auto* value = find(name, required);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    fault(at(name), "must be a string");
    return std::nullopt;
  }
  return value->get<std::string>();
}

std::optional<std::string> BodyReader::code(const char* name, bool required) {
  auto value = text(name, required);
  if (!value) return std::nullopt;
  if (!is_code(*value)) {
    fault(at(name), "must be a code of 1 to 128 ASCII characters");
    return std::nullopt;
  }
  return value;
}

std::string BodyReader::filled_text(const char* name, std::size_t most) {
  const auto value = text(name, true);
  if (!value) return {};
  if (value->empty() || value->size() > most) {
    fault(at(name), "must be a string of 1 to " + std::to_string(most) + " bytes");
    return {};
  }
  return *value;
}

engine::Instant BodyReader::instant(const char* name) {
  const auto value = text(name, true);
  if (!value) return {};
  const auto at_time = engine::parse_rfc3339(*value);
  if (!at_time) fault(at(name), "must be an RFC 3339 instant");
  return at_time.value_or(engine::Instant{});
}

std::optional<engine::LocalDay> BodyReader::day(const char* name, bool required) {
  const auto value = text(name, required);
  if (!value) return std::nullopt;
  const auto day = engine::parse_iso_day(*value);
  if (!day) fault(at(name), "must be a day, YYYY-MM-DD");
  return day;
}

std::optional<std::uint64_t> BodyReader::number(const char* name, bool required) {
  const auto* value = find(name, required);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_unsigned()) {
    fault(at(name), "must be a whole number, 0 or more");
    return std::nullopt;
  }
  return value->get<std::uint64_t>();
}

std::optional<engine::CaseId> BodyReader::uuid(const char* name, bool required) {
  const auto value = text(name, required);
  if (!value) return std::nullopt;
  const auto id = engine::parse_case_id(*value);
  if (!id) fault(at(name), "must be a UUID in lower case");
  return id;
}

const nlohmann::json* BodyReader::object(const char* name, bool required) {
  const auto* value = find(name, required);
  if (value != nullptr && !value->is_object()) {
    fault(at(name), "must be an object");
    return nullptr;
  }
  return value;
}

const nlohmann::json* BodyReader::array(const char* name, bool required, std::size_t most) {
  const auto* value = find(name, required);
  if (value == nullptr) return nullptr;
  if (!value->is_array() || value->size() > most) {
    fault(at(name), "must be an array of at most " + std::to_string(most) + " items");
    return nullptr;
  }
  return value;
}

bool BodyReader::boolean(const char* name) {
  const auto* value = find(name, false);
  if (value == nullptr) return false;
  if (!value->is_boolean()) fault(at(name), "must be true or false");
  return value->is_boolean() && value->get<bool>();
}

std::vector<std::string> BodyReader::codes(const char* name, std::size_t most) {
  std::vector<std::string> read;
  const auto* list = array(name, false, most);
  if (list == nullptr) return read;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto& item = (*list)[i];
    if (item.is_string() && is_code(item.get_ref<const std::string&>())) {
      read.push_back(item.get<std::string>());
    } else {
      fault(at(name) + '/' + std::to_string(i), "must be a code of 1 to 128 ASCII characters");
    }
  }
  return read;
}

void BodyReader::fault(const std::string& pointer, const std::string& reason) {
  if (faults_.size() < 100) faults_.push_back({{"pointer", pointer}, {"reason", reason}});
}

engine::Rejection invalid_body(nlohmann::json faults) {
  engine::Rejection rejection{engine::RejectionCode::invalid_data, "the request's body is not valid"};
  rejection.members["pointers"] = std::move(faults);
  return rejection;
}

}  // namespace motcua::api

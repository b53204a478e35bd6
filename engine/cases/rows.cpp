#include "engine/cases/rows.hpp"

#include "engine/cases/form_filling.hpp"
#include "engine/cases/row_keys.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace motcua::engine {
namespace {

Row timer_row(const Case& current, const CaseTimer& timer) {
  Row row;
  row.key = table_key(RowTable::timer);
  append_be64(row.key, static_cast<std::uint64_t>(to_micros(timer.due_at)));
  row.key.append(bytes_of(current.id));
  row.key.append(timer.kind);
  return row;
}

/// The value is empty: everything that the worker needs stands in the key and in the case.
Row effect_row(const Case& current, const OpenEffect& effect) {
  Row row;
  row.key = effect.kind == kLookupEffect ? effect_prefix() : inside_effect_prefix();
  append_be64(row.key,
              static_cast<std::uint64_t>(to_micros(current.due.due_at.value_or(effect.requested_at))));
  row.key.append(bytes_of(current.id));
  append_be64(row.key, effect.ref.version);
  append_be64(row.key, effect.ref.ordinal);
  return row;
}

}  // namespace

std::vector<Row> rows(const Case& current) {
  std::vector<Row> list;
  if (current.version == 0) return list;
  add_worklist_rows(current, list);
  for (const auto& timer : current.timers) list.push_back(timer_row(current, timer));
  for (const auto& effect : current.effects) list.push_back(effect_row(current, effect));
  for (const auto& code : current.codes) {
    if (code.system != kOneStopSystem) continue;
    if (auto key = case_code_key(code.code))
      list.push_back({*std::move(key), std::string(bytes_of(current.id))});
  }
  for (const auto& token : current.search_tokens) {
    list.push_back({search_key(token, {current.received_by, current.id}), {}});
    if (current.competent == current.received_by) continue;
    list.push_back({search_key(token, {current.competent, current.id}), {}});
  }
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

std::vector<RowChange> difference(const std::vector<Row>& before, const std::vector<Row>& after,
                                  std::map<std::string, std::int64_t>& counters) {
  std::vector<RowChange> changes;
  const auto count = [&](const Row& row, std::int64_t change) {
    for (auto& key : counters_of(row)) counters[std::move(key)] += change;
  };
  auto old = before.begin();
  auto now = after.begin();
  while (old != before.end() || now != after.end()) {
    const bool gone = now == after.end() || (old != before.end() && old->key < now->key);
    const bool is_new = !gone && (old == before.end() || now->key < old->key);
    if (gone) {
      count(*old, -1);
      changes.push_back({old->key, std::nullopt});
    } else if (is_new) {
      count(*now, 1);
      changes.push_back({now->key, now->value});
    } else if (old->value != now->value) {
      if (!counts_alike(*old, *now)) {
        count(*old, -1);
        count(*now, 1);
      }
      changes.push_back({now->key, now->value});
    }
    if (!is_new) ++old;
    if (!gone) ++now;
  }
  return changes;
}

Row generation_row() { return {table_key(RowTable::generation), std::to_string(kRowsGeneration)}; }

std::string timer_prefix() { return table_key(RowTable::timer); }

std::optional<TimerItem> read_timer_row(const Row& row) {
  std::string_view key = row.key;
  if (key.size() <= 1 + kNumberBytes + kIdBytes || !key.starts_with(timer_prefix())) return std::nullopt;
  key.remove_prefix(1);
  TimerItem item;
  item.due_at = from_micros(static_cast<std::int64_t>(read_be64(key)));
  key.remove_prefix(kNumberBytes);
  std::copy_n(key.begin(), kIdBytes, item.id.bytes.begin());
  item.kind = key.substr(kIdBytes);
  return item;
}

std::string effect_prefix() { return table_key(RowTable::effect); }

std::string inside_effect_prefix() { return table_key(RowTable::inside_effect); }

std::optional<EffectItem> read_effect_row(const Row& row) {
  std::string_view key = row.key;
  const bool is_effect = key.starts_with(effect_prefix()) || key.starts_with(inside_effect_prefix());
  if (key.size() != 1 + 3 * kNumberBytes + kIdBytes || !is_effect) return std::nullopt;
  key.remove_prefix(1 + kNumberBytes);
  EffectItem item;
  std::copy_n(key.begin(), kIdBytes, item.id.bytes.begin());
  key.remove_prefix(kIdBytes);
  item.ref.version = read_be64(key);
  item.ref.ordinal = static_cast<std::uint32_t>(read_be64(key.substr(kNumberBytes)));
  return item;
}

std::string search_prefix(std::string_view token) {
  auto key = table_key(RowTable::search);
  key += from_hex(token).value_or(std::string());
  return key;
}

std::string search_key(std::string_view token, const SearchItem& item) {
  auto key = search_prefix(token);
  append_sized(key, item.agency.value);
  key.append(bytes_of(item.id));
  return key;
}

std::optional<SearchItem> read_search_key(std::string_view key) {
  if (key.size() < 1 + kSearchTokenBytes || key.front() != static_cast<char>(RowTable::search))
    return std::nullopt;
  key.remove_prefix(1 + kSearchTokenBytes);
  std::string_view agency;
  if (!take_sized(key, agency) || key.size() != kIdBytes) return std::nullopt;
  SearchItem item{AgencyId(std::string(agency)), {}};
  std::copy_n(key.begin(), kIdBytes, item.id.bytes.begin());
  return item;
}

std::string case_code(const std::string& prefix, LocalDay day, std::uint64_t number) {
  const std::chrono::year_month_day date{day};
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "-%02d%02u%02u-%04llu", static_cast<int>(date.year()) % 100,
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<unsigned long long>(number));
  return prefix + text.data();
}

std::optional<std::string> case_code_key(std::string_view code) {
  const auto last = code.rfind('-');
  if (code.size() > 128 || last == std::string_view::npos || last < 8 || code[last - 7] != '-')
    return std::nullopt;
  const auto digits = code.substr(last + 1);
  const auto day = code.substr(last - 6, 6);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digits.size() < 4 || digits.size() > 18 || !std::all_of(digits.begin(), digits.end(), is_digit))
    return std::nullopt;
  if (!std::all_of(day.begin(), day.end(), is_digit)) return std::nullopt;
  if (digits.size() > 4 && digits.front() == '0') return std::nullopt;
  auto key = table_key(RowTable::case_code);
  append_sized(key, code.substr(0, last - 7));
  key.append(day);
  append_be64(key, std::stoull(std::string(digits)));
  return key;
}

std::string case_code_prefix(const std::string& prefix, LocalDay day) {
  auto key = *case_code_key(case_code(prefix, day, 0));
  key.resize(key.size() - kNumberBytes);
  return key;
}

std::uint64_t case_code_number(std::string_view key) {
  return read_be64(key.substr(key.size() - kNumberBytes));
}

}  // namespace motcua::engine

#include "engine/runtime/waiting_cases.hpp"

#include <algorithm>
#include <string>

namespace motcua::engine {
namespace {

constexpr std::size_t kRowsAtOnce = 4096;

}  // namespace

FaultOr<std::vector<CaseId>> waiting_cases(const EventStore& store,
                                           const std::function<bool(const WorklistItem&)>& wanted) {
  std::vector<CaseId> ids;
  const std::string table(1, static_cast<char>(RowTable::worklist));
  std::string after;
  while (true) {
    const auto rows = store.read_rows(table, after, kRowsAtOnce);
    if (!rows) return rows.error();
    for (const auto& row : *rows) {
      const auto item = read_worklist_row(row);
      if (item && wanted(*item)) ids.push_back(item->id);
    }
    if (rows->size() < kRowsAtOnce) break;
    after = rows->back().key;
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace motcua::engine

#include "engine/runtime/case_cache.hpp"

namespace motcua::engine {
namespace {

// What a member of a tree, an entry of a list or a map, and a text cost beside what they hold.
constexpr std::size_t kMemberBytes = 96;
constexpr std::size_t kEntryBytes = 128;
constexpr std::size_t kTextBytes = 48;
constexpr std::size_t kCaseBytes = sizeof(LoadedCase) + 2'048;

std::size_t tree_bytes(const nlohmann::json& tree) {
  if (tree.is_string()) return tree.get_ref<const std::string&>().size() + kTextBytes;
  if (!tree.is_structured()) return 0;
  std::size_t bytes = 0;
  for (const auto& part : tree) bytes += kMemberBytes + tree_bytes(part);
  return bytes;
}

/// The trees, and as much again for the texts that answers are made of.
std::size_t content_bytes(const CaseContent& content) {
  return 2 * (tree_bytes(content.applicant) + tree_bytes(content.data) + tree_bytes(content.results) +
              tree_bytes(content.registered));
}

/// Everything but the content.
std::size_t state_bytes(const LoadedCase& held) {
  const auto& state = held.state;
  const std::size_t entries = state.provenance->size() + state.clock.ledger.size() + state.promises.size() +
                              state.papers.size() + state.assignees.size() + state.consultations.size() +
                              state.search_tokens.size() + state.completions.size() + state.timers.size() +
                              state.duties.size() + state.effects.size() + state.tasks.size() +
                              state.linked.size() + state.earlier.size() + state.moves.size();
  std::size_t bytes = kCaseBytes + entries * kEntryBytes;
  for (const auto& row : held.rows) bytes += row.key.size() + row.value.size() + 2 * kTextBytes;
  return bytes;
}

}  // namespace

CaseHandle CaseCache::find(const CaseId& id) {
  const auto slot = slots_.find(id);
  if (slot == slots_.end()) return nullptr;
  order_.splice(order_.begin(), order_, slot->second.place);
  return slot->second.handle;
}

void CaseCache::put(const CaseHandle& handle) {
  const auto [found, is_new] = slots_.try_emplace(handle->state.id);
  auto& slot = found->second;
  if (is_new) {
    slot.place = order_.insert(order_.begin(), handle->state.id);
  } else {
    order_.splice(order_.begin(), order_, slot.place);
  }
  if (is_new || !slot.handle->content.same_as(handle->content)) {
    slot.content_bytes = content_bytes(*handle->content);
  }
  bytes_ -= slot.bytes;
  slot.bytes = state_bytes(*handle) + slot.content_bytes;
  bytes_ += slot.bytes;
  slot.handle = handle;
}

void CaseCache::trim() {
  while (bytes_ > bytes_max_ && slots_.size() > cases_min_) {
    const auto oldest = slots_.find(order_.back());
    bytes_ -= oldest->second.bytes;
    slots_.erase(oldest);
    order_.pop_back();
  }
}

}  // namespace motcua::engine

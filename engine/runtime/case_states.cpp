#include "engine/runtime/case_states.hpp"

#include <utility>

namespace motcua::engine {

Case* CaseStates::find(const CaseId& id) {
  if (const auto known = newer_.find(id); known != newer_.end()) return &known->second;
  auto known = older_.extract(id);
  if (known.empty()) return nullptr;
  return &newer_.insert(std::move(known)).position->second;
}

Case& CaseStates::keep(Case state) {
  if (newer_.size() >= kept_) {
    older_ = std::move(newer_);
    newer_ = {};
  }
  return newer_.insert_or_assign(state.id, std::move(state)).first->second;
}

bool CaseStates::evolve_known(Case& state, const Record& record) {
  if (!decode_event_into(event_, record.type, record.type_version, record.public_bytes)) return false;
  evolve_in_place(state, event_, meta_of(record));
  return true;
}

const Case* CaseStates::after(const Record& record) {
  const auto id = case_of(record.stream);
  auto* known = find(id);
  if (known != nullptr && known->version == record.version) return known;
  if (known != nullptr && known->version + 1 == record.version) {
    return evolve_known(*known, record) ? known : nullptr;
  }
  if (record.version == 1) {
    passing_ = {};
    if (!evolve_known(passing_, record)) return nullptr;
  } else {
    ReadUntil until;
    until.version = record.version;
    const auto loaded = loader_.load(id, until);
    if (!loaded || !*loaded || (*loaded)->state.version != record.version) return nullptr;
    passing_ = (*loaded)->state;
  }
  if (known != nullptr && known->version > record.version) return &passing_;
  return &keep(std::exchange(passing_, {}));
}

void CaseStates::clear() {
  newer_ = {};
  older_ = {};
}

}  // namespace motcua::engine

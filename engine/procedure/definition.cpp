#include "engine/procedure/definition.hpp"

#include <algorithm>

namespace motcua::engine {

const PaperRule* Definition::find_paper(const PaperCode& paper) const {
  const auto found =
      std::find_if(papers.begin(), papers.end(), [&](const PaperRule& rule) { return rule.code == paper; });
  return found == papers.end() ? nullptr : &*found;
}

const FeeRule* Definition::find_fee(std::string_view fee) const {
  const auto found =
      std::find_if(fees.begin(), fees.end(), [&](const FeeRule& rule) { return rule.code == fee; });
  return found == fees.end() ? nullptr : &*found;
}

const FormLeaf* Definition::find_leaf(std::string_view pointer) const {
  const auto found = std::find_if(leaves.begin(), leaves.end(),
                                  [&](const FormLeaf& leaf) { return leaf.pointer == pointer; });
  return found == leaves.end() ? nullptr : &*found;
}

SubjectName Definition::subject_of(std::string_view pointer) const {
  const SubjectName* nearest = nullptr;
  for (const SubjectName& subject : subjects) {
    const auto& prefix = subject.value;
    const bool inside = pointer.substr(0, prefix.size()) == prefix &&
                        (pointer.size() == prefix.size() || pointer[prefix.size()] == '/');
    if (inside && (nearest == nullptr || nearest->value.size() < prefix.size())) {
      nearest = &subject;
    }
  }
  return nearest == nullptr ? SubjectName("data") : *nearest;
}

const ConsultationRule& Definition::consultation_of(const AgencyId& asked) const {
  // Three working days: unverified in general. @law interlinked/acknowledgement
  static const ConsultationRule kUsual{{}, WorkingSeconds{3 * kWorkingDaySeconds}, WorkingSeconds{2 * 3600}};
  const auto about = [&](const AgencyId& whom) {
    return std::find_if(consultations.begin(), consultations.end(),
                        [&](const ConsultationRule& rule) { return rule.agency == whom; });
  };
  auto found = about(asked);
  if (found == consultations.end()) found = about(AgencyId());
  return found == consultations.end() ? kUsual : *found;
}

}  // namespace motcua::engine

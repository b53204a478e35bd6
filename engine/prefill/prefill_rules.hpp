/// What the part of a definition that prefills must keep (motcua lint): every leaf that is not asked is
/// filled by some rule, every rule can be carried out, nothing is asked that the register holds. Pure; works
/// on the document itself and assumes nothing about its shape.
#pragma once

#include "engine/procedure/definition_rules.hpp"

#include <vector>

namespace motcua::engine {

/// Rules prefill-field, prefill-subject, prefill-attribute, prefill-kind (exactly one of `attribute` and
/// `rule`), prefill-rule (its conditions), prefill-order (a rule that never gets its turn), prefill-source
/// (leaf and rule name different sources), prefill-missing (a leaf is neither asked nor filled),
/// derived-without-law, paper-attribute, once-only-paper, once-only (warning).
/// @law population/once-only
[[nodiscard]] RuleFindings check_prefill(const OrderedJson& document, const std::vector<FormLeaf>& leaves);

}  // namespace motcua::engine

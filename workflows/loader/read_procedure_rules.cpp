#include "engine/procedure/time_of_day.hpp"
#include "workflows/loader/readers.hpp"

#include <utility>

namespace motcua::workflows {
namespace {

using engine::LimitCounting;
using engine::LimitUnit;

/// The id that `law` names, or the first of them.
std::string first_law(const Json& object) {
  const Json& law = member(object, "law");
  if (law.is_array() && !law.empty() && law.front().is_string()) return law.front().get<std::string>();
  return text_of(object, "law");
}

nlohmann::json condition(const Json& object, const char* name) { return member(object, name); }

std::int64_t amount_of(const Json& json) {
  const Json& amount = member(json, "amount");
  return amount.is_number_integer() ? amount.get<std::int64_t>() : 0;
}

/// An amount of money; none where the file has null or nothing.
std::optional<std::int64_t> dong(const Json& object, const char* name) {
  const Json& amount = member(object, name);
  return amount.is_number_integer() ? std::optional(amount.get<std::int64_t>()) : std::nullopt;
}

/// Act and article of a law that the document lists; empty if it lists no such law.
std::string basis_of(const Json& document, const std::string& id) {
  std::string basis;
  engine::each_element(member(document, "law"), "", [&](const std::string&, const Json& law) {
    if (text_of(law, "id") != id) return;
    const auto article = text_of(law, "article");
    basis = article.empty() ? text_of(law, "act") : article + ", " + text_of(law, "act");
  });
  return basis;
}

engine::TimeLimit read_alternative(const Json& document, const Json& json) {
  engine::TimeLimit alternative{read_limit(json), condition(json, "when"), {}};
  engine::each_element(member(json, "supplements"), "", [&](const std::string&, const Json& supplement) {
    const auto law = first_law(supplement);
    alternative.supplements.push_back(
        {{amount_of(supplement), law, basis_of(document, law)}, condition(supplement, "when")});
  });
  return alternative;
}

engine::TimeLimit no_limit(const Json& document) {
  engine::TimeLimit none;
  none.limit.unit = LimitUnit::none;
  none.limit.law = first_law(member(document, "no_time_limit"));
  return none;
}

}  // namespace

engine::Limit read_limit(const Json& json) {
  engine::Limit limit;
  limit.amount = amount_of(json);
  limit.unit = engine::limit_unit_from(text_of(json, "unit")).value_or(LimitUnit::working_day);
  limit.counting =
      text_of(json, "counting") == "civil_code" ? LimitCounting::civil_code : LimitCounting::working_time;
  limit.cutoff = engine::parse_time_of_day(text_of(json, "cutoff"));
  limit.law = first_law(json);
  return limit;
}

namespace {

std::optional<engine::WorkingSeconds> read_working_time(const Json& json) {
  const Json& amount = member(json, "amount");
  if (!amount.is_number_integer()) return std::nullopt;
  const std::int64_t each = text_of(json, "unit") == "working_hour" ? 3600 : engine::kWorkingDaySeconds;
  return engine::WorkingSeconds{amount.get<std::int64_t>() * each};
}

}  // namespace

void read_other_limits(const Json& document, engine::Definition& definition) {
  const auto usual = definition.consultation_of(engine::AgencyId());
  engine::each_element(member(document, "consultations"), "", [&](const std::string&, const Json& json) {
    definition.consultations.push_back(
        {engine::AgencyId(text_of(json, "agency")), read_working_time(json).value_or(usual.answer),
         read_working_time(member(json, "acknowledge")).value_or(usual.acknowledge)});
  });
  const Json& supplement = member(document, "supplement");
  const Json& reply = member(supplement, "reply_within");
  if (const auto within = read_working_time(reply)) {
    definition.supplement_reply = {*within, text_of(supplement, "on_silence") == "stop", first_law(reply)};
  }
  definition.delivery_limit = read_working_time(member(document, "delivery"));
}

void read_time_limits(const Json& document, engine::Definition& definition) {
  const Json& limits = member(document, "time_limit");
  engine::each_element(limits, "", [&](const std::string&, const Json& limit) {
    definition.time_limits.push_back(read_alternative(document, limit));
  });
  if (definition.time_limits.empty()) {
    definition.time_limits.push_back(limits.is_null() ? no_limit(document)
                                                      : read_alternative(document, limits));
  }
  const Json& last = limits.is_array() && !limits.empty() ? limits.back() : limits;
  const Json& most = member(last, "max_extensions");
  definition.max_extensions = most.is_number_integer() && most > 0 ? most.get<std::int64_t>() : 0;
}

void read_effective(const Json& document, engine::Definition& definition) {
  const Json& effective = member(document, "effective");
  definition.effective_to = engine::parse_iso_day(text_of(effective, "to"));
  definition.switches_open_cases = text_of(effective, "open_cases") == "switch";
  definition.effective_law = first_law(effective);
}

std::vector<engine::FeeRule> read_fees(const Json& fees) {
  std::vector<engine::FeeRule> rules;
  engine::each_element(fees, "", [&](const std::string&, const Json& json) {
    engine::FeeRule rule{text_of(json, "code"),
                         dong(json, "amount_vnd"),
                         dong(json, "online_amount_vnd"),
                         condition(json, "exempt_when"),
                         {}};
    engine::each_element(member(json, "instead"), "", [&](const std::string&, const Json& other) {
      rule.instead.push_back({condition(other, "when"), engine::parse_iso_day(text_of(other, "until")),
                              dong(other, "amount_vnd"), dong(other, "online_amount_vnd")});
    });
    rules.push_back(std::move(rule));
  });
  return rules;
}

std::vector<engine::PrefillRule> read_prefill(const Json& document) {
  std::vector<engine::PrefillRule> rules;
  engine::each_element(member(document, "prefill"), "", [&](const std::string&, const Json& json) {
    engine::PrefillRule rule;
    rule.field = text_of(json, "field");
    rule.source = text_of(json, "source");
    rule.subject = text_of(json, "subject");
    rule.attribute = text_of(json, "attribute");
    rule.rule = condition(json, "rule");
    rule.when = condition(json, "when");
    rule.on_conflict = text_of(json, "on_conflict") == "register_wins" ? engine::OnConflict::register_wins
                                                                       : engine::OnConflict::clerk_decides;
    rule.lock = member(json, "lock") == true;
    rule.law = first_law(json);
    rules.push_back(std::move(rule));
  });
  return rules;
}

}  // namespace motcua::workflows

#include "workflows/loader/packed_text.hpp"
#include "workflows/loader/readers.hpp"

#include <openssl/sha.h>

#include <iterator>
#include <utility>

namespace motcua::workflows {
namespace {

/// Remarks (`x-` members) are for readers of the file, not of the case.
void drop_remarks(nlohmann::json& object) {
  if (!object.is_object()) return;  // a published file is read even where the linter would refuse it
  for (auto it = object.begin(); it != object.end();) {
    it = it.key().starts_with("x-") ? object.erase(it) : std::next(it);
  }
}

/// The fees as they are shown with a case.
std::string fees_shown(const Json& document) {
  nlohmann::json fees(member(document, "fees"));
  for (auto& fee : fees) {
    drop_remarks(fee);
    if (!fee.is_object() || !fee.contains("instead")) continue;
    for (auto& amount : fee["instead"]) drop_remarks(amount);
  }
  return fees.dump();
}

void read_law(const Json& document, engine::Definition& definition) {
  engine::each_element(member(document, "law"), "", [&](const std::string&, const Json& json) {
    definition.law.push_back(
        {text_of(json, "id"), text_of(json, "act"), text_of(json, "article"), text_of(json, "url")});
  });
}

void read_reasons(const Json& document, engine::Definition& definition) {
  engine::each_element(member(document, "pause_reasons"), "", [&](const std::string&, const Json& json) {
    definition.pause_reasons.push_back({text_of(json, "code"), text_of(json, "law"), text_of(json, "whose"),
                                        read_label(member(json, "name"))});
  });
  engine::each_element(member(document, "refusal_reasons"), "", [&](const std::string&, const Json& json) {
    definition.refusal_reasons.push_back(text_of(json, "code"));
  });
  engine::each_element(member(document, "channels"), "", [&](const std::string&, const Json& json) {
    definition.channels.push_back(json.is_string() ? json.get<std::string>() : "");
  });
  const Json& most = member(member(document, "supplement"), "max");
  if (most.is_number_integer()) {
    definition.supplement_requests_max = most.get<int>();
  }
}

std::vector<std::string> texts(const Json& list) {
  std::vector<std::string> all;
  engine::each_element(list, "", [&](const std::string&, const Json& text) {
    if (text.is_string()) all.push_back(text.get<std::string>());
  });
  return all;
}

int small_number(const Json& json, int otherwise) {
  const bool fits = json.is_number_integer() && json >= 0 && json <= 1'000'000;
  return fits ? json.get<int>() : otherwise;
}

engine::PaperForm read_paper_form(const std::string& form) {
  return form == "certified_copy" ? engine::PaperForm::certified_copy
         : form == "copy"         ? engine::PaperForm::copy
         : form == "electronic"   ? engine::PaperForm::electronic
                                  : engine::PaperForm::original;
}

void read_papers(const Json& document, engine::Definition& definition) {
  engine::each_element(member(document, "papers"), "", [&](const std::string&, const Json& json) {
    engine::PaperRule paper;
    paper.code = engine::PaperCode(text_of(json, "code"));
    paper.name = read_label(member(json, "name"));
    const Json& required = member(json, "required");
    paper.required = required.is_boolean() && required.get<bool>();
    paper.required_when = required.is_object() ? nlohmann::json(required) : nlohmann::json(nullptr);
    paper.replaced_by = text_of(json, "replaced_by");
    paper.form = read_paper_form(text_of(json, "form"));
    paper.copies = small_number(member(json, "copies"), 1);
    paper.reusable = member(json, "reusable") == true;
    paper.look_up_first = texts(member(json, "look_up_first"));
    paper.original_on_collection = member(json, "original_on_collection") == true;
    paper.proves = texts(member(json, "proves"));
    definition.papers.push_back(std::move(paper));
  });
  engine::each_element(member(document, "results"), "", [&](const std::string&, const Json& json) {
    definition.results.push_back({text_of(json, "code"), read_label(member(json, "name")),
                                  small_number(member(json, "originals"), 1)});
  });
}

}  // namespace

engine::Digest sha256(const std::string& bytes) {
  engine::Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return digest;
}

engine::Label read_label(const Json& label) { return {text_of(label, "vi"), text_of(label, "en")}; }

std::shared_ptr<const engine::Definition> read_procedure(LocatedJson& located, const std::string& bytes,
                                                         CompiledForm form) {
  const Json& document = located.document;
  auto machine = read_machine(located);
  const auto from = engine::parse_iso_day(text_of(member(document, "effective"), "from"));
  const Json& version = member(document, "version");
  if (!machine || !from || !version.is_number_integer() || text_of(document, "code").empty()) {
    located.error("", "unreadable", kDefinitionNeeds);
    return nullptr;
  }
  auto definition = std::make_shared<engine::Definition>();
  definition->code = engine::ProcedureCode(text_of(document, "code"));
  definition->version = version.get<std::int64_t>();
  definition->hash = sha256(bytes);
  definition->name = read_label(member(document, "name"));
  definition->agency = read_label(member(document, "agency"));
  definition->level = text_of(document, "level");
  definition->published = text_of(document, "status") == "published";
  definition->effective_from = *from;
  read_effective(document, *definition);
  read_time_limits(document, *definition);
  read_other_limits(document, *definition);
  definition->prefill = read_prefill(document);
  definition->prerequisites = read_prerequisites(document);
  definition->machine = std::move(*machine);
  definition->leaves = std::move(form.leaves);
  definition->leaves.shrink_to_fit();
  definition->machine.states.shrink_to_fit();
  definition->subjects = std::move(form.subjects);
  definition->shape = std::move(form.shape);
  definition->document = std::make_shared<const PackedText>(bytes);
  if (member(document, "fees").is_array()) {
    definition->fees_text = fees_shown(document);
    definition->fees = read_fees(member(document, "fees"));
  }
  read_law(document, *definition);
  read_reasons(document, *definition);
  read_papers(document, *definition);
  return definition;
}

}  // namespace motcua::workflows

#include "api/web/receipt.hpp"

#include "api/json/view_json.hpp"
#include "api/web/html_text.hpp"
#include "api/web/qr_code.hpp"
#include "api/web/receipt_words.hpp"
#include "engine/cases/derivation.hpp"
#include "engine/deadline/sentences.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace motcua::api {
namespace {

using engine::Language;
using nlohmann::json;

/// Where somebody writes by hand.
constexpr const char* kBlank = "<span class=\"hand\">……………………</span>";

/// A value of a person, or room to write it.
std::string value_or_blank(const json* value, bool is_masked) {
  if (value == nullptr || !value->is_string() || value->get_ref<const std::string&>().empty()) return kBlank;
  return is_masked ? "***" : html_text(value->get_ref<const std::string&>());
}

const json* member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

bool is_same_text(const json* left, const json* right) {
  return left != nullptr && right != nullptr && left->is_string() && *left == *right;
}

/// True for an object of the form that is the applicant: the same number, or the same name where it has none.
bool is_applicant(const json& person, const json& applicant) {
  const auto* number = member(person, "personal_id");
  if (number != nullptr) return is_same_text(number, member(applicant, "personal_id"));
  return is_same_text(member(person, "full_name"), member(applicant, "full_name"));
}

/// The applicant's address, telephone, ...: a leaf of that kind in the part of the form that is the
/// applicant.
const json* applicants(const engine::LoadedCase& received, std::string_view kind) {
  if (!received.rules.definition) return nullptr;
  const auto& content = *received.content;
  for (const auto& leaf : received.rules.definition->leaves) {
    const auto parent = leaf.pointer.substr(0, leaf.pointer.rfind('/'));
    if (leaf.kind != kind || parent.empty()) continue;
    const auto* person = engine::value_at(content.data, parent);
    if (person == nullptr || !person->is_object() || !is_applicant(*person, content.applicant)) continue;
    return engine::value_at(content.data, leaf.pointer);
  }
  return nullptr;
}

std::string paragraph(const std::string& text) { return "<p>" + html_text(text) + "</p>\n"; }

class Receipt {
 public:
  Receipt(const ReceiptFacts& facts, Language language)
      : facts_(facts), language_(language), then_(*facts.received), now_(*facts.current) {
    if (!then_.rules.definition || !then_.rules.calendar) return;
    standing_then_ = engine::standing_of(then_.state, then_.rules.limiting(), *then_.rules.calendar);
    if (!now_.rules.definition || !now_.rules.calendar) return;
    standing_now_ = engine::standing_of(now_.state, now_.rules.limiting(), *now_.rules.calendar);
  }

  std::string page() {
    page_ = receipt_labels(language_);
    add_head();
    add_applicant();
    add_papers();
    add_time();
    return fill_page(receipt_page(), page_);
  }

 private:
  [[nodiscard]] std::string say(const char* vi, const char* en) const { return in(language_, vi, en); }
  [[nodiscard]] const std::string& name_of(const engine::Label& label) const {
    return language_ == Language::vietnamese || label.en.empty() ? label.vi : label.en;
  }
  [[nodiscard]] engine::Instant received_at() const {
    const auto& ledger = then_.state.clock.ledger;
    return ledger.empty() ? then_.state.moves.back().at : ledger.front().at;
  }

  void add_head() {
    const auto& state = then_.state;
    const auto* organisation = then_.rules.organisation.get();
    const auto* agency = organisation == nullptr ? nullptr : organisation->find(state.received_by);
    const auto* above = agency == nullptr || !agency->parent ? nullptr : organisation->find(*agency->parent);
    const auto code = state.codes.empty() ? std::string() : state.codes.front().code;
    const auto sequence = code.substr(code.rfind('-') + 1);
    page_["agency"] = html_text(agency == nullptr ? state.received_by.value : agency->name);
    page_["above"] = above == nullptr ? "" : html_text(above->name);
    page_["code"] = html_text(code);
    page_["qr"] = qr_svg(code);
    page_["sequence"] = html_text(sequence);
    page_["number"] = html_text(sequence) + "/TTPVHCC";
    page_["day"] = html_text(form_day(received_at(), language_));
    page_["receiver"] = html_text(officer_name(agency));
  }

  [[nodiscard]] std::string officer_name(const engine::Agency* agency) const {
    if (agency == nullptr) return facts_.receiver.value;
    const auto found =
        std::find_if(agency->officers.begin(), agency->officers.end(),
                     [&](const engine::Officer& officer) { return officer.sub == facts_.receiver; });
    return found == agency->officers.end() ? facts_.receiver.value : found->name;
  }

  void add_applicant() {
    const auto& applicant = then_.content->applicant;
    const auto shown = facts_.is_masked ? masked_applicant(applicant) : applicant;
    page_["name"] = value_or_blank(member(shown, "full_name"), false);
    page_["address"] = value_or_blank(applicants(then_, "address"), facts_.is_masked);
    page_["phone"] = value_or_blank(applicants(then_, "phone"), facts_.is_masked);
    page_["email"] = value_or_blank(applicants(then_, "email"), facts_.is_masked);
    const auto* definition = then_.rules.definition.get();
    const auto& code = then_.state.pins.procedure.value;
    page_["procedure"] = html_text(definition == nullptr ? code : name_of(definition->name));
    page_["procedure_code"] = html_text(code);
    page_["return_place"] = html_text(return_place_words(then_.state.channel, language_));
  }

  [[nodiscard]] const engine::PaperRule* rule_of(const engine::PaperCode& paper) const {
    return then_.rules.definition ? then_.rules.definition->find_paper(paper) : nullptr;
  }
  [[nodiscard]] std::string paper_name(const engine::PaperCode& paper) const {
    const auto* rule = rule_of(paper);
    return rule == nullptr ? paper.value : name_of(rule->name);
  }

  void add_papers() {
    std::string rows;
    std::size_t row = 0;
    for (const auto& paper : then_.state.papers) {
      const auto* rule = rule_of(paper.code);
      const bool is_electronic = !paper.document_id.empty() || rule == nullptr;
      const auto form = is_electronic ? engine::PaperForm::electronic : rule->form;
      rows += "<tr><td class=\"n\">" + std::to_string(++row) + "</td><td>" +
              html_text(paper_name(paper.code)) + "</td><td>" + html_text(form_words(form, language_)) +
              "</td><td class=\"n\">" + std::to_string(rule == nullptr ? 1 : rule->copies) + "</td></tr>\n";
    }
    page_["papers"] = rows;
    page_["missing"] = missing();
  }

  /// What was still absent when the case was received all the same.
  [[nodiscard]] std::string missing() const {
    std::vector<std::string> names;
    for (const auto& item : then_.state.missing) {
      const auto* leaf = item.paper.empty() && then_.rules.definition
                             ? then_.rules.definition->find_leaf(item.pointer)
                             : nullptr;
      names.push_back(!item.paper.empty() ? paper_name(item.paper)
                      : leaf == nullptr   ? item.pointer
                                          : name_of(leaf->title));
    }
    if (names.empty()) return {};
    auto text = say("Tiếp nhận khi còn thiếu: ", "Received while these were missing: ");
    for (std::size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : "; ") + names[i];
    return paragraph(text + '.');
  }

  void add_time() {
    const auto* definition = then_.rules.definition.get();
    const auto& promises = then_.state.promises;
    page_["limit"] = definition == nullptr
                         ? kBlank
                         : html_text(limit_words(engine::limit_of(then_.state, *definition), language_));
    page_["received_at"] = html_text(form_moment(received_at(), language_));
    page_["return_at"] = html_text(
        promises.empty() ? say("không hẹn ngày trả, vì thời hạn của thủ tục này không tính thành ngày",
                               "no date is promised, since the limit of this procedure is not counted")
                         : form_moment(promises.back().due_at, language_));
    page_["standing"] = standing_then_ && standing_then_->provisional ? provisional() : "";
    page_["why"] = promises.empty() ? "" : why(then_, standing_then_);
    page_["promises"] = later_promises();
  }

  [[nodiscard]] std::string provisional() const {
    return paragraph(say("Ngày hẹn này là tạm tính: lịch nghỉ của những ngày đó chưa được công bố.",
                         "This date is provisional: the days off of that time are not announced yet."));
  }

  [[nodiscard]] std::string why(const engine::LoadedCase& current,
                                const std::optional<engine::Standing>& standing) const {
    if (!standing) return {};
    const auto sentences =
        engine::sentences_of(engine::limit_of(current.state, current.rules.limiting()), *standing);
    const auto& list = language_ == Language::vietnamese ? sentences.vi : sentences.en;
    if (list.empty()) return {};
    auto html =
        "<p>" + say("Cách tính thời hạn:", "How the time limit is counted:") + "</p>\n<ol class=\"why\">";
    for (const auto& sentence : list) html += "<li>" + html_text(sentence) + "</li>";
    return html + "</ol>\n";
  }

  /// What was promised after the reception: nothing of it is in the reception's own copy.
  [[nodiscard]] std::string later_promises() const {
    const auto& promises = now_.state.promises;
    const bool is_paused = now_.state.clock.state == engine::ClockState::paused;
    std::string html;
    if (promises.size() > then_.state.promises.size()) {
      html += "<div class=\"promise\"><p>" + say("Ngày hẹn trả hiện nay", "The date promised now") + ": <b>" +
              html_text(form_moment(promises.back().due_at, language_)) + "</b></p>" +
              (standing_now_ && standing_now_->provisional ? provisional() : "") + "</div>\n" +
              table(promises) + why(now_, standing_now_);
    }
    if (is_paused && now_.state.clock.since) {
      html += paragraph(
          say("Thời hạn đang tạm dừng từ ", "The time limit is paused since ") +
          form_moment(*now_.state.clock.since, language_) +
          say("; ngày trả sẽ được hẹn lại khi tiếp tục.", "; a new date will be promised when it goes on."));
    }
    return html;
  }

  [[nodiscard]] std::string table(const std::vector<engine::Promise>& promises) const {
    auto html = "<table><thead><tr><th>" + say("Hẹn lúc", "Promised at") + "</th><th>" +
                say("Ngày hẹn trả", "Date promised") + "</th><th>" + say("Căn cứ", "Basis") +
                "</th></tr></thead><tbody>\n";
    for (const auto& promise : promises) {
      html += "<tr><td>" + html_text(form_moment(promise.made_at, language_)) + "</td><td>" +
              html_text(form_moment(promise.due_at, language_)) + "</td><td>" +
              html_text(basis_words(promise.basis, language_)) + "</td></tr>\n";
    }
    return html + "</tbody></table>\n";
  }

  const ReceiptFacts& facts_;
  Language language_;
  const engine::LoadedCase& then_;
  const engine::LoadedCase& now_;
  std::optional<engine::Standing> standing_then_{};
  std::optional<engine::Standing> standing_now_{};
  std::map<std::string_view, std::string> page_{};
};

}  // namespace

std::string receipt_html(const ReceiptFacts& facts, Language language) {
  return Receipt(facts, language).page();
}

}  // namespace motcua::api

#include "api/web/receipt_words.hpp"

#include "engine/core/ensure.hpp"

#include <array>
#include <chrono>

namespace motcua::api {
namespace {

using engine::Language;
using engine::LimitUnit;

struct Label {
  std::string_view name;
  std::string_view vi;
  std::string_view en;
};

/// Words of mẫu 01 of the annex to Thông tư 03/2025/TT-VPCP. @law one-stop/reception
constexpr std::array kLabels{
    Label{"lang", "vi", "en"},
    Label{"t_title", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Receipt and appointment for the result"},
    Label{"t_state", "Cộng hòa xã hội chủ nghĩa Việt Nam", "Socialist Republic of Viet Nam"},
    Label{"t_motto", "Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness"},
    Label{"t_number", "Số", "No."},
    Label{"t_code", "Mã hồ sơ", "Case code"},
    Label{"t_received_from", "Tiếp nhận hồ sơ của", "Received from"},
    Label{"t_address", "Địa chỉ", "Address"},
    Label{"t_phone", "Số điện thoại", "Telephone"},
    Label{"t_email", "Email", "E-mail"},
    Label{"t_procedure", "Nội dung yêu cầu giải quyết", "Procedure requested"},
    Label{"t_papers", "Thành phần hồ sơ nộp gồm", "Papers handed in"},
    Label{"t_row", "STT", "No."},
    Label{"t_paper", "Tên giấy tờ", "Paper"},
    Label{"t_form", "Hình thức", "Form"},
    Label{"t_count", "Số bản", "Copies"},
    Label{"t_sets", "Số lượng hồ sơ", "Number of sets"},
    Label{"t_set", "(bộ)", "(set)"},
    Label{"t_limit", "Thời gian giải quyết hồ sơ theo quy định là", "Time limit by law"},
    Label{"t_received_at", "Thời gian nhận hồ sơ", "Received at"},
    Label{"t_return_at", "Thời gian trả kết quả giải quyết hồ sơ", "Result to be returned at"},
    Label{"t_return_place", "Đăng ký nhận kết quả tại", "The result is received at"},
    Label{"t_register", "Vào Sổ theo dõi hồ sơ, Quyển số", "Entered in the register of cases, book"},
    Label{"t_sequence", "Số thứ tự", "sequence number"},
    Label{"t_applicant_signs", "Người nộp hồ sơ", "Applicant"},
    Label{"t_receiver_signs", "Người tiếp nhận hồ sơ", "Receiving officer"},
    Label{"t_sign_hint", "(Ký và ghi rõ họ tên)", "(signature and full name)"},
    Label{"t_note", "Ghi chú", "Note"},
    Label{"t_copies",
          "Giấy này được lập thành 02 liên: một liên giao cho người nộp hồ sơ, một liên chuyển kèm theo hồ "
          "sơ và "
          "lưu tại Bộ phận Một cửa.",
          "This receipt is made in two copies: one for the applicant, one that goes with the case and is "
          "kept by "
          "the one-stop desk."},
};

std::string two_digits(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string amount_of(const engine::Limit& limit, const char* vietnamese, const char* english,
                      Language language) {
  if (language == Language::vietnamese) return two_digits(limit.amount) + ' ' + vietnamese;
  return std::to_string(limit.amount) + ' ' + english + (limit.amount == 1 ? "" : "s");
}

std::string amount_words(const engine::Limit& limit, Language language) {
  switch (limit.unit) {
    case LimitUnit::same_day:
      return in(language, "trong ngày làm việc", "within the working day");
    case LimitUnit::working_hour:
      return amount_of(limit, "giờ làm việc", "working hour", language);
    case LimitUnit::working_day:
      return amount_of(limit, "ngày làm việc", "working day", language);
    case LimitUnit::calendar_day:
      return amount_of(limit, "ngày", "day", language);
    case LimitUnit::month:
      return amount_of(limit, "tháng", "month", language);
    case LimitUnit::none:
      return in(language, "pháp luật không quy định thời hạn", "the law states no limit");
  }
  engine::ensure_failed("unit is known", __FILE__, __LINE__);
}

}  // namespace

std::map<std::string_view, std::string> receipt_labels(Language language) {
  std::map<std::string_view, std::string> labels;
  for (const auto& label : kLabels) labels.emplace(label.name, in(language, label.vi, label.en));
  return labels;
}

std::string limit_words(const engine::Limit& limit, Language language) {
  auto words = amount_words(limit, language);
  if (!limit.cutoff) return words;
  const auto hours = std::chrono::floor<std::chrono::hours>(*limit.cutoff);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(*limit.cutoff) - hours;
  const auto at = two_digits(hours.count()) + ':' + two_digits(minutes.count());
  return words + in<std::string>(language, "; nhận sau " + at + " thì tính từ ngày làm việc tiếp theo",
                                 "; received after " + at + ", it counts from the next working day");
}

std::string form_day(engine::Instant at, Language language) {
  if (language == Language::english) return engine::day_text(engine::local_day(at), language);
  const std::chrono::year_month_day date{engine::local_day(at)};
  return "ngày " + two_digits(static_cast<unsigned>(date.day())) + " tháng " +
         two_digits(static_cast<unsigned>(date.month())) + " năm " +
         std::to_string(static_cast<int>(date.year()));
}

std::string form_moment(engine::Instant at, Language language) {
  if (language == Language::english) return engine::moment_text(at, language);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(engine::time_of_day(at)).count();
  return two_digits(minutes / 60) + " giờ " + two_digits(minutes % 60) + " phút, " + form_day(at, language);
}

std::string_view form_words(engine::PaperForm form, Language language) {
  switch (form) {
    case engine::PaperForm::original:
      return in<std::string_view>(language, "Bản chính", "Original");
    case engine::PaperForm::certified_copy:
      return in<std::string_view>(language, "Bản sao có chứng thực", "Certified copy");
    case engine::PaperForm::copy:
      return in<std::string_view>(language, "Bản sao", "Copy");
    case engine::PaperForm::electronic:
      return in<std::string_view>(language, "Bản điện tử", "Electronic");
  }
  engine::ensure_failed("form is known", __FILE__, __LINE__);
}

std::string_view return_place_words(std::string_view channel, Language language) {
  if (channel == "online") {
    return in<std::string_view>(language, "Cổng Dịch vụ công (bản điện tử)",
                                "the public service portal (electronic)");
  }
  if (channel == "post") {
    return in<std::string_view>(language, "địa chỉ của người nộp, qua dịch vụ bưu chính công ích",
                                "the applicant's address, by post");
  }
  return in<std::string_view>(language, "Bộ phận Một cửa nơi nộp hồ sơ",
                              "the one-stop desk that received the case");
}

std::string_view basis_words(std::string_view basis, Language language) {
  if (basis == "reception") return in<std::string_view>(language, "khi tiếp nhận", "at reception");
  if (basis == "resume") {
    return in<std::string_view>(language, "sau khi tiếp tục tính thời hạn", "after the clock was resumed");
  }
  if (basis == "extension") return in<std::string_view>(language, "gia hạn, hẹn lại", "extended");
  if (basis == "migration") {
    return in<std::string_view>(language, "theo phiên bản khác của thủ tục",
                                "by another version of the procedure");
  }
  return in<std::string_view>(language, "theo lịch làm việc mới", "by the new calendar");
}

}  // namespace motcua::api

#include "examples/population_service/register_xml.hpp"

#include <pugixml.hpp>

namespace population_service {
namespace {

constexpr std::string_view kAskedNamespace = "http://dancuquocgia.bca";
constexpr const char* kAnsweredNamespace = "http://www.mic.gov.vn/dancu/1.0";
constexpr const char* kOtherNamespace = "http://www.mic.gov.vn/doanhnghiep/1.0";

struct Text final : pugi::xml_writer {
  void write(const void* data, std::size_t size) override {
    bytes.append(static_cast<const char*>(data), size);
  }
  std::string bytes{};
};

std::string saved(const pugi::xml_document& document) {
  Text text;
  document.save(text, "", pugi::format_raw, pugi::encoding_utf8);
  return std::move(text.bytes);
}

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  return name.substr(name.find(':') == std::string_view::npos ? 0 : name.find(':') + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  return parent.find_child([&](const pugi::xml_node& each) { return local_name(each) == name; });
}

std::string_view namespace_of(const pugi::xml_node& node) {
  const std::string name = node.name();
  const auto colon = name.find(':');
  const auto attribute = colon == std::string::npos ? std::string("xmlns") : "xmlns:" + name.substr(0, colon);
  for (auto each = node; each; each = each.parent()) {
    if (const auto found = each.attribute(attribute.c_str())) return found.value();
  }
  return {};
}

std::string text(const pugi::xml_node& parent, std::string_view name) {
  return child(parent, name).text().get();
}

/// Writes elements of one record; in the variant `empty` those that do not identify stay without content.
class Writer {
 public:
  Writer(const People& people, std::size_t index, Variant variant)
      : people_(people), person_(people.at(index)), index_(index), variant_(variant) {}

  void write(pugi::xml_node record) const {
    set(record, "SoDinhDanh", person_.number);
    set(record, "SoCMND", person_.old_number);
    name(record.append_child("ns1:HoVaTen"), person_.full_name, true);
    birth(record.append_child("ns1:NgayThangNamSinh"));
    detail(record, "GioiTinh", person_.is_female ? "2" : "1");
    detail(record, "DanToc", person_.ethnicity);
    detail(record, "TonGiao", person_.religion);
    detail(record, "TinhTrangHonNhan", person_.marital_status);
    detail(record, "NhomMau", "00");
    place(record.append_child("ns1:NoiDangKyKhaiSinh"), people_.place_before(person_.registered_at), {});
    detail(record, "QuocTich", "VN");
    place(record.append_child("ns1:QueQuan"), people_.place_before(person_.hometown), {});
    place(record.append_child("ns1:ThuongTru"), people_.place_now(person_.residence), person_.street);
    place(record.append_child("ns1:NoiOHienTai"), people_.place_now(person_.residence), person_.street);
    relative(record.append_child("ns1:Cha"), person_.father, nullptr);
    relative(record.append_child("ns1:Me"), person_.mother, nullptr);
    relative(record.append_child("ns1:VoChong"), person_.spouse, nullptr);
    relative(record.append_child("ns1:NguoiDaiDien"), kNobody, nullptr);
    relative(record.append_child("ns1:ChuHo"), person_.household_head,
             person_.household_head == index_ ? "01" : "99");
    detail(record, "SoSoHoKhau", person_.household_book);
  }

 private:
  [[nodiscard]] bool is_empty() const { return variant_ == Variant::empty; }

  static void set(pugi::xml_node& parent, const char* name, const std::string& value) {
    auto element = parent.append_child((std::string("ns1:") + name).c_str());
    if (!value.empty()) element.text().set(value.c_str());
  }

  void detail(pugi::xml_node& parent, const char* name, const std::string& value) const {
    set(parent, name, is_empty() ? std::string{} : value);
  }

  void name(pugi::xml_node element, const std::string& full_name, bool as_object) const {
    if (!as_object) {
      element.text().set(full_name.c_str());
      return;
    }
    set(element, "Ho", {});
    set(element, "ChuDem", {});
    set(element, "Ten", full_name);
  }

  void birth(pugi::xml_node element) const {
    std::string date = birth_date(person_);
    if (variant_ == Variant::year_only || date.size() == 4) return set(element, "Nam", date.substr(0, 4));
    set(element, "NgayThangNam", date.substr(0, 4) + date.substr(5, 2) + date.substr(8, 2));
  }

  void place(pugi::xml_node element, const Place& place, const std::string& street) const {
    if (is_empty()) return;
    set(element, "MaTinhThanh", place.province);
    if (!place.district.empty()) set(element, "MaQuanHuyen", place.district);
    set(element, "MaPhuongXa", place.commune);
    set(element, "TenTinhThanh", place.province_name);
    if (!place.district.empty()) set(element, "TenQuanHuyen", place.district_name);
    set(element, "TenPhuongXa", place.commune_name);
    set(element, "ChiTiet", street);
    set(element, "QuocGia", "VN");
  }

  void relative(pugi::xml_node element, std::uint32_t index, const char* relation) const {
    if (is_empty() || index == kNobody) return;
    const auto& person = people_.at(index);
    if (relation != nullptr) set(element, "QuanHe", relation);
    name(element.append_child("ns1:HoVaTen"), person.full_name, index_ % 2 == 1);
    if (relation == nullptr) set(element, "QuocTich", "VN");
    set(element, "SoDinhDanh", person.number);
    set(element, "SoCMND", person.old_number);
  }

  const People& people_;
  const Person& person_;
  std::size_t index_;
  Variant variant_;
};

}  // namespace

std::optional<Question> read_question(std::string_view xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size())) return std::nullopt;
  const auto body = child(document.document_element(), "Body");
  const auto asked = child(body, "TraCuuThongTinCongDan");
  if (!asked || namespace_of(asked) != kAskedNamespace) return std::nullopt;
  Question question;
  question.request_id = text(asked, "MaYeuCau");
  question.integration_code = text(asked, "MaTichHop");
  question.officer_number = text(asked, "MaCanBo");
  question.number = text(asked, "SoDinhDanh");
  if (question.number.empty()) question.number = text(asked, "SoCMND");
  question.full_name = text(asked, "HoVaTen");
  const auto birth = child(asked, "NgayThangNamSinh");
  question.birth = text(birth, "NgayThangNam");
  if (question.birth.empty()) question.birth = text(birth, "Nam");
  return question;
}

std::string write_collection(const People& people, std::optional<std::size_t> index, const Question& question,
                             Variant variant) {
  pugi::xml_document document;
  auto envelope = document.append_child("soapenv:Envelope");
  envelope.append_attribute("xmlns:soapenv") = "http://schemas.xmlsoap.org/soap/envelope/";
  auto collection = envelope.append_child("soapenv:Body").append_child("ns1:CongdanCollection");
  collection.append_attribute("xmlns:ns1") =
      variant == Variant::other_namespace ? kOtherNamespace : kAnsweredNamespace;
  collection.append_attribute("Id") = question.request_id.c_str();
  collection.append_child("ns1:SoCongDan").text().set(index ? 1 : 0);
  collection.append_child("ns1:ThoiDiemDuLieu").text().set("2026-01-05T00:00:00+07:00");
  if (index) Writer(people, *index, variant).write(collection.append_child("ns1:CongDan"));
  return saved(document);
}

std::string write_fault(const std::string& code, const std::string& text) {
  pugi::xml_document document;
  auto envelope = document.append_child("soapenv:Envelope");
  envelope.append_attribute("xmlns:soapenv") = "http://schemas.xmlsoap.org/soap/envelope/";
  auto fault = envelope.append_child("soapenv:Body").append_child("soapenv:Fault");
  fault.append_child("faultcode").text().set(code.c_str());
  fault.append_child("faultstring").text().set(text.c_str());
  return saved(document);
}

}  // namespace population_service

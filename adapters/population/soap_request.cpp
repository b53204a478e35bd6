#include "adapters/population/soap_request.hpp"

#include "adapters/population/folded_name.hpp"

#include <algorithm>
#include <pugixml.hpp>

namespace motcua::adapters {
namespace {

struct Text final : pugi::xml_writer {
  void write(const void* data, std::size_t size) override {
    bytes.append(static_cast<const char*>(data), size);
  }
  std::string bytes{};
};

void add(pugi::xml_node& parent, const char* name, const std::string& value) {
  parent.append_child(name).text().set(value.c_str());
}

std::string digits_of(std::string date) {
  date.erase(std::remove(date.begin(), date.end(), '-'), date.end());
  return date;
}

}  // namespace

std::string soap_request(const engine::PersonQuery& query, const ServiceAccount& account) {
  pugi::xml_document document;
  auto envelope = document.append_child("soapenv:Envelope");
  envelope.append_attribute("xmlns:soapenv") = "http://schemas.xmlsoap.org/soap/envelope/";
  envelope.append_attribute("xmlns:dan") = "http://dancuquocgia.bca";
  envelope.append_child("soapenv:Header");
  auto question = envelope.append_child("soapenv:Body").append_child("dan:TraCuuThongTinCongDan");
  add(question, "dan:MaYeuCau", query.request_id);
  add(question, "dan:MaDVC", account.client_code);
  add(question, "dan:MaTichHop", account.integration_code);
  add(question, "dan:MaCanBo", query.officer_number);
  add(question, "dan:MaDonVi", query.agency.value);
  add(question, "dan:TaiKhoan", account.account);
  add(question, "dan:SoDienThoai", account.telephone);
  add(question, query.personal_id.size() == 9 ? "dan:SoCMND" : "dan:SoDinhDanh", query.personal_id);
  add(question, "dan:HoVaTen", register_name(query.full_name));
  auto birth = question.append_child("dan:NgayThangNamSinh");
  add(birth, query.birth_date.size() == 4 ? "dan:Nam" : "dan:NgayThangNam", digits_of(query.birth_date));
  Text text;
  document.save(text, "", pugi::format_raw, pugi::encoding_utf8);
  return std::move(text.bytes);
}

}  // namespace motcua::adapters

#include "adapters/population/answer_reader.hpp"

#include "adapters/population/soap_request.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace motcua::adapters {
namespace {

using engine::AnswerClass;
using engine::AnswerDetail;

constexpr const char* kNumber = "066190001234";

engine::PersonQuery asked() {
  return {"r-1",
          "066080000001",
          engine::AgencyId("H15.50.05"),
          engine::ProcedureCode("1.001193"),
          "test",
          kNumber,
          "Trần Thị Bình",
          "1990-05-17"};
}

std::string envelope(const std::string& content) {
  return R"(<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>)" +
         content + "</soapenv:Body></soapenv:Envelope>";
}
std::string collection(const std::string& records) {
  return envelope(R"(<ns1:CongdanCollection xmlns:ns1="http://www.mic.gov.vn/dancu/1.0">)" + records +
                  "</ns1:CongdanCollection>");
}
std::string record(const std::string& more = {},
                   const std::string& birth = "<ns1:NgayThangNam>19900517</ns1:NgayThangNam>",
                   const std::string& name = "<ns1:Ho/><ns1:ChuDem/><ns1:Ten>TRẦN THỊ BÌNH</ns1:Ten>",
                   const std::string& number = kNumber) {
  return "<ns1:CongDan><ns1:SoDinhDanh>" + number + "</ns1:SoDinhDanh><ns1:HoVaTen>" + name +
         "</ns1:HoVaTen><ns1:NgayThangNamSinh>" + birth + "</ns1:NgayThangNamSinh>" + more + "</ns1:CongDan>";
}

std::string verdict(const std::string& body, unsigned status = 200) {
  const auto answer = classify(asked(), status, body);
  return std::string(name_of(answer.answer_class)) + (answer.detail.empty() ? "" : ' ' + answer.detail);
}

nlohmann::json person_in(const std::string& records) {
  const auto answer = classify(asked(), 200, collection(records));
  EXPECT_EQ(name_of(answer.answer_class), std::string("MATCH")) << answer.detail;
  return answer.person;
}

TEST(RegisterAnswer, OfTheRightPersonIsAMatchWithEveryAttributeNormalised) {
  const auto person = person_in(record(
      "<ns1:SoCMND>241234567</ns1:SoCMND><ns1:GioiTinh>2</ns1:GioiTinh><ns1:DanToc>12</ns1:DanToc>"
      "<ns1:TonGiao>01</ns1:TonGiao><ns1:TinhTrangHonNhan>2</ns1:TinhTrangHonNhan><ns1:QuocTich>VN</"
      "ns1:QuocTich>"
      "<ns1:QueQuan><ns1:MaTinhThanh>66</ns1:MaTinhThanh><ns1:MaQuanHuyen>643</ns1:MaQuanHuyen>"
      "<ns1:MaPhuongXa>24118</ns1:MaPhuongXa><ns1:TenPhuongXa>Phường Tân Lập</ns1:TenPhuongXa></ns1:QueQuan>"
      "<ns1:ThuongTru><ns1:MaTinhThanh>66</ns1:MaTinhThanh><ns1:MaPhuongXa>24133</ns1:MaPhuongXa>"
      "<ns1:TenTinhThanh>Tỉnh Đắk Lắk</ns1:TenTinhThanh><ns1:TenPhuongXa>Phường Tân An</ns1:TenPhuongXa>"
      "<ns1:ChiTiet>Tổ 5</ns1:ChiTiet><ns1:QuocGia>VN</ns1:QuocGia></ns1:ThuongTru>"
      "<ns1:SoSoHoKhau>784333046</ns1:SoSoHoKhau>"));

  EXPECT_EQ(person.at("personal_id"), kNumber);
  EXPECT_EQ(person.at("old_id_number"), "241234567");
  EXPECT_EQ(person.at("full_name"), "TRẦN THỊ BÌNH");
  EXPECT_EQ(person.at("birth_date"), "1990-05-17");
  EXPECT_EQ(person.at("sex"), "female");
  EXPECT_EQ(person.at("ethnicity"), (nlohmann::json{{"code", "12"}, {"text", "Ê-đê"}}));
  EXPECT_EQ(person.at("religion"), (nlohmann::json{{"code", "01"}}));
  EXPECT_EQ(person.at("marital_status"), (nlohmann::json{{"code", "2"}}));
  EXPECT_EQ(person.at("nationality"), (nlohmann::json{{"code", "VN"}, {"text", "Việt Nam"}}));
  EXPECT_EQ(person.at("hometown").at("code_date"), "2025-06-30");
  EXPECT_EQ(person.at("permanent_residence").at("code_date"), "2025-07-01");
  EXPECT_EQ(person.at("permanent_residence").at("text"), "Tổ 5, Phường Tân An, Tỉnh Đắk Lắk");
  EXPECT_EQ(person.at("household_book"), "784333046");
  for (const auto& [name, value] : person.items()) EXPECT_NE(engine::find_attribute(name), nullptr) << name;
}

TEST(RegisterAnswer, ShowsFormsWordsAndNeverBareCodes) {
  const auto person = person_in(record(
      "<ns1:DanToc>01</ns1:DanToc><ns1:TonGiao>01</ns1:TonGiao><ns1:Me><ns1:HoVaTen>LÊ THỊ CÚC</ns1:HoVaTen>"
      "</ns1:Me><ns1:QueQuan><ns1:MaTinhThanh>66</ns1:MaTinhThanh></ns1:QueQuan>"));
  EXPECT_EQ(engine::attribute_text(person, "ethnicity"), "Kinh");
  EXPECT_EQ(engine::attribute_text(person, "mother"), "LÊ THỊ CÚC");
  EXPECT_EQ(engine::attribute_text(person, "full_name"), "TRẦN THỊ BÌNH");
  EXPECT_EQ(engine::attribute_text(person, "religion"), std::nullopt);
  EXPECT_EQ(engine::attribute_text(person, "hometown"), std::nullopt);
  EXPECT_EQ(engine::attribute_text(person, "father"), std::nullopt);
  EXPECT_EQ(engine::attribute_text(person, "blood_group"), std::nullopt);
}

TEST(RegisterAnswer, LeavesOutWhatIsEmptyAndWhatNobodyAskedFor) {
  const auto person = person_in(record(
      "<ns1:DanToc/><ns1:QuocTich>  </ns1:QuocTich><ns1:ThuongTru/><ns1:Cha><ns1:HoVaTen/><ns1:SoDinhDanh/>"
      "</ns1:Cha><ns1:NhomMau>01</ns1:NhomMau><ns1:SoDienThoai>0901</ns1:SoDienThoai>"));
  EXPECT_EQ(person.size(), 3U) << person.size();
}

TEST(RegisterAnswer, HasRelativesWhoseNamesAreTextOrObject) {
  const auto person =
      person_in(record("<ns1:Cha><ns1:HoVaTen>NGUYỄN VĂN "
                       "A</ns1:HoVaTen><ns1:QuocTich>VN</ns1:QuocTich></ns1:Cha><ns1:Me><ns1:HoVaTen>"
                       "<ns1:Ho>LÊ</ns1:Ho><ns1:ChuDem>THỊ</ns1:ChuDem><ns1:Ten>B</ns1:Ten></"
                       "ns1:HoVaTen><ns1:SoDinhDanh>066160000002"
                       "</ns1:SoDinhDanh></ns1:Me><ns1:ChuHo><ns1:QuanHe>03</ns1:QuanHe><ns1:HoVaTen>NGUYỄN "
                       "VĂN A</ns1:HoVaTen></ns1:ChuHo>"));
  EXPECT_EQ(person.at("father").at("full_name"), "NGUYỄN VĂN A");
  EXPECT_EQ(person.at("father").at("nationality").at("code"), "VN");
  EXPECT_EQ(person.at("mother").at("full_name"), "LÊ THỊ B");
  EXPECT_EQ(person.at("mother").at("personal_id"), "066160000002");
  EXPECT_EQ(person.at("household_head").at("relation").at("code"), "03");
}

TEST(RegisterAnswer, MayKnowTheBirthYearOnly) {
  EXPECT_EQ(person_in(record({}, "<ns1:Nam>1990</ns1:Nam>")).at("birth_date"), "1990");
  EXPECT_EQ(person_in(record({}, "<ns1:NgayThangNam/><ns1:Nam>1990</ns1:Nam>")).at("birth_date"), "1990");
  EXPECT_EQ(person_in(record({}, "<ns1:NgayThangNam>19900000</ns1:NgayThangNam>")).at("birth_date"), "1990");
  auto query = asked();
  query.birth_date = "1990";
  EXPECT_EQ(classify(query, 200, collection(record())).answer_class, AnswerClass::match);
  EXPECT_EQ(verdict(collection(record({}, "<ns1:Nam>1991</ns1:Nam>"))), "NO_MATCH birth_date_differs");
}

TEST(RegisterAnswer, WithoutARecordIsNoMatch) {
  EXPECT_EQ(verdict(collection("")), "NO_MATCH no_record");
  EXPECT_EQ(verdict(collection("<ns1:SoCongDan>0</ns1:SoCongDan>")), "NO_MATCH no_record");
  EXPECT_EQ(verdict(collection("<ns1:CongDan/>")), "NO_MATCH no_record");
  EXPECT_EQ(verdict(envelope("")), "NO_MATCH no_record");
}

TEST(RegisterAnswer, OfAnotherPersonIsNoMatchAndSaysOnlyWhatDiffers) {
  const auto birth = "<ns1:NgayThangNam>19900517</ns1:NgayThangNam>";
  const std::string name = "<ns1:Ten>TRẦN THỊ BÌNH</ns1:Ten>";
  EXPECT_EQ(verdict(collection(record({}, birth, name, "066190009999"))), "NO_MATCH number_differs");
  EXPECT_EQ(verdict(collection(record({}, birth, name, ""))), "NO_MATCH number_differs");
  EXPECT_EQ(verdict(collection(record({}, birth, "<ns1:Ten>TRẦN THỊ CÚC</ns1:Ten>"))),
            "NO_MATCH name_differs");
  EXPECT_EQ(verdict(collection(record({}, birth, ""))), "NO_MATCH name_differs");
  EXPECT_EQ(verdict(collection(record({}, "<ns1:NgayThangNam>19900518</ns1:NgayThangNam>"))),
            "NO_MATCH birth_date_differs");
  EXPECT_EQ(verdict(collection(record({}, ""))), "NO_MATCH birth_date_differs");
  const auto answer = classify(asked(), 200, collection(record({}, birth, name, "066190009999")));
  EXPECT_TRUE(answer.person.empty());
}

TEST(RegisterAnswer, ToAnOldNumberComparesTheOldNumber) {
  auto query = asked();
  query.personal_id = "241234567";
  const auto with_old = record("<ns1:SoCMND>241234567</ns1:SoCMND>");
  EXPECT_EQ(classify(query, 200, collection(with_old)).answer_class, AnswerClass::match);
  EXPECT_EQ(classify(query, 200, collection(record())).detail, "number_differs");
}

TEST(RegisterAnswer, ThatCannotBeReadIsMalformed) {
  const std::string good = collection(record());
  std::string elsewhere = good;
  elsewhere.replace(elsewhere.find("dancu/1.0"), 9, "khac0/1.0");
  std::string other_soap = good;
  other_soap.replace(other_soap.find("schemas.xmlsoap"), 15, "schemas.xmlsoup");
  EXPECT_EQ(verdict(""), "MALFORMED not_xml");
  EXPECT_EQ(verdict("<html><body><br></body></html>"), "MALFORMED not_xml");
  EXPECT_EQ(verdict("<html><body>Không tìm thấy</body></html>"), "MALFORMED not_soap");
  EXPECT_EQ(verdict(good.substr(0, good.size() / 2)), "MALFORMED not_xml");
  EXPECT_EQ(verdict(good + "<more"), "MALFORMED not_xml");
  EXPECT_EQ(verdict(elsewhere), "MALFORMED wrong_namespace");
  EXPECT_EQ(verdict(other_soap), "MALFORMED wrong_namespace");
  EXPECT_EQ(verdict(collection(record() + record())), "MALFORMED several_records");
  EXPECT_EQ(verdict(collection(record("<ns1:SoDinhDanh>1</ns1:SoDinhDanh>"))), "MALFORMED unreadable_record");
  EXPECT_EQ(verdict(collection(record({}, "<ns1:NgayThangNam>19900230</ns1:NgayThangNam>"))),
            "MALFORMED unreadable_record");
  EXPECT_EQ(verdict(collection(record("<ns1:DanToc>\xff\xfe</ns1:DanToc>"))), "MALFORMED not_xml");
  EXPECT_EQ(verdict(good, 404), "MALFORMED http_status");
  EXPECT_EQ(verdict(good, 302), "MALFORMED http_status");
}

TEST(RegisterAnswer, WithADocumentTypeIsRefusedBeforeAnyEntityCouldExpand) {
  const std::string bomb =
      R"(<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>)";
  auto body = collection(record("<ns1:SoSoHoKhau>&f;&b;</ns1:SoSoHoKhau>"));
  body.insert(body.find("<soapenv:Envelope"), bomb);
  EXPECT_EQ(verdict(body), "MALFORMED document_type");
}

TEST(RegisterAnswer, SurvivesDeepNesting) {
  std::string deep;
  for (int i = 0; i < 20'000; ++i) deep += "<a>";
  EXPECT_EQ(verdict(deep), "MALFORMED not_xml");
  for (int i = 0; i < 20'000; ++i) deep += "</a>";
  EXPECT_EQ(verdict(deep), "MALFORMED not_soap");
  EXPECT_EQ(verdict(collection(record("<ns1:Khac>" + deep + "</ns1:Khac>"))), "MATCH");
}

TEST(RegisterAnswer, WithAStatusOrAFaultKeepsRefusalAndOutageApart) {
  const auto fault = [](const std::string& code) {
    return envelope("<soapenv:Fault><faultcode>" + code +
                    "</faultcode><faultstring>TRẦN THỊ BÌNH</faultstring>" + "</soapenv:Fault>");
  };
  EXPECT_EQ(verdict("", 401), "REFUSED http_refused");
  EXPECT_EQ(verdict("", 403), "REFUSED http_refused");
  EXPECT_EQ(verdict(fault("Server.ServerProxy.AccessDenied"), 500), "REFUSED access_denied");
  EXPECT_EQ(verdict(fault("Server.ServerProxy.AccessDenied"), 200), "REFUSED access_denied");
  EXPECT_EQ(verdict(fault("wsse:FailedAuthentication"), 500), "REFUSED access_denied");
  EXPECT_EQ(verdict(fault("soapenv:Client"), 500), "REFUSED fault_of_request");
  EXPECT_EQ(verdict(fault("soapenv:Server"), 500), "UNAVAILABLE fault_of_server");
  EXPECT_EQ(verdict("<html>", 502), "UNAVAILABLE http_5xx");
  EXPECT_EQ(verdict(collection(record()), 503), "UNAVAILABLE http_5xx");
  EXPECT_EQ(verdict("", 429), "UNAVAILABLE busy");
}

TEST(RegisterAnswer, SaysOfWhatTimeItsDataIs) {
  const auto at = [](const std::string& text) {
    const auto answer = classify(
        asked(), 200, collection("<ns1:ThoiDiemDuLieu>" + text + "</ns1:ThoiDiemDuLieu>" + record()));
    return answer.data_time ? engine::to_rfc3339(*answer.data_time) : std::string("unknown");
  };
  EXPECT_EQ(at("2026-03-02T08:15:00+07:00"), "2026-03-02T08:15:00+07:00");
  EXPECT_EQ(at("2026-03-02T01:15:00Z"), "2026-03-02T08:15:00+07:00");
  EXPECT_EQ(at("2026-03-02T08:15:00"), "2026-03-02T08:15:00+07:00");
  EXPECT_EQ(at("20260302081500"), "2026-03-02T08:15:00+07:00");
  EXPECT_EQ(at("hôm qua"), "unknown");
}

TEST(RegisterAnswer, KeepsItsBytesAndTheirHash) {
  const auto answer = answer_without_record(AnswerDetail::not_xml, "abc");
  EXPECT_EQ(answer.raw, "abc");
  EXPECT_EQ(engine::to_hex(answer.raw_hash),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(AnswerDetails, AreAClosedListAndEachBelongsToOneClass) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(AnswerDetail::unreadable_record); ++i) {
    EXPECT_TRUE(names.insert(name_of(static_cast<AnswerDetail>(i))).second) << i;
  }
  EXPECT_EQ(class_of(AnswerDetail::none), AnswerClass::match);
  EXPECT_EQ(class_of(AnswerDetail::no_record), AnswerClass::no_match);
  EXPECT_EQ(class_of(AnswerDetail::query_invalid), AnswerClass::no_match);
  EXPECT_EQ(class_of(AnswerDetail::timeout), AnswerClass::unavailable);
  EXPECT_EQ(class_of(AnswerDetail::shutting_down), AnswerClass::unavailable);
  EXPECT_EQ(class_of(AnswerDetail::http_refused), AnswerClass::refused);
  EXPECT_EQ(class_of(AnswerDetail::officer_unknown), AnswerClass::refused);
  EXPECT_EQ(class_of(AnswerDetail::http_status), AnswerClass::malformed);
  EXPECT_EQ(class_of(AnswerDetail::unreadable_record), AnswerClass::malformed);
  for (const char* name : {"MATCH", "NO_MATCH", "UNAVAILABLE", "REFUSED", "MALFORMED"}) {
    const auto parsed = engine::parse_answer_class(name);
    ASSERT_TRUE(parsed.has_value()) << name;
    EXPECT_STREQ(engine::name_of(*parsed), name);
  }
  EXPECT_EQ(engine::parse_answer_class("match"), std::nullopt);
}

TEST(PersonQuery, ThatNoPersonCouldMatchIsNotAsked) {
  EXPECT_EQ(unaskable(asked()), std::nullopt);
  const auto with = [](auto change) {
    auto query = asked();
    change(query);
    return unaskable(query);
  };
  using Q = engine::PersonQuery;
  EXPECT_EQ(with([](Q& q) { q.officer_number = ""; }), AnswerDetail::officer_unknown);
  for (const char* number : {"", "12345678", "0661900012345", "06619000123x"}) {
    EXPECT_EQ(with([&](Q& q) { q.personal_id = number; }), AnswerDetail::query_invalid) << number;
  }
  for (const char* name : {"", "   ", "A\nB", "\xff"}) {
    EXPECT_EQ(with([&](Q& q) { q.full_name = name; }), AnswerDetail::query_invalid) << name;
  }
  for (const char* date : {"", "1990-02-30", "17/05/1990", "90"}) {
    EXPECT_EQ(with([&](Q& q) { q.birth_date = date; }), AnswerDetail::query_invalid) << date;
  }
  EXPECT_EQ(with([](Q& q) { q.birth_date = "1990"; }), std::nullopt);
  EXPECT_EQ(with([](Q& q) { q.personal_id = "241234567"; }), std::nullopt);
}

TEST(SoapRequest, ChoosesElementsByWhatIsKnownAndEscapesWhatIsTyped) {
  const auto xml = soap_request(asked(), {});
  EXPECT_NE(xml.find("xmlns:dan=\"http://dancuquocgia.bca\""), std::string::npos);
  for (const char* element :
       {"<dan:MaYeuCau>r-1</dan:MaYeuCau>", "<dan:MaTichHop>037</dan:MaTichHop>",
        "<dan:MaCanBo>066080000001</dan:MaCanBo>", "<dan:MaDonVi>H15.50.05</dan:MaDonVi>",
        "<dan:SoDinhDanh>066190001234</dan:SoDinhDanh>", "<dan:HoVaTen>TRẦN THỊ BÌNH</dan:HoVaTen>",
        "<dan:NgayThangNam>19900517</dan:NgayThangNam>"}) {
    EXPECT_NE(xml.find(element), std::string::npos) << element;
  }
  auto query = asked();
  query.personal_id = "241234567";
  query.birth_date = "1990";
  query.full_name = "A</dan:HoVaTen>&<x>";
  const auto other = soap_request(query, {});
  EXPECT_NE(other.find("<dan:SoCMND>241234567</dan:SoCMND>"), std::string::npos);
  EXPECT_NE(other.find("<dan:Nam>1990</dan:Nam>"), std::string::npos);
  EXPECT_NE(other.find("A&lt;/DAN:HOVATEN&gt;&amp;&lt;X&gt;"), std::string::npos);
}

}  // namespace
}  // namespace motcua::adapters

/// The wire format of service 037 from the register's side: the question read, the answers written.
#pragma once

#include "examples/population_service/behaviour.hpp"
#include "examples/population_service/people.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace population_service {

struct Question {
  std::string request_id{};        ///< MaYeuCau
  std::string integration_code{};  ///< MaTichHop
  std::string officer_number{};    ///< MaCanBo
  std::string number{};            ///< SoDinhDanh or SoCMND
  std::string full_name{};         ///< HoVaTen
  std::string birth{};             ///< NgayThangNam (YYYYMMDD) or Nam (YYYY)
};

/// nullopt for what is no TraCuuThongTinCongDan in its namespace.
[[nodiscard]] std::optional<Question> read_question(std::string_view xml);

/// A collection with the record of `index`, or with none. Of every two people one has relatives' names as
/// text, the other as {Ho, ChuDem, Ten}: clients meet both.
[[nodiscard]] std::string write_collection(const People& people, std::optional<std::size_t> index,
                                           const Question& question, Variant variant);

/// A SOAP 1.1 fault; `code` as in X-Road (Client, Server.ServerProxy.AccessDenied).
[[nodiscard]] std::string write_fault(const std::string& code, const std::string& text);

}  // namespace population_service

/// The question of service 037 (TraCuuThongTinCongDan) as XML.
#pragma once

#include "engine/ports/population_registry.hpp"

#include <string>

namespace motcua::adapters {

/// What the register knows us by.
struct ServiceAccount {
  std::string client_code = "VPCP";      ///< MaDVC
  std::string integration_code = "037";  ///< MaTichHop
  std::string account{};                 ///< TaiKhoan
  std::string telephone = "0";           ///< SoDienThoai
};

/// SOAP 1.1 envelope, UTF-8. The number's length chooses SoDinhDanh or SoCMND, the date's length NgayThangNam
/// or Nam. Procedure and purpose have no place in this service; the engine keeps them.
[[nodiscard]] std::string soap_request(const engine::PersonQuery& query, const ServiceAccount& account);

}  // namespace motcua::adapters

/// Giấy tiếp nhận hồ sơ và hẹn trả kết quả (mẫu 01): the receipt as a page that prints.
#pragma once

#include "engine/deadline/wording.hpp"
#include "engine/runtime/case_loader.hpp"

#include <string>
#include <string_view>

namespace motcua::api {

/// What a receipt is made of. All from the log: reception as it was, promises as they are.
struct ReceiptFacts {
  engine::CaseHandle received{};  ///< the case as the reception left it
  engine::CaseHandle current{};   ///< the case now
  engine::ActorId receiver{};     ///< who received it
  bool is_masked = false;         ///< the asker may not see personal values
};

/// A page without script or anything to fetch. Values of people are escaped, and masked for who may not see
/// them. @law one-stop/reception
[[nodiscard]] std::string receipt_html(const ReceiptFacts& facts, engine::Language language);

/// The page with its places for insertions.
[[nodiscard]] std::string_view receipt_page();

}  // namespace motcua::api

/// A scannable code (mã QR) as an inline drawing.
#pragma once

#include <string>

namespace motcua::api {

/// SVG of the QR code of `text`, in one path, 1 unit a module with its quiet zone; empty if `text` is empty
/// or too long for one.
[[nodiscard]] std::string qr_svg(const std::string& text);

}  // namespace motcua::api

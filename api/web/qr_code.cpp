#include "api/web/qr_code.hpp"

#include <memory>
#include <qrencode.h>

namespace motcua::api {
namespace {

constexpr int kQuietModules = 4;

}  // namespace

std::string qr_svg(const std::string& text) {
  if (text.empty()) return {};
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
  if (!code) return {};
  const int width = code->width;
  const auto side = std::to_string(width + 2 * kQuietModules);
  std::string svg = "<svg class=\"qr\" viewBox=\"0 0 " + side + ' ' + side +
                    "\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"QR\"><path d=\"";
  for (int y = 0; y < width; ++y) {
    for (int x = 0; x < width; ++x) {
      if ((code->data[y * width + x] & 1U) == 0) continue;
      svg += 'M' + std::to_string(x + kQuietModules) + ' ' + std::to_string(y + kQuietModules) + "h1v1h-1z";
    }
  }
  return svg + "\"/></svg>";
}

}  // namespace motcua::api

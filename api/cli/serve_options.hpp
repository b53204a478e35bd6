/// Options of `motcua serve`: a TOML file, then MOTCUA_* variables, then flags; the later wins.
#pragma once

#include "api/cli/store_folder.hpp"
#include "engine/core/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace motcua::api {

/// A larger reserve is a slip of the pen: one exbibyte.
inline constexpr std::int64_t kReserveMibMost = std::int64_t{1} << 40;

struct ServeOptions {
  StoreFolder folder{};
  std::string listen = "127.0.0.1:8080";
  std::filesystem::path workflows{};
  std::filesystem::path jwks{};  ///< public keys of the identity provider; required without `--dev`
  std::string issuer{};
  std::string audience{};
  std::string access_log = "-";
  std::string population{};                    ///< URL of the population service; empty: look-ups stay open
  std::string now{};                           ///< with `--dev`: start of the virtual clock
  std::optional<std::uint64_t> reserve_mib{};  ///< none: the default of DiskReserve
  std::optional<std::uint64_t> stream_readers{};  ///< none: the default of FeedLimits
  bool dev = false;
  bool new_anchor = false;
  bool check = false;
};

/// An address split from `HOST:PORT` or `[IPV6]:PORT`.
struct Endpoint {
  std::string host{};
  std::uint16_t port = 0;
  [[nodiscard]] bool is_loopback() const;
};
[[nodiscard]] engine::FaultOr<Endpoint> parse_endpoint(const std::string& text);

/// Reads a TOML file into `options`. Fault: unreadable, not TOML (with line), an unknown key, a value of a
/// wrong type.
[[nodiscard]] engine::FaultOr<void> read_config(const std::filesystem::path& file, ServeOptions& options);

/// What speaks against starting with these options; Fault names the option.
[[nodiscard]] engine::FaultOr<void> validate(const ServeOptions& options);

}  // namespace motcua::api

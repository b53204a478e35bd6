/// The statutory life cycle of a case (vòng đời hồ sơ): which stage follows which, closed by law, the same
/// for every procedure. Steps inside the office are data (engine/procedure); the legal clock is a machine of
/// its own.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace motcua::engine {

/// Stage (trạng thái hồ sơ). Portal codes 1-10 are a projection; see `portal_status`.
enum class Stage {
  registered,           ///< mới đăng ký
  received,             ///< được tiếp nhận
  not_received,         ///< không được tiếp nhận
  in_process,           ///< đang xử lý
  awaiting_supplement,  ///< yêu cầu bổ sung giấy tờ
  awaiting_payment,     ///< yêu cầu thực hiện nghĩa vụ tài chính
  withdrawn,            ///< công dân yêu cầu rút hồ sơ
  stopped,              ///< dừng xử lý
  resolved,             ///< đã xử lý xong
  returned,             ///< đã trả kết quả
};
inline constexpr std::size_t kStages = 10;

/// What moves a case from stage to stage. `supply` has two: what it leads to depends on whether the clock
/// ever started.
enum class Trigger {
  receive,
  refuse_reception,
  request_supplement,
  supply_before_reception,  ///< supply while the clock never started: back to registered
  supply,                   ///< supply after reception: back to in_process
  begin,                    ///< first assign, claim or step
  request_payment,
  record_payment,
  withdraw,
  stop,
  resolve,
  return_result,
};
inline constexpr std::size_t kTriggers = 12;

/// The stage that `trigger` leads to from `from`; nullopt if the law offers no such way. One array read.
[[nodiscard]] std::optional<Stage> advance(Stage from, Trigger trigger);

/// True for not_received, withdrawn, stopped, returned: no trigger leads out.
[[nodiscard]] bool is_final(Stage stage);

/// Name that is stored and shown, e.g. `awaiting_supplement`; never the machine's own numbering.
[[nodiscard]] std::string_view name_of(Stage stage);
[[nodiscard]] std::string_view name_of(Trigger trigger);
[[nodiscard]] std::optional<Stage> stage_from(std::string_view name);
[[nodiscard]] std::optional<Trigger> trigger_from(std::string_view name);

/// Status on the national portal (trạng thái trên Cổng DVCQG).
struct PortalStatus {
  int code = 0;             ///< 1-10
  std::string_view name{};  ///< Vietnamese
};
[[nodiscard]] PortalStatus portal_status(Stage stage);

/// Every legal transition in the order of the compiled machine's table, for the golden file and the docs.
struct LifecycleRow {
  Stage from{};
  Trigger trigger{};
  Stage to{};
};
[[nodiscard]] std::string lifecycle_as_mermaid();

/// Asks the Boost.MSM machine itself (slow; for tests that compare it with the array).
[[nodiscard]] std::optional<Stage> ask_machine(Stage from, Trigger trigger);

}  // namespace motcua::engine

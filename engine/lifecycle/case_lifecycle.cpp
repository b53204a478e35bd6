#include "engine/lifecycle/case_lifecycle.hpp"

#include "engine/core/ensure.hpp"

// MSM reads these once: the table has more rows than the twenty that MPL's ready-made headers allow.
#define BOOST_MPL_CFG_NO_PREPROCESSED_HEADERS
#define BOOST_MPL_LIMIT_VECTOR_SIZE 30
#define BOOST_MPL_LIMIT_MAP_SIZE 30

#include <boost/mpl/for_each.hpp>
#include <boost/mpl/vector.hpp>
#include <boost/msm/back/metafunctions.hpp>
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace motcua::engine {
namespace {

namespace msm = boost::msm;

constexpr std::array<std::string_view, kStages> kStageNames{
    "registered",       "received",  "not_received", "in_process", "awaiting_supplement",
    "awaiting_payment", "withdrawn", "stopped",      "resolved",   "returned",
};

constexpr std::array<std::string_view, kTriggers> kTriggerNames{
    "receive",
    "refuse_reception",
    "request_supplement",
    "supply_before_reception",
    "supply",
    "begin",
    "request_payment",
    "record_payment",
    "withdraw",
    "stop",
    "resolve",
    "return_result",
};

/// A stage as a state of the machine.
template <Stage S>
struct In : msm::front::state<> {
  static constexpr Stage stage = S;
};

/// A trigger as an event of the machine.
template <Trigger T>
struct On {
  static constexpr Trigger trigger = T;
};

template <Stage From, Trigger T, Stage To>
using Way = msm::front::Row<In<From>, On<T>, In<To>, msm::front::none, msm::front::none>;

/// The table. No entry or exit actions, no guards: which trigger fires is decided before.
///
/// "Unverified" marks a row whose general rule was not read in the text of the law, only in the rules of
/// single sectors or in practice; its id in docs/law-register.json says `verified: false`.
struct CaseLifecycleFront : msm::front::state_machine_def<CaseLifecycleFront> {
  using initial_state = In<Stage::registered>;

  struct transition_table
      : boost::mpl::vector<
            // Reception (tiếp nhận). @law one-stop/reception
            Way<Stage::registered, Trigger::receive, Stage::received>,
            // Refusal (từ chối tiếp nhận). Unverified: only the form's name was read. @law one-stop/refusal
            Way<Stage::registered, Trigger::refuse_reception, Stage::not_received>,
            // Supplement (bổ sung hồ sơ). Unverified: no general text was read.
            // @law one-stop/supplement-request
            Way<Stage::registered, Trigger::request_supplement, Stage::awaiting_supplement>,
            Way<Stage::received, Trigger::request_supplement, Stage::awaiting_supplement>,
            Way<Stage::in_process, Trigger::request_supplement, Stage::awaiting_supplement>,
            Way<Stage::awaiting_supplement, Trigger::supply_before_reception, Stage::registered>,
            Way<Stage::awaiting_supplement, Trigger::supply, Stage::in_process>,
            // The office's own first act; no law of its own.
            Way<Stage::received, Trigger::begin, Stage::in_process>,
            // Financial duty (nghĩa vụ tài chính). Unverified beyond land. @law deadline/clock-exclusion
            Way<Stage::in_process, Trigger::request_payment, Stage::awaiting_payment>,
            Way<Stage::awaiting_payment, Trigger::record_payment, Stage::in_process>,
            // Withdrawal (rút hồ sơ). Unverified beside stop on request. @law one-stop/withdrawal
            Way<Stage::registered, Trigger::withdraw, Stage::withdrawn>,
            Way<Stage::received, Trigger::withdraw, Stage::withdrawn>,
            Way<Stage::in_process, Trigger::withdraw, Stage::withdrawn>,
            Way<Stage::awaiting_supplement, Trigger::withdraw, Stage::withdrawn>,
            Way<Stage::awaiting_payment, Trigger::withdraw, Stage::withdrawn>,
            // Stop (dừng giải quyết). Verified where the applicant asks for it; unverified where the agency
            // stops of its own accord, which is why `stop` must name its law. @law one-stop/stop-on-request
            Way<Stage::received, Trigger::stop, Stage::stopped>,
            Way<Stage::in_process, Trigger::stop, Stage::stopped>,
            Way<Stage::awaiting_supplement, Trigger::stop, Stage::stopped>,
            Way<Stage::awaiting_payment, Trigger::stop, Stage::stopped>,
            // Result (kết quả) and its return: two moments; the agency is judged on the first.
            // @law one-stop/return-of-result
            Way<Stage::in_process, Trigger::resolve, Stage::resolved>,
            Way<Stage::resolved, Trigger::return_result, Stage::returned>> {};

  /// The default asserts; here "no such way" is an answer.
  template <class Machine, class Event>
  void no_transition(const Event&, Machine&, int) {}
};

using CaseLifecycle = msm::back::state_machine<CaseLifecycleFront>;

template <Stage S>
constexpr int machine_id() {
  return msm::back::get_state_id<CaseLifecycle::stt, In<S>>::type::value;
}

/// The machine's own number of each stage. Never stored: it follows from the order of the table.
template <std::size_t... I>
constexpr std::array<int, kStages> machine_ids(std::index_sequence<I...>) {
  return {machine_id<static_cast<Stage>(I)>()...};
}
constexpr auto kMachineIds = machine_ids(std::make_index_sequence<kStages>{});

/// An archive that only puts the machine at a stage: `serialize` is the one public way to its state array.
struct StagePlacer {
  int id = 0;

  StagePlacer& operator&(int (&states)[1]) {
    states[0] = id;
    return *this;
  }
  template <class Other>
  StagePlacer& operator&(Other&) {
    return *this;
  }
};

template <std::size_t... I>
bool fire(CaseLifecycle& machine, Trigger trigger, std::index_sequence<I...>) {
  bool moved = false;
  const auto fire_if_meant = [&]<std::size_t Index>(std::integral_constant<std::size_t, Index>) {
    if (trigger == static_cast<Trigger>(Index)) {
      moved = machine.process_event(On<static_cast<Trigger>(Index)>{}) == msm::back::HANDLED_TRUE;
    }
  };
  (fire_if_meant(std::integral_constant<std::size_t, I>{}), ...);
  return moved;
}

using Table = std::array<std::array<std::optional<Stage>, kTriggers>, kStages>;

Table filled_table() {
  Table table{};
  for (std::size_t stage = 0; stage < kStages; ++stage) {
    for (std::size_t trigger = 0; trigger < kTriggers; ++trigger) {
      table[stage][trigger] = ask_machine(static_cast<Stage>(stage), static_cast<Trigger>(trigger));
    }
  }
  return table;
}

template <class Enum, std::size_t N>
std::optional<Enum> find_name(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

std::string arrow(std::string_view from, std::string_view to) {
  return "    " + std::string(from) + " --> " + std::string(to);
}

}  // namespace

std::optional<Stage> advance(Stage from, Trigger trigger) {
  static const Table table = filled_table();
  return table[static_cast<std::size_t>(from)][static_cast<std::size_t>(trigger)];
}

std::optional<Stage> ask_machine(Stage from, Trigger trigger) {
  CaseLifecycle machine;
  machine.start();
  StagePlacer placer{kMachineIds[static_cast<std::size_t>(from)]};
  machine.serialize(placer, 0);
  if (!fire(machine, trigger, std::make_index_sequence<kTriggers>{})) return std::nullopt;
  const auto* const found = std::find(kMachineIds.begin(), kMachineIds.end(), machine.current_state()[0]);
  ENSURE(found != kMachineIds.end());
  return static_cast<Stage>(found - kMachineIds.begin());
}

bool is_final(Stage stage) {
  return stage == Stage::not_received || stage == Stage::withdrawn || stage == Stage::stopped ||
         stage == Stage::returned;
}

std::string_view name_of(Stage stage) { return kStageNames[static_cast<std::size_t>(stage)]; }
std::string_view name_of(Trigger trigger) { return kTriggerNames[static_cast<std::size_t>(trigger)]; }
std::optional<Stage> stage_from(std::string_view name) { return find_name<Stage>(kStageNames, name); }
std::optional<Trigger> trigger_from(std::string_view name) { return find_name<Trigger>(kTriggerNames, name); }

PortalStatus portal_status(Stage stage) {
  switch (stage) {
    case Stage::registered:
      return {1, "mới đăng ký"};
    case Stage::received:
      return {2, "được tiếp nhận"};
    case Stage::not_received:
      return {3, "không được tiếp nhận"};
    case Stage::in_process:
      return {4, "đang xử lý"};
    case Stage::awaiting_supplement:
      return {5, "yêu cầu bổ sung"};
    case Stage::awaiting_payment:
      return {6, "yêu cầu thực hiện nghĩa vụ tài chính"};
    case Stage::withdrawn:
      return {7, "rút hồ sơ"};
    case Stage::stopped:
      return {8, "dừng xử lý"};
    case Stage::resolved:
      return {9, "đã xử lý xong"};
    case Stage::returned:
      return {10, "đã trả kết quả"};
  }
  ensure_failed("stage is known", __FILE__, __LINE__);
}

std::string lifecycle_as_mermaid() {
  std::string text = "stateDiagram-v2\n" + arrow("[*]", name_of(Stage::registered)) + " : file\n";
  boost::mpl::for_each<CaseLifecycleFront::transition_table>([&text]<class Row>(const Row&) {
    text += arrow(name_of(Row::Source::stage), name_of(Row::Target::stage));
    text += " : " + std::string(name_of(Row::Evt::trigger)) + '\n';
  });
  for (std::size_t stage = 0; stage < kStages; ++stage) {
    if (is_final(static_cast<Stage>(stage))) text += arrow(kStageNames[stage], "[*]") + '\n';
  }
  return text;
}

}  // namespace motcua::engine

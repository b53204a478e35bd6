#include "bench/store/group_writer.hpp"

#include "bench/store/folder.hpp"

#include <utility>

namespace motcua::bench {
namespace {

constexpr std::size_t kCachedCases = 4096;

}  // namespace

GroupWriter::GroupWriter(const engine::RuntimePorts& ports)
    : ports_(ports), decider_(ports, must(ports.store.take_epoch()), kCachedCases) {}

engine::CaseHandle GroupWriter::decide(const engine::Identity& asker, engine::CommandRequest request) {
  const auto key = engine::to_hex(ports_.ids.next_command_id());
  request.asker = asker;
  request.scope = ports_.keys.mac("idempotency-scope", key);
  request.body_mac = ports_.keys.mac("idempotency-body", key);
  decider_.decide_into(*deciding_, std::move(request), {});
  const auto& answer = deciding_->answers.back().second;
  if (!answer) throw std::runtime_error("a command was refused: " + answer.error().detail);
  auto after = answer->after;
  if (deciding_->answers.size() == engine::kGroupCommandsMax || deciding_->bytes >= engine::kGroupBytesMax) {
    hand_over();
  }
  return after;
}

void GroupWriter::finish() {
  if (!deciding_->empty()) hand_over();
  wait_for_write();
}

void GroupWriter::hand_over() {
  wait_for_write();
  in_flight_ = std::exchange(deciding_, std::make_unique<engine::Group>());
  decider_.set_in_flight(in_flight_->accepted);
  decider_.finish(*in_flight_);
  written_ = std::async(std::launch::async, [this] { return ports_.store.append(in_flight_->batch); });
}

void GroupWriter::wait_for_write() {
  if (!written_.valid()) return;
  must(written_.get());
  decider_.all_durable();
}

}  // namespace motcua::bench

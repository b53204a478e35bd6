/// A group of commands decided together: one durable batch and the answers that wait for it.
#pragma once

#include "engine/ports/event_store.hpp"
#include "engine/runtime/command_request.hpp"

#include <map>
#include <utility>
#include <vector>

namespace motcua::engine {

/// An accepted command whose batch is not yet durable, for repetitions that arrive meanwhile.
struct PendingCommand {
  IdempotencyRecord record{};
  CaseHandle after{};
  LookupHandle lookup{};
  ConfirmationHandle confirmation{};
  PublicationHandle publication{};
  SubstitutionHandle substitution{};
};

using WaitingAnswer = std::pair<Reply, Result<CommandAnswer>>;

struct Group {
  AppendBatch batch{};
  std::vector<WaitingAnswer> answers{};
  std::map<Digest, PendingCommand> accepted{};     ///< by idempotency scope
  std::map<std::string, std::int64_t> counters{};  ///< absolute values to put
  std::size_t bytes = 0;

  [[nodiscard]] bool empty() const { return answers.empty(); }
};

}  // namespace motcua::engine

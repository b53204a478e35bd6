#include "workflows/import/bpmn_blocks.hpp"

#include "workflows/import/bpmn_routes.hpp"
#include "workflows/import/bpmn_timers.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace motcua::workflows {
namespace {

class BlockFinder {
 public:
  BlockFinder(const BpmnProcess& process, std::size_t split, Reporter& reporter)
      : process_(process), split_(split), reporter_(reporter) {}

  std::optional<BpmnBlock> find() {
    BpmnBlock block{split_, 0, {}};
    for (const auto flow : process_.nodes[split_].outgoing) {
      BpmnBranch branch{flow, {}};
      if (!collect(branch)) return std::nullopt;
      block.branches.push_back(std::move(branch));
    }
    if (!join_) {
      refuse("no branch comes to a joining gateway");
      return std::nullopt;
    }
    block.join = *join_;
    if (!are_apart(block) || !is_closed(block)) return std::nullopt;
    std::erase_if(block.branches, [&](const BpmnBranch& branch) { return !has_work(branch); });
    if (block.branches.size() < 2) {
      refuse("fewer than two branches have a step");
      return std::nullopt;
    }
    return block;
  }

 private:
  /// Always false.
  bool refuse(const std::string& why, const char* rule = "not-block-structured") {
    const auto& split = process_.nodes[split_];
    reporter_.error(split.place, rule,
                    "what runs side by side from `" + split.name + "` on cannot be carried over: " + why);
    return false;
  }

  /// Everything from the branch's flow to the join.
  bool collect(BpmnBranch& branch) {
    std::vector<std::size_t> open{process_.flows[branch.flow].target};
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      const auto& node = process_.nodes[at];
      if (is_join(node)) {
        if (join_ && *join_ != at) return refuse("its branches come to several joining gateways");
        join_ = at;
        continue;
      }
      if (!may_lie_inside(node)) return false;
      if (!branch.nodes.insert(at).second) continue;
      for (const auto flow : node.outgoing) open.push_back(process_.flows[flow].target);
      for (const auto timer : timers_on(process_, node)) open.push_back(timer);
    }
    return true;
  }

  bool may_lie_inside(const BpmnNode& node) {
    switch (node.kind) {
      case BpmnKind::task:
      case BpmnKind::timer:
      case BpmnKind::exclusive:
        return true;
      case BpmnKind::parallel:
        if (node.outgoing.size() == 1) return true;
        return refuse("`" + node.name + "` splits again inside a branch", "nested-parallel");
      case BpmnKind::end:
        return refuse("a branch ends at `" + node.name + "` before the join");
      case BpmnKind::start:
      case BpmnKind::unsupported:
        break;
    }
    return refuse("`" + node.name + "` lies in a branch");
  }

  bool are_apart(const BpmnBlock& block) {
    std::set<std::size_t> seen;
    for (const auto& branch : block.branches) {
      for (const auto node : branch.nodes) {
        if (!seen.insert(node).second) {
          return refuse("two branches meet at `" + process_.nodes[node].name + "` before the join");
        }
      }
    }
    return true;
  }

  /// Nothing from outside leads in, and nothing from outside comes to the join.
  bool is_closed(const BpmnBlock& block) {
    for (const auto& branch : block.branches) {
      for (const auto node : branch.nodes) {
        for (const auto flow : process_.nodes[node].incoming) {
          if (flow != branch.flow && branch.nodes.count(process_.flows[flow].source) == 0) {
            return refuse("a flow leads into a branch at `" + process_.nodes[node].name + "`");
          }
        }
      }
    }
    for (const auto flow : process_.nodes[block.join].incoming) {
      const auto source = process_.flows[flow].source;
      const bool inside = std::any_of(block.branches.begin(), block.branches.end(),
                                      [&](const auto& branch) { return branch.nodes.count(source) != 0; });
      if (!inside && source != split_) {
        return refuse("its join waits for `" + process_.nodes[source].name + "` outside");
      }
    }
    for (const auto& branch : block.branches) {
      if (into_join(block, branch) != 1) {
        return refuse("a branch comes to the join by several flows, which would wait for each other");
      }
    }
    return true;
  }

  /// Flows by which the branch comes to the join.
  [[nodiscard]] std::ptrdiff_t into_join(const BpmnBlock& block, const BpmnBranch& branch) const {
    const auto& incoming = process_.nodes[block.join].incoming;
    return std::count_if(incoming.begin(), incoming.end(), [&](std::size_t flow) {
      return flow == branch.flow || branch.nodes.count(process_.flows[flow].source) != 0;
    });
  }

  bool has_work(const BpmnBranch& branch) {
    const bool work = std::any_of(branch.nodes.begin(), branch.nodes.end(), [&](std::size_t node) {
      const auto kind = process_.nodes[node].kind;
      return kind == BpmnKind::task || kind == BpmnKind::timer;
    });
    if (!work) {
      reporter_.warning(process_.flows[branch.flow].place, "empty-branch",
                        "nothing is done in this branch: it is left out");
    }
    return work;
  }

  const BpmnProcess& process_;
  std::size_t split_ = 0;
  Reporter& reporter_;
  std::optional<std::size_t> join_{};
};

}  // namespace

std::optional<BpmnBlock> block_at(const BpmnProcess& process, std::size_t split, Reporter& reporter) {
  return BlockFinder(process, split, reporter).find();
}

}  // namespace motcua::workflows

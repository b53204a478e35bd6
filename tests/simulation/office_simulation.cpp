/// `office_simulation --seeds N --commands M [--first-seed F]`, `--seed S [--trace]`, `--twice S`,
/// `--failed-once FILE`: runs offices and says what they did. Exit 1 if an office failed, or something that
/// should happen in that many runs did not.
#include "tests/simulation/simulation.hpp"

#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>

namespace motcua::simulation {
namespace {

struct Arguments {
  std::uint64_t seeds = 0;
  std::uint64_t first_seed = 1;
  std::size_t commands = 2000;
  std::optional<std::uint64_t> seed{};
  std::optional<std::uint64_t> twice{};
  std::string failed_once{};
  bool trace = false;
};

Arguments read(int count, char** words) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--trace") {
      arguments.trace = true;
      continue;
    }
    if (i + 1 == count) throw std::invalid_argument(word);
    const std::string value = words[++i];
    if (word == "--seeds") {
      arguments.seeds = std::stoull(value);
    } else if (word == "--first-seed") {
      arguments.first_seed = std::stoull(value);
    } else if (word == "--commands") {
      arguments.commands = std::stoull(value);
    } else if (word == "--seed") {
      arguments.seed = std::stoull(value);
    } else if (word == "--twice") {
      arguments.twice = std::stoull(value);
    } else if (word == "--failed-once") {
      arguments.failed_once = value;
    } else {
      throw std::invalid_argument(word);
    }
  }
  return arguments;
}

class Runs {
 public:
  explicit Runs(const Arguments& arguments) : arguments_(arguments) {}

  void run(std::uint64_t seed) {
    const auto result = run_office({seed, arguments_.commands, arguments_.trace});
    ++count_;
    total_.add(result.statistics);
    if (!result.failed) return;
    ++failures_;
    std::cout << result.report << std::flush;
  }

  /// Prints the table and one line, and gives the exit code.
  int end(bool wants_all_kinds) const {
    std::cout << total_.table();
    const auto absent = wants_all_kinds ? total_.absent() : std::string();
    if (!absent.empty()) std::cout << "never happened: " << absent << '\n';
    std::cout << "simulation: " << count_ << " seeds, " << total_.commands << " commands, "
              << static_cast<double>(static_cast<std::int64_t>(total_.years() * 10)) / 10
              << " simulated years, " << failures_ << " failures\n";
    return failures_ == 0 && absent.empty() ? 0 : 1;
  }

 private:
  const Arguments& arguments_;
  Statistics total_{};
  std::uint64_t count_ = 0;
  std::uint64_t failures_ = 0;
};

int run_twice(const Arguments& arguments) {
  const RunOptions options{*arguments.twice, arguments.commands, false};
  const auto first = run_office(options);
  const auto second = run_office(options);
  const bool same = first.log_hash == second.log_hash && first.statistics.line() == second.statistics.line();
  std::cout << "seed " << options.seed << ": log " << first.log_hash << " and " << second.log_hash << ", "
            << (same ? "the same" : "NOT the same") << " figures\n";
  if (!same) std::cout << first.statistics.line() << '\n' << second.statistics.line() << '\n';
  std::cout << first.report;
  return same && !first.failed ? 0 : 1;
}

int run(const Arguments& arguments) {
  if (arguments.twice) return run_twice(arguments);
  Runs runs(arguments);
  if (arguments.seed) {
    runs.run(*arguments.seed);
    return runs.end(false);
  }
  if (!arguments.failed_once.empty()) {
    std::ifstream file(arguments.failed_once);
    if (!file) throw std::invalid_argument(arguments.failed_once);
    for (std::string line; std::getline(file, line);) {
      if (!line.empty() && line.front() != '#') runs.run(std::stoull(line));
    }
  }
  for (std::uint64_t i = 0; i < arguments.seeds; ++i) runs.run(arguments.first_seed + i);
  constexpr std::uint64_t kEnoughForAll = 20;
  return runs.end(arguments.seeds >= kEnoughForAll);
}

}  // namespace
}  // namespace motcua::simulation

int main(int count, char** words) {
  try {
    return motcua::simulation::run(motcua::simulation::read(count, words));
  } catch (const std::exception& problem) {
    std::cerr << "office_simulation: " << problem.what()
              << "\nusage: office_simulation --seeds N [--first-seed F] [--commands M] [--failed-once FILE]\n"
                 "       office_simulation --seed S [--commands M] [--trace]\n"
                 "       office_simulation --twice S [--commands M]\n";
    return 2;
  }
}

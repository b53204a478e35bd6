/// One run of the office: everything from one seed. First with faults, judged after each step; then without,
/// until every case has come to an end.
#pragma once

#include "tests/simulation/actors.hpp"
#include "tests/simulation/judge.hpp"

#include <set>
#include <string>
#include <vector>

namespace motcua::simulation {

struct RunOptions {
  std::uint64_t seed = 1;
  std::size_t commands = 2000;
  bool trace = false;
};

struct RunResult {
  bool failed = false;
  std::string report{};  ///< what differed, the last steps of the case, and how to see it again
  std::string log_hash{};
  Statistics statistics{};
};

[[nodiscard]] RunResult run_office(const RunOptions& options);

class Simulation {
 public:
  explicit Simulation(const RunOptions& options);

  /// Both phases. Throws a Discrepancy.
  void run();

  [[nodiscard]] Judge& judge() { return judge_; }
  [[nodiscard]] Statistics& statistics() { return statistics_; }

 private:
  [[nodiscard]] model::Micros now() { return engine::to_micros(engine_.clock().now()); }
  void step();
  void settle();
  void end_of_step();

  // Time.
  void let_time_pass();
  void hop_to(model::Micros to);
  void pass_unwatched();

  // Commands.
  void commands();
  void run_group(const std::vector<model::Command>& group, const GroupPlan& plan);
  void judge_lost(const std::vector<model::Command>& group, const GroupResult& result, const GroupPlan& plan,
                  model::Micros at);
  [[nodiscard]] GroupPlan draw_plan(std::size_t size);
  void read_as_somebody();

  // Faults.
  void maybe_fault();
  void crash();
  void refuse_read();
  void distrust_clock();

  // The register.
  void register_answers();
  void answer_question(const std::string& name);
  [[nodiscard]] std::vector<std::string> open_questions() const;
  [[nodiscard]] bool is_ripe(const std::string& name);

  void come_to_an_end();
  void finish(const std::string& case_id);

  RunOptions options_;
  Draw draw_;
  Weights weights_;
  Statistics statistics_{};
  model::OfficeModel book_;
  OfficeEngine engine_;
  Judge judge_;
  Actors actors_;
  bool outage_ = false;
  std::map<std::string, std::uint64_t> asked_at_{};  ///< step, by question
  std::map<std::string, std::uint64_t> ripe_at_{};
  std::set<std::string> answered_{};
};

}  // namespace motcua::simulation

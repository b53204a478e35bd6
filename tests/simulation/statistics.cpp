#include "tests/simulation/statistics.hpp"

#include <array>
#include <cstdio>
#include <vector>

namespace motcua::simulation {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

const std::vector<std::string> kCommands{"file",
                                         "receive",
                                         "refuse_reception",
                                         "request_supplement",
                                         "supply",
                                         "assign",
                                         "claim",
                                         "release",
                                         "delegate",
                                         "step",
                                         "consult",
                                         "acknowledge_consultation",
                                         "answer_consultation",
                                         "withdraw",
                                         "stop",
                                         "resolve",
                                         "return_result",
                                         "correct",
                                         "note",
                                         "pause",
                                         "resume",
                                         "extend",
                                         "timer",
                                         "answer",
                                         "failure"};
const std::vector<std::string> kProblems{
    "role-forbidden",  "not-found",       "version-conflict", "idempotency-key-reused",   "invalid-data",
    "not-allowed",     "guard-undecided", "same-person",      "expected-version-missing", "clock-suspect",
    "outcome-unknown", "not-durable",     "bad-request"};
const std::vector<std::string> kFaults{"crash",
                                       "append failed, nothing written",
                                       "append failed, everything written",
                                       "epoch lost",
                                       "store refused a read",
                                       "clock set back",
                                       "clock distrusted",
                                       "time passed with nobody watching",
                                       "register down",
                                       "register answered late",
                                       "request repeated",
                                       "key used for another request",
                                       "race at one version"};

void add_counts(Counts& into, const Counts& more) {
  for (const auto& [name, count] : more) into[name] += count;
}

void print(std::string& table, const char* title, const Counts& counts) {
  table += std::string(title) + '\n';
  for (const auto& [name, count] : counts) {
    std::array<char, 96> line{};
    std::snprintf(line.data(), line.size(), "  %-40s %10llu\n", name.c_str(),
                  static_cast<unsigned long long>(count));
    table += line.data();
  }
}

void look_for(std::string& absent, const Counts& counts, const std::vector<std::string>& kinds) {
  for (const auto& kind : kinds) {
    if (!counts.contains(kind)) absent += (absent.empty() ? "" : ", ") + kind;
  }
}

}  // namespace

void Statistics::add(const Statistics& other) {
  add_counts(accepted, other.accepted);
  add_counts(refused, other.refused);
  add_counts(faults, other.faults);
  add_counts(checks, other.checks);
  commands += other.commands;
  simulated_micros += other.simulated_micros;
}

double Statistics::years() const {
  return static_cast<double>(simulated_micros) / (365.25 * 24 * 3600 * 1'000'000);
}

std::string Statistics::table() const {
  std::string table;
  print(table, "accepted", accepted);
  print(table, "refused", refused);
  print(table, "faults", faults);
  print(table, "checks", checks);
  std::array<char, 96> line{};
  std::snprintf(line.data(), line.size(), "%llu commands, %.1f simulated years\n",
                static_cast<unsigned long long>(commands), years());
  return table + line.data();
}

std::string Statistics::absent() const {
  std::string absent;
  look_for(absent, accepted, kCommands);
  look_for(absent, refused, kProblems);
  look_for(absent, faults, kFaults);
  return absent;
}

std::string Statistics::line() const {
  std::string line = std::to_string(commands);
  for (const auto* counts : {&accepted, &refused, &faults, &checks}) {
    for (const auto& [name, count] : *counts) line += ' ' + name + '=' + std::to_string(count);
  }
  return line;
}

}  // namespace motcua::simulation

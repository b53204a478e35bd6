/// The load generator as a program of its own: drives the engine or the ceiling. Loopback only.
#include "api/cli/load_generator.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace {

using motcua::api::LoadMode;
using motcua::api::LoadOptions;

struct Program {
  LoadOptions load{};
  bool json = false;
  std::string answer_file{};
};

int usage() {
  std::cerr << "usage: motcua-load --target 127.0.0.1:PORT --token ROLE=JWT ... [options]\n"
               "  --mode advance|life     claim and release in turn, or whole lives (advance)\n"
               "  --connections N         64\n"
               "  --cases N               open cases of each connection (16)\n"
               "  --seconds S             measured time (10)\n"
               "  --requests N            end earlier, after N answers\n"
               "  --rate R                fixed schedule of R requests a second instead of a closed loop\n"
               "  --script FILE           another life, as JSON\n"
               "  --server-pid PID        report that process's processor time as well\n"
               "  --save-answer FILE      keep one answer to a command\n"
               "  --json\n";
  return 2;
}

std::string contents(const std::string& file) {
  std::ifstream in(file);
  if (!in) {
    throw std::runtime_error("cannot read " + file);
  }
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void set_target(LoadOptions& load, const std::string& value) {
  const std::size_t colon = value.rfind(':');
  load.host = value.substr(0, colon);
  load.port = static_cast<std::uint16_t>(std::stoul(value.substr(colon + 1)));
  if (load.host.rfind("127.", 0) != 0) {
    throw std::runtime_error("loopback only");
  }
}

bool set(Program& program, const std::string& name, const std::string& value) {
  LoadOptions& load = program.load;
  if (name == "--target") {
    set_target(load, value);
  } else if (name == "--token") {
    const std::size_t equals = value.find('=');
    load.tokens[value.substr(0, equals)] = value.substr(equals + 1);
  } else if (name == "--mode") {
    load.mode = value == "life" ? LoadMode::life : LoadMode::advance;
    return value == "life" || value == "advance";
  } else if (name == "--connections") {
    load.connections = std::stoi(value);
  } else if (name == "--cases") {
    load.cases_per_connection = std::stoi(value);
  } else if (name == "--seconds") {
    load.duration = std::chrono::milliseconds(static_cast<std::int64_t>(std::stod(value) * 1000));
  } else if (name == "--requests") {
    load.requests_max = std::stoull(value);
  } else if (name == "--rate") {
    load.rate = std::stod(value);
  } else if (name == "--script") {
    load.script = motcua::api::read_script(contents(value));
  } else if (name == "--server-pid") {
    load.server_pid = std::stoi(value);
  } else if (name == "--save-answer") {
    program.answer_file = value;
    load.keep_answer = true;
  } else {
    return false;
  }
  return true;
}

}  // namespace

int main(int count, char** values) {
  Program program;
  program.load.script = motcua::api::birth_script();
  try {
    for (int i = 1; i < count; ++i) {
      const std::string name = values[i];
      if (name == "--json") {
        program.json = true;
      } else if (i + 1 == count || !set(program, name, values[++i])) {
        return usage();
      }
    }
    const auto report = motcua::api::run_load(program.load);
    std::cout << (program.json ? motcua::api::to_json(report) + '\n' : motcua::api::to_text(report));
    if (!program.answer_file.empty()) {
      std::ofstream(program.answer_file) << report.sample_answer;
    }
    return report.acceptable() ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "motcua-load: " << error.what() << '\n';
    return 3;
  }
}

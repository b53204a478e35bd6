#include "api/cli/graphviz.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace motcua::api {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

constexpr auto kPatience = std::chrono::seconds(30);

/// A file without a name, gone when it is closed.
File nameless_file() {
  File file(std::tmpfile(), std::fclose);
  if (!file) throw std::runtime_error("cannot make a temporary file");
  return file;
}

pid_t spawn_dot(std::FILE* in, std::FILE* out) {
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ::fileno(in), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ::fileno(out), STDOUT_FILENO);
  std::array<std::string, 2> words{"dot", "-Tsvg"};
  const std::array<char*, 3> line{words[0].data(), words[1].data(), nullptr};
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, "dot", &actions, nullptr, line.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    throw std::runtime_error(
        "SVG is drawn by the program `dot` of Graphviz, which cannot be started: install "
        "the package graphviz, or take --format dot or mermaid");
  }
  return child;
}

void wait_for(pid_t child) {
  int status = 0;
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > until) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      throw std::runtime_error("dot did not finish in half a minute");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error("dot failed");
}

std::string contents_of(std::FILE* file) {
  std::string text;
  std::array<char, 65536> piece{};
  std::rewind(file);
  while (const auto size = std::fread(piece.data(), 1, piece.size(), file)) text.append(piece.data(), size);
  return text;
}

}  // namespace

std::string svg_of(const std::string& dot) {
  const File in = nameless_file();
  const File out = nameless_file();
  const bool written = std::fwrite(dot.data(), 1, dot.size(), in.get()) == dot.size();
  if (!written || std::fflush(in.get()) != 0) throw std::runtime_error("cannot write a temporary file");
  std::rewind(in.get());
  wait_for(spawn_dot(in.get(), out.get()));
  return contents_of(out.get());
}

}  // namespace motcua::api

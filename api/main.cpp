/// The `motcua` binary.
#include "api/cli/commands.hpp"

int main(int argc, char** argv) { return motcua::api::run_cli(argc, argv); }

/// `motcua init`: makes an empty folder a store. Nothing else ever does, but `serve --dev`.
#include "api/cli/commands.hpp"
#include "api/cli/store_folder.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace motcua::api {

void add_init_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("init", "make an empty folder a store");
  const auto folder = std::make_shared<StoreFolder>();
  command->add_option("--data", folder->data, "data folder")->required()->envname("MOTCUA_DATA");
  command->add_option("--anchor", folder->anchor, "anchor file (default: DATA.anchor)")
      ->envname("MOTCUA_ANCHOR");
  command->add_option("--master-key", folder->master_key, "master key file (default: DATA.master-key)")
      ->envname("MOTCUA_MASTER_KEY");
  const auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "answer in JSON");
  command->callback([folder, json, &action] {
    action = [folder, json] {
      const auto complete = with_defaults(*folder);
      if (const auto made = init_store(complete); !made) {
        complain(made.error().what);
        return Exit::failure;
      }
      if (*json) {
        std::cout << R"({"status":"ok"})" << '\n';
      } else {
        std::cout << "store:      " << complete.data.string() << "\nanchor:     " << complete.anchor.string()
                  << "\nmaster key: " << complete.master_key.string()
                  << " (keep a copy elsewhere: without it sealed values are lost)\n";
      }
      return Exit::ok;
    };
  });
}

}  // namespace motcua::api

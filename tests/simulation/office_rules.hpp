/// The rules that a simulated office works by: the shipped procedures, calendars and organisations, two
/// procedures with pauses and other ways of counting, and a commune whose desk opens on Saturdays. The same
/// bytes are read by the engine's loader and by the model.
#pragma once

#include "engine/runtime/publication.hpp"
#include "tests/simulation/model/office_model.hpp"
#include "workflows/loader/loaded_catalogue.hpp"

#include <vector>

namespace motcua::simulation {

struct OfficeRules {
  workflows::LoadedCatalogue catalogue{};
  model::World world{};
  std::vector<engine::PublishedFile> files{};
};

/// Read once a process. Throws if a file is not accepted.
[[nodiscard]] const OfficeRules& office_rules();

}  // namespace motcua::simulation

/// Rules that need the whole catalogue: what an earlier result of another procedure holds already (một lần
/// khai), and versions that two files publish with different text.
#pragma once

#include "engine/core/ids.hpp"
#include "workflows/loader/located_json.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace motcua::workflows {

/// A line that is looked up only if the finding is made.
inline constexpr int kLineUnknown = -1;

/// Takes files one after the other, then says what they show together. Keeps no document.
class CatalogueCheck {
 public:
  /// A procedure that was read, with the hash of its bytes.
  void add(const LocatedJson& located, const engine::Digest& hash);
  /// Findings once-only-result (warning) and version-taken.
  /// @law population/once-only
  [[nodiscard]] Findings findings() const;

 private:
  /// Something asked of people, and what it is called.
  struct Asked {
    std::size_t file = 0;  ///< index into files_
    std::string pointer{};
    std::string code{};
    std::string name{};  ///< in Vietnamese
  };
  /// A result that the State keeps for the next procedure.
  struct Kept {
    std::string procedure{};
    std::string spoken{};  ///< as the definition has it
  };
  struct File {
    std::string name{};
    std::string procedure{};
  };
  void keep(const std::string& key, const Kept& kept);
  void add_results(const Json& document);
  void add_papers(const Json& document);
  void add_questions(const Json& schema, const std::string& at);
  [[nodiscard]] const Kept* kept_elsewhere(const std::string& key, const std::string& procedure) const;
  [[nodiscard]] const Kept* held(const Asked& asked) const;

  std::vector<File> files_{};
  std::vector<Asked> asked_{};
  std::map<std::string, std::vector<Kept>>
      kept_{};  ///< by code and by folded name; two procedures are enough
  std::map<std::pair<std::string, std::int64_t>, std::pair<std::string, engine::Digest>> versions_{};
  Findings taken_{};
};

}  // namespace motcua::workflows

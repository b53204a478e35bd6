/// Who exists where: agencies (cơ quan) and their officers, as data. Immutable; a case pins it by `hash`.
#pragma once

#include "engine/core/ids.hpp"
#include "engine/procedure/machine.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::engine {

/// An officer (cán bộ, công chức) of an agency.
struct Officer {
  ActorId sub{};
  std::string name{};
  std::vector<std::string> roles{};
  std::string personal_number{};  ///< for look-ups; never shown, never logged

  [[nodiscard]] bool has_role(std::string_view role) const;
};

/// A declared queue (hàng việc do đơn vị đặt): a part of one of the office's queues, under a name of its own.
/// Empty members do not narrow it.
struct DeclaredQueue {
  std::string code{};
  Label name{};
  std::string queue{};  ///< reception | processing | signing | return | consultation
  std::string role{};   ///< only officers with this role see it, and those who see everything
  std::string stage{};
  std::string procedure{};
  std::string step{};      ///< with `procedure` its counters take constant time
  std::string assignee{};  ///< `me`, `none`, or an officer
  std::string flag{};
  std::optional<int> due_within_days{};  ///< 0: today
};

/// An agency (cơ quan, đơn vị).
struct Agency {
  AgencyId id{};
  std::string name{};
  std::optional<AgencyId> parent{};
  std::string level{};        ///< province | commune | ministry
  std::string calendar{};     ///< code of its calendar
  std::string code_prefix{};  ///< prefix of its case codes (mã hồ sơ)
  std::vector<Officer> officers{};
  std::vector<DeclaredQueue> queues{};

  [[nodiscard]] const Officer* find_officer(const ActorId& sub) const;
};

/// The organisation file: who exists where. Rights come from the token, not from here.
struct Organisation {
  std::string code{};
  std::int64_t version = 0;
  Digest hash{};
  std::vector<Agency> agencies{};
  std::string document{};

  [[nodiscard]] const Agency* find(const AgencyId& id) const;
};

/// True for an identifier of an agency (mã định danh điện tử): a capital, then digits, capitals and dots; at
/// most 35.
[[nodiscard]] bool is_agency_id(std::string_view text);

}  // namespace motcua::engine

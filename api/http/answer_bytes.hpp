/// Answers as bytes: the head of an answer, and the one answer that is given without a session.
#pragma once

#include "api/http/message.hpp"

#include <string>
#include <string_view>

namespace motcua::api {

/// What the head of an answer says beside the response itself.
struct HeadFacts {
  std::string_view date{};
  std::string_view request_id{};
  bool is_1_0 = false;      ///< of the request
  bool keeps_alive = true;  ///< the connection stays open afterwards
};

/// Appends status line and fields, with the empty line, to `out`.
void append_head(std::string& out, const Response& response, const HeadFacts& facts);

/// A whole 503 overloaded for a connection beyond the cap.
[[nodiscard]] std::string overloaded_answer();

}  // namespace motcua::api

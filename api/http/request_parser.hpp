/// Beast's parser, told to collect only what this server needs. Internal to api/http.
#pragma once

#include "api/http/limits.hpp"
#include "api/http/message.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace motcua::api {

namespace http = boost::beast::http;

/// Writes method, target and the fields that matter into a Request, the body into its `body`. Everything else
/// of the header is checked and dropped without a copy.
class RequestParser final : public http::basic_parser<true> {
 public:
  explicit RequestParser(Request& request) : request_(request) {
    header_limit(static_cast<std::uint32_t>(kHeaderBytesMax + 1));
    body_limit(kBodyBytesMax);
    eager(true);
  }

  /// As `put`, for what has come after the header. Takes no first chunk while there are too few bytes for
  /// any.
  std::size_t put_body(std::string_view received, boost::beast::error_code& error);

  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  [[nodiscard]] bool is_encoded() const { return is_encoded_; }
  [[nodiscard]] bool is_1_0() const { return is_1_0_; }
  [[nodiscard]] std::string_view target() const { return target_; }  ///< valid until more is read

 private:
  using Text = boost::beast::string_view;
  using Error = boost::beast::error_code;

  void on_request_impl(http::verb verb, Text, Text target, int version, Error& error) override;
  void on_response_impl(int, Text, int, Error&) override {}
  void on_field_impl(http::field field, Text name, Text value, Error& error) override;
  void on_header_impl(Error& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Error& error) override;
  std::size_t on_body_impl(Text part, Error& error) override;
  void on_chunk_header_impl(std::uint64_t size, Text extension, Error& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remain, Text part, Error& error) override;
  void on_finish_impl(Error& error) override { error = {}; }

  Request& request_;
  std::string_view target_{};
  bool header_is_done_ = false;
  bool has_chunk_ = false;
  bool expects_continue_ = false;
  bool is_encoded_ = false;
  bool is_1_0_ = false;
};

}  // namespace motcua::api

#include "api/http/request_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>

namespace motcua::api {
namespace {

/// Room made before any byte of the body is there: a client that only announces a body costs no more.
constexpr std::uint64_t kBodyReserveMax = 64 * 1024;

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::get;
    case http::verb::head:
      return Method::head;
    case http::verb::post:
      return Method::post;
    case http::verb::put:
      return Method::put;
    case http::verb::patch:
      return Method::patch;
    case http::verb::delete_:
      return Method::del;
    case http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

/// The shortest end of a chunked body, `0 CR LF CR LF`. Beast 1.81 asserts that it never sees the last chunk
/// in fewer bytes, and it does if that chunk is the first one and comes in pieces.
constexpr std::size_t kChunkedEndBytes = 5;

/// A chunk extension is ignored, but it must be one: `;name`, `;name=token` or `;name="text"`, without
/// spaces.
bool is_chunk_extension(std::string_view text) {
  if (text.empty()) {
    return true;
  }
  bool quoted = false;
  bool name_follows = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char unit = text[at];
    if (quoted) {
      at += unit == '\\' ? 1 : 0;
      quoted = unit != '"';
      continue;
    }
    if (unit == ' ' || unit == '\t' || (name_follows && (unit == ';' || unit == '='))) {
      return false;
    }
    name_follows = unit == ';';
    quoted = unit == '"';
  }
  return text.front() == ';' && !quoted && !name_follows;
}

}  // namespace

std::size_t RequestParser::put_body(std::string_view received, boost::beast::error_code& error) {
  if (chunked() && !has_chunk_ && received.size() < kChunkedEndBytes) {
    error = http::error::need_more;
    return 0;
  }
  return put(boost::asio::buffer(received.data(), received.size()), error);
}

void RequestParser::on_request_impl(http::verb verb, Text, Text target, int version, Error& error) {
  request_.method = method_of(verb);
  target_ = {target.data(), target.size()};
  is_1_0_ = version == 10;
  error = {};
}

void RequestParser::on_field_impl(http::field field, Text name, Text value, Error& error) {
  error = {};
  if (header_is_done_) {
    return;  // a trailer field changes nothing
  }
  switch (field) {
    case http::field::authorization:
      request_.authorization.assign(value.data(), value.size());
      return;
    case http::field::content_type:
      request_.content_type.assign(value.data(), value.size());
      return;
    case http::field::content_encoding:
      is_encoded_ = !boost::beast::iequals(value, "identity");
      return;
    case http::field::expect:
      expects_continue_ = !is_1_0_;
      return;
    default:
      // Beast 1.81 has no number for these fields.
      if (boost::beast::iequals(name, "Idempotency-Key")) {
        request_.idempotency_key.assign(value.data(), value.size());
      } else if (boost::beast::iequals(name, "Last-Event-ID")) {
        request_.last_event_id.assign(value.data(), value.size());
      }
      return;
  }
}

void RequestParser::on_header_impl(Error& error) {
  header_is_done_ = true;
  error = {};
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, Error& error) {
  request_.body.reserve(static_cast<std::size_t>(std::min(length.value_or(0), kBodyReserveMax)));
  error = {};
}

std::size_t RequestParser::on_body_impl(Text part, Error& error) {
  request_.body.append(part.data(), part.size());
  error = {};
  return part.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t, Text extension, Error& error) {
  error = {};
  has_chunk_ = true;
  if (!is_chunk_extension({extension.data(), extension.size()})) {
    error = http::error::bad_chunk_extension;
  }
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text part, Error& error) {
  return on_body_impl(part, error);
}

}  // namespace motcua::api

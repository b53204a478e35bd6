/// Owners for the handles of libcjose. Internal to adapters/identity.
#pragma once

#include <cjose/cjose.h>

#include <memory>

namespace motcua::adapters {

struct JwkRelease {
  void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
};
struct JwsRelease {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};
struct HeaderRelease {
  void operator()(cjose_header_t* header) const { cjose_header_release(header); }
};
using JwkHandle = std::unique_ptr<cjose_jwk_t, JwkRelease>;
using JwsHandle = std::unique_ptr<cjose_jws_t, JwsRelease>;
using HeaderHandle = std::unique_ptr<cjose_header_t, HeaderRelease>;

}  // namespace motcua::adapters

// JSON Web Tokens signed with HMAC-SHA256 (RFC 7519; RFC 7518, 3.2), for media servers that take no
// others. Our own tokens are none of them (docs/token.md).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/secret.h"

namespace usher::token {

// The token with these claims, a JSON object.
std::string SignHs256(absl::string_view claims, const Secret& key);

// The claims of a token that was signed with this key, as JSON. Whether they hold now (exp, nbf),
// and for whom (iss), is the caller's to judge. No other algorithm is tried, whatever the header
// says (RFC 8725, 3.1), and an empty key has signed nothing. kUnauthenticated with the reason.
absl::StatusOr<std::string> VerifyHs256(absl::string_view jwt, const Secret& key);

// The claims of a token that anybody may have made: to see whose key it is to be verified with.
absl::StatusOr<std::string> UnverifiedClaims(absl::string_view jwt);

}  // namespace usher::token

// Secrets that the service makes itself, to be shown once.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/secret.h"

namespace usher::auth {

// An API key: "usher_", 43 random characters of base62 (256 bits) and 6 more that are the CRC-32 of
// those, so that a scanner of repositories and logs can tell it from any other text without asking
// us. The whole is the code.
Secret MakeApiKey();
// Whether it has that form, its checksum included.
bool IsApiKey(absl::string_view text);

// So many random bytes in base64url.
Secret RandomText(size_t bytes);

// 256 and 128 random bits in base64url.
Secret MakeInvitationCode();
std::string MakeInvitationToken();

}  // namespace usher::auth

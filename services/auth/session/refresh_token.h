// Refresh tokens as text: which session they name, and that it was us who issued them.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/id.h"
#include "common/base/secret.h"
#include "services/auth/secret/secret_vault.h"

namespace usher::auth {

struct RefreshToken {
  SessionId session;
  Secret text;       // base64url of session (16 bytes), secret (32) and tag (16)
  std::string hash;  // what the session keeps of it
};

// A new one.
RefreshToken MakeRefreshToken(const SecretVault& vault, const SessionId& session);

// Nothing for text that was never issued: the tag, made with the pepper, tells it from a token that
// has ended, so that nobody can end a session with a made-up one.
std::optional<RefreshToken> ParseRefreshToken(const SecretVault& vault, absl::string_view text);

}  // namespace usher::auth

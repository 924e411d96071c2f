// Refresh tokens as text: which session they name, and that it was us who issued them.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/id.h"
#include "common/base/secret.h"
#include "services/auth/secret/pepper.h"

namespace usher::auth {

struct RefreshToken {
  SessionId session;
  Secret text;       // base64url of session (16 bytes), secret (32) and tag (16)
  std::string hash;  // 32 bytes, what the session keeps of it
};

// Makes and reads them, under the first key of the pepper: a key that is appended signs nobody out.
// They are 256 random bits, and need no slow hash. Thread-safe; cheap.
class RefreshTokens {
 public:
  explicit RefreshTokens(const Pepper& pepper);

  // A new one.
  RefreshToken Make(const SessionId& session) const;

  // Nothing for text that was never issued: the tag, made with the pepper, tells it from a token
  // that has ended, so that nobody can end a session with a made-up one.
  std::optional<RefreshToken> Parse(absl::string_view text) const;

 private:
  Secret TagOf(const Secret& session_and_secret) const;

  const Secret key_;
};

}  // namespace usher::auth

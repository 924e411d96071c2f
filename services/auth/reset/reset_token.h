// Password reset tokens as text, and what is kept of them.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/secret.h"
#include "services/auth/secret/pepper.h"

namespace usher::auth {

struct ResetToken {
  Secret text;       // base64url of 32 random bytes
  std::string hash;  // 32 bytes, what is kept
};

// Under the first key of the pepper: one that is appended ends no reset. 256 random bits need no
// slow hash. Thread-safe; cheap.
class ResetTokens {
 public:
  explicit ResetTokens(const Pepper& pepper);

  ResetToken Make() const;
  std::string HashOf(const Secret& text) const;
  // What is kept of the sealed secret that a reset is to replace: once that has changed, the reset
  // is good for nothing any more.
  std::string MarkOf(absl::string_view sealed_secret) const;

 private:
  const Secret token_key_;
  const Secret mark_key_;
};

}  // namespace usher::auth

#include "services/auth/reset/reset_token.h"

#include "services/auth/secret/keyed_hash.h"
#include "services/auth/secret/made_code.h"

namespace usher::auth {
namespace {

constexpr size_t kSecretSize = 32;

}  // namespace

ResetTokens::ResetTokens(const Pepper& pepper)
    : token_key_(Subkey(pepper.first(), "usher auth reset token v1")),
      mark_key_(Subkey(pepper.first(), "usher auth reset mark v1")) {}

ResetToken ResetTokens::Make() const {
  ResetToken token;
  token.text = RandomText(kSecretSize);
  token.hash = HashOf(token.text);
  return token;
}

std::string ResetTokens::HashOf(const Secret& text) const {
  return KeyedHash(token_key_, text.Reveal());
}

std::string ResetTokens::MarkOf(absl::string_view sealed_secret) const {
  return KeyedHash(mark_key_, sealed_secret);
}

}  // namespace usher::auth

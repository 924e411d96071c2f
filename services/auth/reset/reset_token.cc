#include "services/auth/reset/reset_token.h"

#include <sodium.h>

#include "services/auth/secret/keyed_hash.h"

namespace usher::auth {
namespace {

constexpr size_t kSecretSize = 32;

}  // namespace

ResetTokens::ResetTokens(const Pepper& pepper)
    : token_key_(Subkey(pepper.keys.front(), "usher auth reset token v1")),
      mark_key_(Subkey(pepper.keys.front(), "usher auth reset mark v1")) {}

ResetToken ResetTokens::Make() const {
  std::string text = Base64Url(Secret::Random(kSecretSize).Reveal());
  ResetToken token;
  token.text = Secret(text);
  WipeText(text);
  token.hash = HashOf(token.text);
  return token;
}

std::string ResetTokens::HashOf(const Secret& text) const {
  return KeyedHash(token_key_, text.Reveal());
}

std::string ResetTokens::MarkOf(absl::string_view sealed_secret) const {
  return KeyedHash(mark_key_, sealed_secret);
}

bool SameHash(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace usher::auth

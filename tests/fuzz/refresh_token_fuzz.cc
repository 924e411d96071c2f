// Refresh tokens as a stranger sends them.
#include <optional>
#include <string>

#include "common/base/secret.h"
#include "services/auth/secret/secret_vault.h"
#include "services/auth/session/refresh_token.h"
#include "tests/fuzz/property.h"

namespace {

usher::auth::SecretVault& Vault() {
  static auto* const vault = [] {
    usher::auth::Pepper pepper;
    pepper.keys.emplace_back(std::string(32, 'p'));
    return new usher::auth::SecretVault(pepper, {.memory = 8192, .passes = 1, .threads = 1});
  }();
  return *vault;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace usher;
  const absl::string_view text = fuzz::Text(data, size);
  const std::optional<auth::RefreshToken> token = auth::ParseRefreshToken(Vault(), text);
  fuzz::Require(!token.has_value(), "nobody without the pepper makes a refresh token");

  // One that was issued, with one character of it changed by the input.
  static const auth::RefreshToken* const issued = new auth::RefreshToken(
      auth::MakeRefreshToken(Vault(), SessionId("01900000-0000-7000-8000-0000000000aa")));
  std::string changed(issued->text.Reveal());
  if (size < 2) return 0;
  char& place = changed[data[0] % changed.size()];
  const char before = place;
  place = static_cast<char>(data[1]);
  const bool taken = auth::ParseRefreshToken(Vault(), changed).has_value();
  fuzz::Require(taken == (place == before), "a token that was changed is none");
  return 0;
}

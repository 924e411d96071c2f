// Refresh tokens as a stranger sends them.
#include <optional>
#include <string>

#include "common/base/secret.h"
#include "services/auth/session/refresh_token.h"
#include "tests/fuzz/property.h"

namespace {

const usher::auth::RefreshTokens& Tokens() {
  static const auto* const tokens =
      new usher::auth::RefreshTokens(usher::auth::Pepper({usher::Secret(std::string(32, 'p'))}));
  return *tokens;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace usher;
  const absl::string_view text = fuzz::Text(data, size);
  const std::optional<auth::RefreshToken> token = Tokens().Parse(text);
  fuzz::Require(!token.has_value(), "nobody without the pepper makes a refresh token");

  // One that was issued, with one character of it changed by the input.
  static const auth::RefreshToken* const issued =
      new auth::RefreshToken(Tokens().Make(SessionId("01900000-0000-7000-8000-0000000000aa")));
  std::string changed(issued->text.Reveal());
  if (size < 2) return 0;
  char& place = changed[data[0] % changed.size()];
  const char before = place;
  place = static_cast<char>(data[1]);
  const bool taken = Tokens().Parse(changed).has_value();
  fuzz::Require(taken == (place == before), "a token that was changed is none");
  return 0;
}

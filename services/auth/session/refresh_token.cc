#include "services/auth/session/refresh_token.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace usher::auth {
namespace {

constexpr size_t kSessionSize = 16;
constexpr size_t kSecretSize = 32;
constexpr size_t kTagSize = 16;
constexpr size_t kTokenSize = kSessionSize + kSecretSize + kTagSize;

// Keeps the hash that makes the tag apart from the one that the session keeps.
constexpr absl::string_view kTagLabel = "issued|";

// The 16 bytes of a canonical UUID, and back.
std::string BytesOf(const SessionId& session) {
  std::string digits;
  for (const char c : session.value()) {
    if (c != '-') digits.push_back(c);
  }
  return absl::HexStringToBytes(digits);
}

SessionId SessionOf(absl::string_view bytes) {
  std::string text = absl::BytesToHexString(bytes);
  for (const size_t place : {8, 13, 18, 23}) text.insert(place, 1, '-');
  return SessionId(std::move(text));
}

Secret TagOf(const SecretVault& vault, absl::string_view session_and_secret) {
  const std::string hash =
      vault.HashRefreshToken(Secret(absl::StrCat(kTagLabel, session_and_secret)));
  return Secret(absl::string_view(hash).substr(0, kTagSize));
}

}  // namespace

RefreshToken MakeRefreshToken(const SecretVault& vault, const SessionId& session) {
  const Secret body(absl::StrCat(BytesOf(session), Secret::Random(kSecretSize).Reveal()));
  const Secret bytes(absl::StrCat(body.Reveal(), TagOf(vault, body.Reveal()).Reveal()));
  RefreshToken token;
  token.session = session;
  token.text = Secret(Base64Url(bytes.Reveal()));
  token.hash = vault.HashRefreshToken(bytes);
  return token;
}

std::optional<RefreshToken> ParseRefreshToken(const SecretVault& vault, absl::string_view text) {
  std::string decoded;
  if (!absl::WebSafeBase64Unescape(text, &decoded) || decoded.size() != kTokenSize) {
    return std::nullopt;
  }
  const Secret bytes(decoded);
  WipeText(decoded);
  // Blanks, padding and spare bits (RFC 4648, 3.5) would make one token of many texts.
  if (!Secret(Base64Url(bytes.Reveal())).EqualsConstantTime(text)) return std::nullopt;
  const absl::string_view body = bytes.Reveal().substr(0, kSessionSize + kSecretSize);
  if (!TagOf(vault, body).EqualsConstantTime(bytes.Reveal().substr(body.size()))) {
    return std::nullopt;
  }
  RefreshToken token;
  token.session = SessionOf(body.substr(0, kSessionSize));
  token.text = Secret(text);
  token.hash = vault.HashRefreshToken(bytes);
  return token;
}

}  // namespace usher::auth

#include "services/auth/session/refresh_token.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/auth/secret/keyed_hash.h"

namespace usher::auth {
namespace {

constexpr size_t kSessionSize = 16;
constexpr size_t kRefreshSecretSize = 32;
constexpr size_t kRefreshTagSize = 16;
constexpr size_t kTokenSize = kSessionSize + kRefreshSecretSize + kRefreshTagSize;

// Keeps the hash that makes the tag apart from the one that the session keeps.
constexpr absl::string_view kTagLabel = "issued|";

// Leaves nothing behind in `text`.
Secret Taken(std::string text) {
  Secret taken(text);
  WipeText(text);
  return taken;
}

Secret Joined(absl::string_view begin, const Secret& end) {
  return Taken(absl::StrCat(begin, end.Reveal()));
}

Secret TextOf(const Secret& bytes) { return Taken(Base64Url(bytes.Reveal())); }

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

}  // namespace

RefreshTokens::RefreshTokens(const Pepper& pepper)
    : key_(Subkey(pepper.first(), "usher auth refresh v1")) {}

Secret RefreshTokens::TagOf(const Secret& session_and_secret) const {
  const std::string hash = KeyedHash(key_, Joined(kTagLabel, session_and_secret).Reveal());
  return Secret(absl::string_view(hash).substr(0, kRefreshTagSize));
}

RefreshToken RefreshTokens::Make(const SessionId& session) const {
  const Secret body = Joined(BytesOf(session), Secret::Random(kRefreshSecretSize));
  const Secret bytes = Joined(body.Reveal(), TagOf(body));
  RefreshToken token;
  token.session = session;
  token.text = TextOf(bytes);
  token.hash = KeyedHash(key_, bytes.Reveal());
  return token;
}

std::optional<RefreshToken> RefreshTokens::Parse(absl::string_view text) const {
  std::string decoded;
  const bool is_base64 = absl::WebSafeBase64Unescape(text, &decoded);
  const Secret bytes = Taken(std::move(decoded));
  if (!is_base64 || bytes.size() != kTokenSize) return std::nullopt;
  // Blanks, padding and spare bits (RFC 4648, 3.5) would make one token of many texts.
  if (!TextOf(bytes).EqualsConstantTime(text)) return std::nullopt;
  const Secret body(bytes.Reveal().substr(0, kSessionSize + kRefreshSecretSize));
  if (!TagOf(body).EqualsConstantTime(bytes.Reveal().substr(body.size()))) return std::nullopt;
  RefreshToken token;
  token.session = SessionOf(body.Reveal().substr(0, kSessionSize));
  token.text = Secret(text);
  token.hash = KeyedHash(key_, bytes.Reveal());
  return token;
}

}  // namespace usher::auth

#include "common/token/hs256_jwt.h"

#include <sodium.h>

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/try.h"

namespace usher::token {
namespace {

constexpr absl::string_view kHeader = R"({"alg":"HS256","typ":"JWT"})";
constexpr size_t kLongest = 16 * 1024;

absl::Status NoToken() { return absl::UnauthenticatedError("this is no JSON Web Token"); }

std::string Hmac(absl::string_view text, const Secret& key) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.Reveal().data()),
                              key.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()),
                                text.size());
  std::string digest(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(digest.data()));
  sodium_memzero(&state, sizeof(state));
  return digest;
}

// Abseil would take blanks and padding as well.
bool IsBase64Url(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c & 0xff) || c == '-' || c == '_';
  });
}

// Header, claims and signature, as they stand there.
absl::StatusOr<std::vector<absl::string_view>> PartsOf(absl::string_view jwt) {
  if (jwt.size() > kLongest) return NoToken();
  std::vector<absl::string_view> parts = absl::StrSplit(jwt, '.');
  if (parts.size() != 3 || !std::all_of(parts.begin(), parts.end(), IsBase64Url)) return NoToken();
  return parts;
}

absl::StatusOr<std::string> Decoded(absl::string_view part) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(part, &bytes)) return NoToken();
  return bytes;
}

}  // namespace

std::string SignHs256(absl::string_view claims, const Secret& key) {
  std::string text = absl::StrCat(Base64Url(kHeader), ".", Base64Url(claims));
  absl::StrAppend(&text, ".", Base64Url(Hmac(text, key)));
  return text;
}

absl::StatusOr<std::string> VerifyHs256(absl::string_view jwt, const Secret& key) {
  ASSIGN_OR_RETURN(const std::vector<absl::string_view> parts, PartsOf(jwt));
  ASSIGN_OR_RETURN(const std::string signature, Decoded(parts[2]));
  const absl::string_view signed_text = jwt.substr(0, jwt.size() - parts[2].size() - 1);
  if (key.empty() || !Secret(Hmac(signed_text, key)).EqualsConstantTime(signature)) {
    return absl::UnauthenticatedError("the token was not signed with this key");
  }
  return Decoded(parts[1]);
}

absl::StatusOr<std::string> UnverifiedClaims(absl::string_view jwt) {
  ASSIGN_OR_RETURN(const std::vector<absl::string_view> parts, PartsOf(jwt));
  return Decoded(parts[1]);
}

}  // namespace usher::token

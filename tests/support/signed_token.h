// Keys and tokens for tests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/token/access_token.h"
#include "common/token/key_file.h"
#include "common/token/token_signer.h"

namespace usher::token {

inline constexpr char kUser[] = "01900000-0000-7000-8000-000000000001";
inline constexpr char kSession[] = "01900000-0000-7000-8000-0000000000aa";
inline constexpr char kRoom[] = "01900000-0000-7000-8000-0000000000cc";

inline KeyId AKeyId(uint8_t last) { return {0, 1, 2, 3, 4, 5, 6, last}; }

// The key of a seed of 32 times that byte.
inline SigningKey AKey(uint8_t number, absl::Time not_before = absl::UnixEpoch()) {
  return SigningKeyFromSeed(AKeyId(number), not_before,
                            Secret(std::string(32, static_cast<char>(number))));
}

inline std::map<KeyId, PublicKey> PublicKeysOf(const std::vector<SigningKey>& keys) {
  std::map<KeyId, PublicKey> public_keys;
  for (const SigningKey& key : keys) public_keys.emplace(key.key_id, key.public_key);
  return public_keys;
}

// An hour's access token of a user of "acme".
inline AccessToken AToken(absl::Time issued_at) {
  AccessToken token;
  token.user = UserId(kUser);
  token.company = CompanyId("acme");
  token.permissions = {Permission::kUserShow};
  token.session = SessionId(kSession);
  token.token_id = "01900000-0000-7000-8000-0000000000bb";
  token.issued_at = issued_at;
  token.not_before = issued_at;
  token.expires_at = issued_at + absl::Hours(1);
  return token;
}

inline std::string SignWith(const SigningKey& key, const AccessToken& token) {
  const SystemClock clock;
  return TokenSigner({key}, clock).Sign(token);
}

}  // namespace usher::token

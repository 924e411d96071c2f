#include "common/token/token_signer.h"

#include <sodium.h>

#include <utility>

#include "absl/strings/str_cat.h"

namespace usher::token {

TokenSigner::TokenSigner(std::vector<SigningKey> keys, const Clock& clock)
    : keys_(std::move(keys)), clock_(clock) {}

std::string TokenSigner::Sign(const AccessToken& token) const {
  const SigningKey& key = Current();
  std::string header(1, kVersion);
  header.append(key.key_id.begin(), key.key_id.end());
  const std::string payload = SerializePayload(token);
  const std::string message = SignedBytes(header, payload);

  std::string signature(kSignatureSize, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                       reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                       reinterpret_cast<const unsigned char*>(key.secret_key.Reveal().data()));
  return absl::StrCat(header, signature, payload);
}

const SigningKey& TokenSigner::Current() const {
  const absl::Time now = clock_.Now();
  for (auto key = keys_.rbegin(); key != keys_.rend(); ++key) {
    if (key->not_before <= now) return *key;
  }
  return keys_.front();
}

}  // namespace usher::token

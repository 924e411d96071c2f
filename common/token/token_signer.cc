#include "common/token/token_signer.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace usher::token {

TokenSigner::TokenSigner(std::vector<SigningKey> keys, const Clock& clock) : clock_(clock) {
  auto known = std::make_shared<Known>();
  known->announced.assign(keys.size(), absl::InfinitePast());
  known->keys = std::move(keys);
  known_ = std::move(known);
}

std::string TokenSigner::Sign(const AccessToken& token) const {
  const std::shared_ptr<const Known> known = this->known();
  const SigningKey& key = CurrentOf(*known);
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

std::shared_ptr<const std::vector<SigningKey>> TokenSigner::keys() const {
  std::shared_ptr<const Known> known = this->known();
  return {known, &known->keys};
}

KeyId TokenSigner::current() const { return CurrentOf(*known()).key_id; }

void TokenSigner::Replace(std::vector<SigningKey> keys) {
  const std::shared_ptr<const Known> before = this->known();
  auto after = std::make_shared<Known>();
  const absl::Time announced = clock_.Now() + kAnnounced;
  for (const SigningKey& key : keys) {
    const auto same = [&key](const SigningKey& other) { return other.key_id == key.key_id; };
    const auto found = std::find_if(before->keys.begin(), before->keys.end(), same);
    after->announced.push_back(
        found == before->keys.end()
            ? announced
            : before->announced[static_cast<size_t>(found - before->keys.begin())]);
  }
  after->keys = std::move(keys);
  const absl::MutexLock lock(&mutex_);
  known_ = std::move(after);
}

std::shared_ptr<const TokenSigner::Known> TokenSigner::known() const {
  const absl::MutexLock lock(&mutex_);
  return known_;
}

const SigningKey& TokenSigner::CurrentOf(const Known& known) const {
  const absl::Time now = clock_.Now();
  for (size_t i = known.keys.size(); i > 0; --i) {
    if (std::max(known.keys[i - 1].not_before, known.announced[i - 1]) <= now) {
      return known.keys[i - 1];
    }
  }
  return known.keys.front();
}

}  // namespace usher::token

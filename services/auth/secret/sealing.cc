#include "services/auth/secret/sealing.h"

#include <sodium.h>

#include "services/auth/secret/keyed_hash.h"
#include "services/auth/secret/sodium_bytes.h"

namespace usher::auth {
namespace {

constexpr size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;

}  // namespace

std::string Sealing::SealBy(size_t key_id, absl::string_view plain,
                            absl::string_view bound_to) const {
  const Secret key = Subkey(pepper_.Key(key_id), purpose_);
  std::string sealed(1 + kNonceSize + plain.size() + kTagSize, '\0');
  sealed[0] = static_cast<char>(key_id);
  unsigned char* nonce = SodiumBytes(sealed) + 1;
  randombytes_buf(nonce, kNonceSize);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceSize, nullptr, SodiumBytes(plain),
                                             plain.size(), SodiumBytes(bound_to), bound_to.size(),
                                             nullptr, nonce, SodiumBytes(key.Reveal()));
  return sealed;
}

absl::StatusOr<Sealing::Opened> Sealing::Open(absl::string_view sealed,
                                              absl::string_view bound_to) const {
  const absl::Status broken = absl::DataLossError("a stored secret cannot be opened");
  if (sealed.size() < 1 + kNonceSize + kTagSize) return broken;
  const size_t id = static_cast<unsigned char>(sealed[0]);
  if (id == 0 || id > pepper_.size()) return broken;
  const Secret key = Subkey(pepper_.Key(id), purpose_);
  const absl::string_view nonce = sealed.substr(1, kNonceSize);
  const absl::string_view cipher = sealed.substr(1 + kNonceSize);
  Opened opened{.plain = std::string(cipher.size() - kTagSize, '\0'), .key_id = id};
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          SodiumBytes(opened.plain), nullptr, nullptr, SodiumBytes(cipher), cipher.size(),
          SodiumBytes(bound_to), bound_to.size(), SodiumBytes(nonce),
          SodiumBytes(key.Reveal())) != 0) {
    return broken;
  }
  return opened;
}

}  // namespace usher::auth

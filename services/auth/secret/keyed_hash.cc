#include "services/auth/secret/keyed_hash.h"

#include <sodium.h>

#include "services/auth/secret/sodium_bytes.h"

namespace usher::auth {

std::string KeyedHash(const Secret& key, absl::string_view text) {
  std::string hash(kKeyedHashSize, '\0');
  crypto_generichash(SodiumBytes(hash), hash.size(), SodiumBytes(text), text.size(),
                     SodiumBytes(key.Reveal()), key.size());
  return hash;
}

bool SameHash(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Secret Subkey(const Secret& key, absl::string_view purpose) {
  std::string bytes = KeyedHash(key, purpose);
  Secret subkey(bytes);
  WipeText(bytes);
  return subkey;
}

}  // namespace usher::auth

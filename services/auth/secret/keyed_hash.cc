#include "services/auth/secret/keyed_hash.h"

#include <sodium.h>

namespace usher::auth {
namespace {

const unsigned char* BytesIn(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string KeyedHash(const Secret& key, absl::string_view text) {
  std::string hash(kKeyedHashSize, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(), BytesIn(text),
                     text.size(), BytesIn(key.Reveal()), key.size());
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

// Hashes that only who has the pepper can make.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/secret.h"

namespace usher::auth {

inline constexpr size_t kKeyedHashSize = 32;  // bytes

// BLAKE2b-256 with a key.
std::string KeyedHash(const Secret& key, absl::string_view text);

// In constant time.
bool SameHash(absl::string_view a, absl::string_view b);

// A key of its own for each purpose: what is hashed for one says nothing to another.
Secret Subkey(const Secret& key, absl::string_view purpose);

}  // namespace usher::auth

#include "common/token/key_ring.h"

#include <utility>

namespace usher::token {

void KeyRing::Replace(std::map<KeyId, PublicKey> keys) {
  const absl::MutexLock lock(&mutex_);
  if (keys == keys_) return;
  keys_ = std::move(keys);
  generation_.fetch_add(1, std::memory_order_release);
}

std::optional<PublicKey> KeyRing::Find(const KeyId& key_id) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = keys_.find(key_id);
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

}  // namespace usher::token

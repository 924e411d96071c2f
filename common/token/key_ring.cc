#include "common/token/key_ring.h"

#include <utility>

namespace usher::token {

void KeyRing::Replace(std::map<KeyId, PublicKey> keys) {
  const absl::MutexLock lock(&mutex_);
  if (keys == keys_) return;
  keys_ = std::move(keys);
  ++generation_;
}

std::optional<PublicKey> KeyRing::Find(const KeyId& key_id) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = keys_.find(key_id);
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

uint64_t KeyRing::generation() const {
  const absl::MutexLock lock(&mutex_);
  return generation_;
}

void KeyRing::NoteUnknownKey() const {
  const absl::MutexLock lock(&mutex_);
  unknown_key_seen_ = true;
}

bool KeyRing::TakeUnknownKeyNote() {
  const absl::MutexLock lock(&mutex_);
  return std::exchange(unknown_key_seen_, false);
}

}  // namespace usher::token

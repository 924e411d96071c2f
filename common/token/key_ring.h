// The public keys that tokens are checked with.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/token/envelope.h"

namespace usher::token {

// Thread-safe.
class KeyRing {
 public:
  // Replaces all keys: one that is missing is forgotten, and what it signed is refused.
  void Replace(std::map<KeyId, PublicKey> keys);

  std::optional<PublicKey> Find(const KeyId& key_id) const;

  // Grows with every Replace that changed something, so that caches notice. No lock: asked with
  // every call.
  uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

 private:
  mutable absl::Mutex mutex_;
  std::map<KeyId, PublicKey> keys_ ABSL_GUARDED_BY(mutex_);
  std::atomic<uint64_t> generation_{0};  // written under mutex_, after what it counts
};

}  // namespace usher::token

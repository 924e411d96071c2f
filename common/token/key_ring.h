// The public keys that tokens are checked with.
#pragma once

#include <array>
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

  // Grows with every Replace that changed something, so that caches notice.
  uint64_t generation() const;

  // Someone saw a key that is not here. The feed that fills this ring asks and clears.
  void NoteUnknownKey() const;
  bool TakeUnknownKeyNote();

 private:
  mutable absl::Mutex mutex_;
  std::map<KeyId, PublicKey> keys_ ABSL_GUARDED_BY(mutex_);
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  mutable bool unknown_key_seen_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace usher::token

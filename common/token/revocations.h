// What has been revoked and still matters: sessions, users, companies whose tokens are dead.
#pragma once

#include <atomic>
#include <cstdint>
#include <queue>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/token/access_token.h"

namespace usher::token {

// Any other number is a kind that a newer auth knows. It stands for the whole company: rather a
// token too many is dead than one too few.
enum class RevocationKind { kSession = 1, kUser = 2, kCompany = 3 };

// Why, which is what whoever comes with such a token is told. Any other number is a sign-out.
enum class RevocationReason {
  kSignedOut = 1,        // TokenRefused()
  kAccountInactive = 2,  // AccountNotActive(): deactivated, locked or removed
  kRightsTaken = 3,      // TokenExpired(): a refreshed token has what is left
};

struct Revocation {
  int64_t sequence = 0;
  RevocationKind kind = RevocationKind::kSession;
  CompanyId company;
  std::string subject;  // session ID or user ID; empty for a company
  // Tokens issued at or before it are dead. By the clock of auth's database, as a token's issued_at
  // is: no other clock decides which of the two is older.
  absl::Time issued_until;
  RevocationReason reason = RevocationReason::kSignedOut;
};

// Thread-safe. Entries older than the longest life of a token are dropped by Forget.
class Revocations {
 public:
  // How many entries one Forget drops at most: no call waits for more.
  static constexpr size_t kMostForgotten = 1000;

  void Add(const Revocation& revocation);
  void Add(const std::vector<Revocation>& revocations);

  // OK, or what RevocationReason says.
  absl::Status Check(const AccessToken& token) const;

  // Drops what was revoked before `horizon`: tokens from then have expired by themselves. True when
  // there is more of it: call it again.
  bool Forget(absl::Time horizon);

  // Grows with every Add, so that a cache can skip Check while nothing was added. No lock: asked
  // with every call.
  uint64_t generation() const { return generation_.load(std::memory_order_acquire); }
  size_t size() const;

 private:
  // When an entry of by_key_ can go, unless it was added again since with a later time.
  struct Expiry {
    absl::Time issued_until;
    const std::string* key;  // of by_key_, whose nodes stay where they are
    friend bool operator>(const Expiry& a, const Expiry& b) {
      return a.issued_until > b.issued_until;
    }
  };

  mutable absl::Mutex mutex_;
  absl::node_hash_map<std::string, Revocation> by_key_ ABSL_GUARDED_BY(mutex_);
  // The one that goes first on top. Every entry's own time is in here once, and is the last of its
  // times to come up: until then `key` is there.
  std::priority_queue<Expiry, std::vector<Expiry>, std::greater<>> expiries_
      ABSL_GUARDED_BY(mutex_);
  std::atomic<uint64_t> generation_{0};  // written under mutex_, after what it counts
};

}  // namespace usher::token

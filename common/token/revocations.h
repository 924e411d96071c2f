// What has been revoked and still matters: sessions, users, companies whose tokens are dead.
#pragma once

#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/token/access_token.h"

namespace usher::token {

enum class RevocationKind { kSession = 1, kUser = 2, kCompany = 3 };

// Why, which is what whoever comes with such a token is told.
enum class RevocationReason {
  kSignedOut = 1,        // TokenRefused()
  kAccountInactive = 2,  // AccountNotActive(): deactivated, locked or removed
  kRightsTaken = 3,      // TokenExpired(): a refreshed token has what is left
};

struct Revocation {
  int64_t sequence = 0;
  RevocationKind kind = RevocationKind::kSession;
  CompanyId company;
  std::string subject;      // session ID or user ID; empty for a company
  absl::Time issued_until;  // tokens issued at or before it are dead
  RevocationReason reason = RevocationReason::kSignedOut;
};

// Thread-safe. Entries older than the longest life of a token are dropped by Forget.
class Revocations {
 public:
  void Add(const Revocation& revocation);

  // OK, or what RevocationReason says.
  absl::Status Check(const AccessToken& token) const;

  // Drops what was revoked before `horizon`: tokens from then have expired by themselves.
  void Forget(absl::Time horizon);

  // Grows with every Add, so that a cache can skip Check while nothing was added.
  uint64_t generation() const;
  size_t size() const;

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Revocation> by_key_ ABSL_GUARDED_BY(mutex_);
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace usher::token

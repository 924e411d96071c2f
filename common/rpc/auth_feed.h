// Follows auth: keeps the public keys and the revocations of this process up to date.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/rpc/peer.h"
#include "common/token/key_ring.h"
#include "common/token/revocations.h"

namespace usher::rpc {

// Where keys and revocations come from: auth's own database in auth, the internal port elsewhere.
// Thread-safe.
class AuthSource {
 public:
  virtual ~AuthSource() = default;
  virtual absl::StatusOr<std::map<token::KeyId, token::PublicKey>> ListKeys() = 0;
  // The next revocations after a position, in order; at most 1,000.
  virtual absl::StatusOr<std::vector<token::Revocation>> ListRevocations(int64_t after) = 0;
};

// Asks auth over its internal port.
class PeerAuthSource final : public AuthSource {
 public:
  explicit PeerAuthSource(Peer& auth) : auth_(auth) {}
  absl::StatusOr<std::map<token::KeyId, token::PublicKey>> ListKeys() override;
  absl::StatusOr<std::vector<token::Revocation>> ListRevocations(int64_t after) override;

 private:
  Peer& auth_;
};

// A thread that asks once a second, for keys once a minute and whenever an unknown one was seen.
// A token that was revoked stops working everywhere within two seconds while auth can be reached.
class AuthFeed {
 public:
  AuthFeed(AuthSource& source, token::KeyRing& keys, token::Revocations& revocations,
           const Clock& clock);
  ~AuthFeed();

  // True once keys and all revocations were loaded: before that no token can be judged.
  bool loaded() const { return loaded_.load(); }

  // One round; for tests and for the first load.
  absl::Status Follow();

  void Start();

 private:
  void Run();

  AuthSource& source_;
  token::KeyRing& keys_;
  token::Revocations& revocations_;
  const Clock& clock_;
  int64_t position_ = 0;
  absl::Time keys_asked_ = absl::InfinitePast();
  std::atomic<bool> loaded_{false};
  absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace usher::rpc

// Follows auth: keeps the public keys and the revocations of this process up to date.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/repeating.h"
#include "common/rpc/peer/peer.h"
#include "common/token/feed_state.h"
#include "common/token/key_ring.h"
#include "common/token/revocations.h"

namespace usher::rpc {

// What one question is answered with.
struct FeedPage {
  std::map<token::KeyId, token::PublicKey> keys;  // all that are good now
  // The next ones after the position that was asked for, in order.
  std::vector<token::Revocation> revocations;
  bool more = false;  // further ones follow
  // How old this was when it was answered, where it comes from somebody who follows himself.
  absl::Duration age = absl::ZeroDuration();
};

// Where keys and revocations come from: auth's own database in auth, the internal port elsewhere.
// Thread-safe.
class AuthSource {
 public:
  virtual ~AuthSource() = default;
  virtual absl::StatusOr<FeedPage> Read(int64_t after) = 0;
};

// Asks auth over its internal port. Through a bulkhead of its own: calls that hang at auth keep
// nobody from hearing what was revoked.
class PeerAuthSource final : public AuthSource {
 public:
  // As Peer.
  PeerAuthSource(std::string address, std::shared_ptr<TlsFiles> tls)
      : auth_("auth", std::move(address), std::move(tls)) {}
  absl::StatusOr<FeedPage> Read(int64_t after) override;

 private:
  Peer auth_;
};

// A thread that asks twice a second. A token that was revoked stops working everywhere within two
// seconds while auth can be reached, and within five when a question or its answer was lost.
class AuthFeed {
 public:
  // Revocations that were issued until then have no token any more: none lives so long.
  static constexpr absl::Duration kLongestTokenLife = absl::Hours(48);

  AuthFeed(AuthSource& source, token::KeyRing& keys, token::Revocations& revocations,
           token::FeedState& state, const Clock& clock);

  // One round: all keys, and all revocations that came since the last one. What a round that fails
  // has learned of revocations is kept.
  absl::Status Follow();

  void Start() { repeating_.Start(); }

 private:
  // Follow, and what it means to this server, where something is different from the round before.
  absl::Status Round();

  AuthSource& source_;
  token::KeyRing& keys_;
  token::Revocations& revocations_;
  token::FeedState& state_;
  const Clock& clock_;
  int64_t position_ = 0;
  bool stale_ = false;
  Repeating repeating_;
};

}  // namespace usher::rpc

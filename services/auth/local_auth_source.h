// Keys and revocations as auth itself has them: from its signer and its database.
#pragma once

#include <map>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/rpc/peer/auth_feed.h"
#include "common/token/token_signer.h"
#include "services/auth/method/feed_log.h"
#include "services/auth/method/revocation_store.h"

namespace usher::auth {

// How long a revocation can meet a token that it is about: no token lives longer.
inline constexpr absl::Duration kRevocationLife = rpc::AuthFeed::kLongestTokenLife;

// What auth follows, and what it passes on.
class LocalAuthSource final : public rpc::AuthSource {
 public:
  LocalAuthSource(const token::TokenSigner& signer, RevocationStore& store,
                  const token::FeedState& state, const Clock& clock)
      : signer_(signer), store_(store), clock_(clock), log_(state) {}

  // For auth's own feed: from the database. What was read is passed on from then on.
  absl::StatusOr<rpc::FeedPage> Read(int64_t after) override;

  // For the other servers: from memory, in bounded time; half a second behind the database.
  // Unreachable until the database was read to its end once.
  absl::StatusOr<rpc::FeedPage> PassOn(int64_t after) const;

 private:
  std::map<token::KeyId, token::PublicKey> Keys() const;

  const token::TokenSigner& signer_;
  RevocationStore& store_;
  const Clock& clock_;
  FeedLog log_;
};

}  // namespace usher::auth

// Join tokens from auth, asked for with the caller's own token.
#pragma once

#include "common/rpc/peer/peer.h"
#include "services/room/join_token_signer.h"

namespace usher::room {

class PeerJoinTokenSigner final : public JoinTokenSigner {
 public:
  explicit PeerJoinTokenSigner(rpc::Peer& auth) : auth_(auth) {}
  absl::StatusOr<JoinToken> SignJoinToken(const CallContext& call,
                                          const JoinTokenWish& wish) override;

 private:
  rpc::Peer& auth_;
};

}  // namespace usher::room

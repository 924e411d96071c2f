// Asks auth over its internal port, with the caller's own token, which holds USER_ADMIN.
#pragma once

#include "common/rpc/peer/peer.h"
#include "services/business_logic/known_users.h"

namespace usher::business_logic {

class PeerKnownUsers final : public KnownUsers {
 public:
  explicit PeerKnownUsers(rpc::Peer& auth) : auth_(auth) {}
  absl::Status RequireKnown(const CallContext& call, const UserId& user) override;

 private:
  rpc::Peer& auth_;
};

}  // namespace usher::business_logic

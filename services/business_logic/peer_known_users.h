// Asks auth over its internal port.
#pragma once

#include "common/rpc/peer/peer.h"
#include "services/business_logic/known_users.h"

namespace usher::business_logic {

class PeerKnownUsers final : public KnownUsers {
 public:
  explicit PeerKnownUsers(rpc::Peer& auth) : auth_(auth) {}
  absl::StatusOr<KnownUser> Get(const CallContext& call, const UserId& user) override;

 private:
  rpc::Peer& auth_;
};

}  // namespace usher::business_logic

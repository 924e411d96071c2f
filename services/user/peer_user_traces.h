// Tells the other services over their internal ports.
#pragma once

#include "common/rpc/peer/peer.h"
#include "services/user/user_traces.h"

namespace usher::user {

class PeerUserTraces final : public UserTraces {
 public:
  // Null: a service of which this installation does not say where it is. What it keeps, it keeps.
  PeerUserTraces(rpc::Peer* room, rpc::Peer* business_logic)
      : room_(room), business_logic_(business_logic) {}

  absl::Status Forget(const CallContext& call, const UserKey& key) override;

 private:
  absl::Status ForgetInRooms(const CallContext& call, const UserKey& key);
  absl::Status ForgetFavorites(const CallContext& call, const UserKey& key);

  rpc::Peer* const room_;
  rpc::Peer* const business_logic_;
};

}  // namespace usher::user

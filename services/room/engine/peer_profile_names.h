// Asks the user service over its internal port.
#pragma once

#include <string>

#include "common/rpc/peer/peer.h"
#include "services/room/engine/profile_names.h"

namespace usher::room {

class PeerProfileNames final : public ProfileNames {
 public:
  explicit PeerProfileNames(rpc::Peer& user) : user_(user) {}
  absl::StatusOr<std::string> NameOf(const CallContext& call, const CompanyId& company,
                                     const UserId& user) override;

 private:
  rpc::Peer& user_;
};

}  // namespace usher::room

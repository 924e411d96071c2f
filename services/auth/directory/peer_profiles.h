// Profiles, over the internal port of the user service.
#pragma once

#include "common/rpc/peer/peer.h"
#include "services/auth/directory/profiles.h"

namespace usher::auth {

class PeerProfiles final : public Profiles {
 public:
  explicit PeerProfiles(rpc::Peer& user) : user_(user) {}

  absl::Status Ensure(const CallContext& call, const CompanyId& company, const UserId& user,
                      const DirectoryPerson& person) override;

 private:
  rpc::Peer& user_;
};

}  // namespace usher::auth

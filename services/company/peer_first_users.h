// The profile of a first administrator, made over the internal port of the user service.
#pragma once

#include <string>

#include "common/rpc/peer/peer.h"
#include "services/company/tenants.h"

namespace usher::company {

class PeerFirstUsers final : public FirstUsers {
 public:
  explicit PeerFirstUsers(rpc::Peer& user) : user_(user) {}

  absl::Status Ensure(const CallContext& call, const CompanyId& company, const UserId& user,
                      const std::string& profile) override;

 private:
  rpc::Peer& user_;
};

}  // namespace usher::company

// Companies as auth knows them, asked over its internal port.
#pragma once

#include "common/rpc/peer/peer.h"
#include "services/company/tenants.h"

namespace usher::company {

class PeerAuthTenants final : public AuthTenants {
 public:
  explicit PeerAuthTenants(rpc::Peer& auth) : auth_(auth) {}

  absl::Status Ensure(const CallContext& call, const CompanyId& company, const UserId& user,
                      const FirstAdministrator& administrator) override;
  absl::StatusOr<bool> Settle(const CallContext& call, const CompanyId& company,
                              const UserId& user) override;
  absl::Status Destroy(const CallContext& call, const CompanyId& company,
                       absl::Duration rest) override;
  absl::StatusOr<bool> WasDestroyed(const CallContext& call, const CompanyId& company) override;

 private:
  rpc::Peer& auth_;
};

}  // namespace usher::company

// What a service keeps of a company, cleared over its internal port.
#pragma once

#include "common/rpc/peer/peer.h"
#include "services/company/tenants.h"

namespace usher::company {

class PeerTenantData final : public TenantData {
 public:
  explicit PeerTenantData(rpc::Peer& peer) : peer_(peer) {}

  absl::StatusOr<bool> Clear(const CallContext& call, const CompanyId& company) override;

 private:
  rpc::Peer& peer_;
};

}  // namespace usher::company

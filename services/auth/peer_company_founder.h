// Companies founded over the internal port of the company service.
#pragma once

#include "common/rpc/peer/peer.h"
#include "services/auth/company_founder.h"

namespace usher::auth {

class PeerCompanyFounder final : public CompanyFounder {
 public:
  explicit PeerCompanyFounder(rpc::Peer& company) : company_(company) {}

  absl::StatusOr<FoundedCompany> Found(
      const CallContext& call, const ::authentication::CompanyCreateRequest& request) override;

 private:
  rpc::Peer& company_;
};

}  // namespace usher::auth

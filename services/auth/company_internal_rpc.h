// usher.internal.v1.AuthCompanyInternal: how companies begin and end in auth.
#pragma once

#include <usher/internal/v1/auth_company.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/auth/method/known_companies.h"

namespace usher::auth {

class CompanyInternalRpc final : public rpc::Service {
 public:
  CompanyInternalRpc(rpc::Gate& gate, KnownCompanies& companies);

 private:
  absl::Status Ensure(const Caller& caller,
                      const ::usher::internal::v1::EnsureCompanyRequest& request,
                      ::usher::internal::v1::EnsureCompanyReply& reply);
  absl::Status Settle(const CallContext& call,
                      const ::usher::internal::v1::SettleCompanyRequest& request,
                      ::usher::internal::v1::SettleCompanyReply& reply);
  absl::Status Destroy(const Caller& caller,
                       const ::usher::internal::v1::DestroyCompanyRequest& request,
                       ::usher::internal::v1::DestroyCompanyReply& reply);
  absl::Status FindDestroyed(const CallContext& call,
                             const ::usher::internal::v1::FindDestroyedCompanyRequest& request,
                             ::usher::internal::v1::FindDestroyedCompanyReply& reply);

  KnownCompanies& companies_;
};

}  // namespace usher::auth

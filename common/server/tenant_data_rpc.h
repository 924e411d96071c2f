// usher.internal.v1.TenantData: a service clears what it keeps of a company that is gone.
#pragma once

#include <usher/internal/v1/company.pb.h>

#include <functional>

#include "absl/status/statusor.h"
#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"

namespace usher::server {

class TenantDataRpc final : public rpc::Service {
 public:
  // Deletes a part; true when nothing is left (db/company_clearing.h).
  using Clear = std::function<absl::StatusOr<bool>(const CallContext&, const CompanyId&)>;

  TenantDataRpc(rpc::Gate& gate, Clear clear);

 private:
  absl::Status ClearCompany(const CallContext& call,
                            const ::usher::internal::v1::ClearCompanyRequest& request,
                            ::usher::internal::v1::ClearCompanyReply& reply);

  const Clear clear_;
};

}  // namespace usher::server

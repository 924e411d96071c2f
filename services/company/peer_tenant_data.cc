#include "services/company/peer_tenant_data.h"

#include <usher/internal/v1/company.grpc.pb.h>

#include "common/status/try.h"

namespace usher::company {

absl::StatusOr<bool> PeerTenantData::Clear(const CallContext& call, const CompanyId& company) {
  using Internal = ::usher::internal::v1::TenantData;
  ::usher::internal::v1::ClearCompanyRequest request;
  request.set_company_id(company.value());
  ASSIGN_OR_RETURN(const auto reply, peer_.Call<Internal>(rpc::Effect::kChanges, call,
                                                          &Internal::Stub::clearCompany, request));
  return reply.done();
}

}  // namespace usher::company

#include "common/server/tenant_data_rpc.h"

#include <utility>

#include "common/rpc/gate/binding.h"
#include "common/rpc/id_wire.h"
#include "common/status/try.h"

namespace usher::server {

namespace internal_wire = ::usher::internal::v1;

TenantDataRpc::TenantDataRpc(rpc::Gate& gate, Clear clear) : clear_(std::move(clear)) {
  rpc::Binding bind(gate, *this, "usher.internal.v1.TenantData");
  bind.ServeInternal("clearCompany", {"company"}, {.name = "internal.clearCompany"},
                     &TenantDataRpc::ClearCompany);
}

absl::Status TenantDataRpc::ClearCompany(const CallContext& call,
                                         const internal_wire::ClearCompanyRequest& request,
                                         internal_wire::ClearCompanyReply& reply) {
  ASSIGN_OR_RETURN(const CompanyId company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(const bool done, clear_(call, company));
  reply.set_done(done);
  return absl::OkStatus();
}

}  // namespace usher::server

#include "services/auth/company_internal_rpc.h"

#include "common/rpc/gate/binding.h"
#include "common/rpc/id_wire.h"
#include "common/saga/failpoint.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_wire.h"
#include "services/auth/request_lane.h"

namespace usher::auth {

namespace internal_wire = ::usher::internal::v1;

// Longer than any name has to rest.
constexpr int64_t kLongestRest = 7 * 24 * 3600;  // seconds

CompanyInternalRpc::CompanyInternalRpc(rpc::Gate& gate, KnownCompanies& companies)
    : companies_(companies) {
  rpc::Binding bind(gate, *this, "usher.internal.v1.AuthCompanyInternal");
  bind.ServeInternalFor("ensureCompany", {"company"},
                        {.name = "internal.ensureCompany",
                         .lane_of = LaneByRequest<internal_wire::EnsureCompanyRequest>},
                        &CompanyInternalRpc::Ensure);
  bind.ServeInternal("settleCompany", {"company"}, {.name = "internal.settleCompany"},
                     &CompanyInternalRpc::Settle);
  bind.ServeInternalFor("destroyCompany", {"company"}, {.name = "internal.destroyCompany"},
                        &CompanyInternalRpc::Destroy);
  bind.ServeInternal(
      "findDestroyedCompany", {"company"},
      {.name = "internal.findDestroyedCompany", .lane = rpc::Lane::kStatement, .reads = true},
      &CompanyInternalRpc::FindDestroyed);
}

absl::Status CompanyInternalRpc::Ensure(const Caller& caller,
                                        const internal_wire::EnsureCompanyRequest& request,
                                        internal_wire::EnsureCompanyReply& /*reply*/) {
  ASSIGN_OR_RETURN(const CompanyId company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
  ASSIGN_OR_RETURN(const MethodWish wish, FromWire(request.authenticationrequest()));
  RETURN_IF_ERROR(companies_.Ensure(caller, company, user, wish));
  return saga::Failpoint("auth.ensureCompany", caller.call());
}

absl::Status CompanyInternalRpc::Settle(const CallContext& call,
                                        const internal_wire::SettleCompanyRequest& request,
                                        internal_wire::SettleCompanyReply& reply) {
  ASSIGN_OR_RETURN(const CompanyId company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
  ASSIGN_OR_RETURN(const bool exists, companies_.Settle(call, company, user));
  RETURN_IF_ERROR(saga::Failpoint("auth.settleCompany", call));
  reply.set_exists(exists);
  return absl::OkStatus();
}

absl::Status CompanyInternalRpc::Destroy(const Caller& caller,
                                         const internal_wire::DestroyCompanyRequest& request,
                                         internal_wire::DestroyCompanyReply& /*reply*/) {
  ASSIGN_OR_RETURN(const CompanyId company, CompanyIdFromWire("company_id", request.company_id()));
  if (request.rest_seconds() < 0 || request.rest_seconds() > kLongestRest) {
    return FieldOutOfRange("rest_seconds", "must be between 0 and a week");
  }
  RETURN_IF_ERROR(companies_.Destroy(caller, company, absl::Seconds(request.rest_seconds())));
  return saga::Failpoint("auth.destroyCompany", caller.call());
}

absl::Status CompanyInternalRpc::FindDestroyed(
    const CallContext& call, const internal_wire::FindDestroyedCompanyRequest& request,
    internal_wire::FindDestroyedCompanyReply& reply) {
  ASSIGN_OR_RETURN(const CompanyId company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(const bool destroyed, companies_.FindDestroyed(call, company));
  reply.set_destroyed(destroyed);
  return absl::OkStatus();
}

}  // namespace usher::auth

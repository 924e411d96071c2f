#include "services/company/peer_auth_tenants.h"

#include <usher/internal/v1/auth_company.grpc.pb.h>

#include "common/rpc/gate/secret_fields.h"
#include "common/status/try.h"

namespace usher::company {
namespace {

using rpc::Effect;
using ::usher::internal::v1::AuthCompanyInternal;
namespace internal_wire = ::usher::internal::v1;

}  // namespace

absl::Status PeerAuthTenants::Ensure(const CallContext& call, const CompanyId& company,
                                     const UserId& user, const FirstAdministrator& administrator) {
  internal_wire::EnsureCompanyRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  request.set_company_id(company.value());
  request.set_user_id(user.value());
  const auto credentials = administrator.credentials.Reveal();
  request.mutable_authenticationrequest()->ParseFromArray(credentials.data(),
                                                          static_cast<int>(credentials.size()));
  const absl::Status ensured =
      auth_
          .Call<AuthCompanyInternal>(Effect::kChanges, call,
                                     &AuthCompanyInternal::Stub::ensureCompany, request)
          .status();
  rpc::WipeSecretFields(&request);
  return ensured;
}

absl::StatusOr<bool> PeerAuthTenants::Settle(const CallContext& call, const CompanyId& company,
                                             const UserId& user) {
  internal_wire::SettleCompanyRequest request;
  request.set_company_id(company.value());
  request.set_user_id(user.value());
  ASSIGN_OR_RETURN(const auto reply,
                   auth_.Call<AuthCompanyInternal>(
                       Effect::kChanges, call, &AuthCompanyInternal::Stub::settleCompany, request));
  return reply.exists();
}

absl::Status PeerAuthTenants::Destroy(const CallContext& call, const CompanyId& company,
                                      absl::Duration rest) {
  internal_wire::DestroyCompanyRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  request.set_company_id(company.value());
  request.set_rest_seconds(absl::ToInt64Seconds(rest));
  return auth_
      .Call<AuthCompanyInternal>(Effect::kChanges, call, &AuthCompanyInternal::Stub::destroyCompany,
                                 request)
      .status();
}

absl::StatusOr<bool> PeerAuthTenants::WasDestroyed(const CallContext& call,
                                                   const CompanyId& company) {
  internal_wire::FindDestroyedCompanyRequest request;
  request.set_company_id(company.value());
  ASSIGN_OR_RETURN(
      const auto reply,
      auth_.Call<AuthCompanyInternal>(Effect::kReads, call,
                                      &AuthCompanyInternal::Stub::findDestroyedCompany, request));
  return reply.destroyed();
}

}  // namespace usher::company

#include "services/auth/peer_company_founder.h"

#include <usher/internal/v1/company.grpc.pb.h>

#include "common/rpc/gate/secret_fields.h"
#include "common/status/try.h"

namespace usher::auth {

absl::StatusOr<FoundedCompany> PeerCompanyFounder::Found(
    const CallContext& call, const ::authentication::CompanyCreateRequest& request) {
  using Internal = ::usher::internal::v1::CompanyInternal;
  ::usher::internal::v1::CreateCompanyRequest asked;
  *asked.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  auto& creation = *asked.mutable_company_create_request();
  creation.mutable_company()->set_displayname(request.companyid());
  auto& administrator = *creation.mutable_usercreaterequest();
  *administrator.mutable_user() = request.user();
  if (request.has_authenticationrequest()) {
    *administrator.mutable_authenticationrequest() = request.authenticationrequest();
  }
  const auto reply =
      company_.Call<Internal>(rpc::Effect::kChanges, call, &Internal::Stub::createCompany, asked);
  rpc::WipeSecretFields(&asked);
  RETURN_IF_ERROR(reply.status());
  return FoundedCompany{CompanyId(reply->company_id()), UserId(reply->user_id())};
}

}  // namespace usher::auth

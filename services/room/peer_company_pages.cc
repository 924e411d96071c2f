#include "services/room/peer_company_pages.h"

#include <usher/internal/v1/company_description.grpc.pb.h>

#include "common/status/try.h"

namespace usher::room {

absl::StatusOr<std::string> PeerCompanyPages::JoinLinkBase(const CallContext& call,
                                                           const CompanyId& company) {
  using ::usher::internal::v1::CompanyDescriptions;
  ::usher::internal::v1::DescribeCompanyRequest request;
  request.set_company_id(company.value());
  ASSIGN_OR_RETURN(
      const ::usher::internal::v1::DescribeCompanyReply reply,
      company_.Call<CompanyDescriptions>(rpc::Effect::kReads, call,
                                         &CompanyDescriptions::Stub::describeCompany, request));
  return reply.join_link_base();
}

}  // namespace usher::room

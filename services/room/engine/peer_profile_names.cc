#include "services/room/engine/peer_profile_names.h"

#include <usher/internal/v1/user.grpc.pb.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status/try.h"

namespace usher::room {

absl::StatusOr<std::string> PeerProfileNames::NameOf(const CallContext& call,
                                                     const CompanyId& company, const UserId& user) {
  using ::usher::internal::v1::UserInternal;
  ::usher::internal::v1::DescribeProfileRequest request;
  request.set_company_id(company.value());
  request.set_user_id(user.value());
  ASSIGN_OR_RETURN(const ::usher::internal::v1::DescribeProfileReply reply,
                   user_.Call<UserInternal>(rpc::Effect::kReads, call,
                                            &UserInternal::Stub::describeProfile, request));
  return std::string(
      absl::StripAsciiWhitespace(absl::StrCat(reply.firstname(), " ", reply.lastname())));
}

}  // namespace usher::room

#include "services/business_logic/peer_known_users.h"

#include <usher/internal/v1/auth.grpc.pb.h>

#include "common/permission/permission_wire.h"
#include "common/status/try.h"

namespace usher::business_logic {

absl::StatusOr<KnownUser> PeerKnownUsers::Get(const CallContext& call, const UserId& user) {
  using ::usher::internal::v1::AuthInternal;
  ::usher::internal::v1::DescribeUserRequest request;
  request.set_company_id(call.company.value());
  request.set_user_id(user.value());
  ASSIGN_OR_RETURN(const ::usher::internal::v1::DescribeUserReply reply,
                   auth_.Call<AuthInternal>(rpc::Effect::kReads, call,
                                            &AuthInternal::Stub::describeUser, request));
  return KnownUser{
      .user = user, .usable = PermissionsFromWire(reply.usable()), .guest = reply.guest()};
}

}  // namespace usher::business_logic

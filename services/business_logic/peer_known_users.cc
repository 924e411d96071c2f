#include "services/business_logic/peer_known_users.h"

#include <authentication/authenticationService.grpc.pb.h>

namespace usher::business_logic {

absl::Status PeerKnownUsers::RequireKnown(const CallContext& call, const UserId& user) {
  using ::authentication::AuthenticationService;
  ::authentication::AuthenticationInformationRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  request.set_userid(user.value());
  return auth_
      .Call<AuthenticationService>(rpc::Effect::kReads, call,
                                   &AuthenticationService::Stub::authenticationInformation, request)
      .status();
}

}  // namespace usher::business_logic

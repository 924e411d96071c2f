#include "services/company/peer_own_email.h"

#include <user/userService.grpc.pb.h>

#include "common/status/try.h"

namespace usher::company {

absl::StatusOr<std::string> PeerOwnEmail::Of(const Caller& caller) {
  using ::user::UserService;
  ::user::UserListRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(caller.call());
  request.add_useridlist(caller.user().value());
  ASSIGN_OR_RETURN(const ::user::UserListReply reply,
                   user_.Call<UserService>(rpc::Effect::kReads, caller.call(),
                                           &UserService::Stub::userList, request));
  const auto own = reply.users().find(caller.user().value());
  return own == reply.users().end() ? std::string() : own->second.email();
}

}  // namespace usher::company

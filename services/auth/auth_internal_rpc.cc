#include "services/auth/auth_internal_rpc.h"

#include <string>
#include <vector>

#include "common/rpc/gate/binding.h"
#include "common/rpc/id_wire.h"
#include "common/saga/failpoint.h"
#include "common/status/try.h"
#include "services/auth/auth_internal_wire.h"
#include "services/auth/method/method_wire.h"
#include "services/auth/request_lane.h"

namespace usher::auth {

using rpc::Lane;
namespace internal_wire = ::usher::internal::v1;

AuthInternalRpc::AuthInternalRpc(rpc::Gate& gate, KnownUsers& users, Tokens& tokens,
                                 const LocalAuthSource& source)
    : users_(users), tokens_(tokens), source_(source) {
  rpc::Binding bind(gate, *this, "usher.internal.v1.AuthInternal");
  bind.ServeInternalFor(
      "ensureUser", {"user"},
      {.name = "internal.ensureUser", .lane_of = LaneByRequest<internal_wire::EnsureUserRequest>},
      &AuthInternalRpc::EnsureUser);
  bind.ServeInternal("settleUser", {"user"}, {.name = "internal.settleUser"},
                     &AuthInternalRpc::SettleUser);
  bind.ServeInternalFor("removeUser", {"user"}, {.name = "internal.removeUser"},
                        &AuthInternalRpc::RemoveUser);
  bind.ServeInternal("findRemovedUser", {"user"},
                     {.name = "internal.findRemovedUser", .lane = Lane::kStatement, .reads = true},
                     &AuthInternalRpc::FindRemovedUser);
  bind.ServeInternal("describeUser", {"user", "business-logic"},
                     {.name = "internal.describeUser", .lane = Lane::kStatement, .reads = true},
                     &AuthInternalRpc::DescribeUser);
  // Inline: a signature costs as much as a verification.
  bind.ServeInternalFor("signJoinToken", {"room"},
                        {.name = "internal.signJoinToken", .lane = Lane::kInline, .guests = true},
                        &AuthInternalRpc::SignJoinToken);
  // Inline, and from memory: no thread and no connection that others could take stands between a
  // revocation and the servers that have to know it.
  const std::vector<std::string> all = {"user", "company", "room", "business-logic"};
  bind.ServeInternal("readFeed", all,
                     {.name = "internal.readFeed", .lane = Lane::kInline, .reads = true},
                     &AuthInternalRpc::ReadFeed);
  bind.ServeInternal("listRevocations", all,
                     {.name = "internal.listRevocations", .lane = Lane::kInline, .reads = true},
                     &AuthInternalRpc::ListRevocations);
}

absl::Status AuthInternalRpc::EnsureUser(const Caller& caller,
                                         const internal_wire::EnsureUserRequest& request,
                                         internal_wire::EnsureUserReply& /*reply*/) {
  ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
  ASSIGN_OR_RETURN(const MethodWish wish, FromWire(request.authenticationrequest()));
  RETURN_IF_ERROR(users_.Ensure(caller, user, wish));
  return saga::Failpoint("auth.ensureUser", caller.call());
}

absl::Status AuthInternalRpc::SettleUser(const CallContext& call,
                                         const internal_wire::SettleUserRequest& request,
                                         internal_wire::SettleUserReply& reply) {
  ASSIGN_OR_RETURN(const CompanyId company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
  ASSIGN_OR_RETURN(const bool exists, users_.Settle(call, company, user));
  RETURN_IF_ERROR(saga::Failpoint("auth.settleUser", call));
  reply.set_exists(exists);
  return absl::OkStatus();
}

absl::Status AuthInternalRpc::RemoveUser(const Caller& caller,
                                         const internal_wire::RemoveUserRequest& request,
                                         internal_wire::RemoveUserReply& /*reply*/) {
  ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
  RETURN_IF_ERROR(users_.Remove(caller, user));
  return saga::Failpoint("auth.removeUser", caller.call());
}

absl::Status AuthInternalRpc::FindRemovedUser(const CallContext& call,
                                              const internal_wire::FindRemovedUserRequest& request,
                                              internal_wire::FindRemovedUserReply& reply) {
  ASSIGN_OR_RETURN(const CompanyId company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
  ASSIGN_OR_RETURN(const bool removed, users_.FindRemoved(call, company, user));
  reply.set_removed(removed);
  return absl::OkStatus();
}

absl::Status AuthInternalRpc::DescribeUser(const CallContext& call,
                                           const internal_wire::DescribeUserRequest& request,
                                           internal_wire::DescribeUserReply& reply) {
  ASSIGN_OR_RETURN(const CompanyId company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
  ASSIGN_OR_RETURN(const UserDescription description, users_.Describe(call, company, user));
  ToWire(description, &reply);
  return absl::OkStatus();
}

absl::Status AuthInternalRpc::SignJoinToken(const Caller& caller,
                                            const internal_wire::SignJoinTokenRequest& request,
                                            internal_wire::SignJoinTokenReply& reply) {
  JoinTokenWish wish;
  ASSIGN_OR_RETURN(wish.room, RoomIdFromWire("room_id", request.room_id()));
  wish.expires_at = request.expires_at();
  wish.room_admin = request.room_admin();
  ASSIGN_OR_RETURN(const SignedToken token, tokens_.SignJoinToken(caller, wish));
  ToWire(token, &reply);
  return absl::OkStatus();
}

absl::Status AuthInternalRpc::ReadFeed(const CallContext& /*call*/,
                                       const internal_wire::ReadFeedRequest& request,
                                       internal_wire::ReadFeedReply& reply) {
  ASSIGN_OR_RETURN(const rpc::FeedPage page, source_.PassOn(request.after_sequence()));
  ToWire(page, &reply);
  return absl::OkStatus();
}

absl::Status AuthInternalRpc::ListRevocations(const CallContext& /*call*/,
                                              const internal_wire::ListRevocationsRequest& request,
                                              internal_wire::ListRevocationsReply& reply) {
  ASSIGN_OR_RETURN(const rpc::FeedPage page, source_.PassOn(request.after_sequence()));
  ToWire(page, &reply);
  return absl::OkStatus();
}

}  // namespace usher::auth

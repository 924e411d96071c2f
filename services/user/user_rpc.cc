#include "services/user/user_rpc.h"

#include "common/rpc/gate/binding.h"
#include "common/rpc/id_wire.h"
#include "common/status/try.h"
#include "services/user/user_wire.h"

namespace usher::user {

using rpc::Lane;
using token::TokenType;
namespace user_wire = ::user;

// The slow ones ask auth.
UserRpc::UserRpc(rpc::Gate& gate, Users& users) : users_(users) {
  rpc::Binding bind(gate, *this, "user.UserService");
  bind.Serve("userList",
             {.name = "user.list",
              .lane = Lane::kList,
              .accepts = {TokenType::kAccess, TokenType::kJoin, TokenType::kActivation},
              .guests = true,
              .reads = true},
             &UserRpc::List);
  bind.Serve("userCreate", {.name = "user.create", .lane = Lane::kSlow, .creates = true},
             &UserRpc::Create);
  bind.Serve("userUpdate", {.name = "user.update", .lane = Lane::kSlow}, &UserRpc::Update);
  bind.Serve("userDestroy", {.name = "user.destroy", .lane = Lane::kSlow}, &UserRpc::Destroy);
  bind.Serve("userProfileUpdate", {.name = "user.profileUpdate", .lane = Lane::kStatement},
             &UserRpc::UpdateProfile);
  bind.Serve("userGetLocale",
             {.name = "user.getLocale",
              .lane = Lane::kStatement,
              .accepts = {TokenType::kAccess, TokenType::kJoin, TokenType::kActivation},
              .guests = true,
              .reads = true},
             &UserRpc::GetLocale);
}

absl::Status UserRpc::List(const Caller& caller, const user_wire::UserListRequest& request,
                           user_wire::UserListReply& reply) {
  ASSIGN_OR_RETURN(const ListWish wish, FromWire(request));
  ASSIGN_OR_RETURN(const UserList found, users_.List(caller, wish));
  return ToWire(found, &reply);
}

absl::Status UserRpc::Create(const Caller& caller, const user_wire::UserCreateRequest& request,
                             user_wire::UserCreateReply& reply) {
  ASSIGN_OR_RETURN(const UserChange draft, FromWire(request.user()));
  ASSIGN_OR_RETURN(
      const UserId user,
      users_.Create(caller, draft, CredentialsFromWire(request.authenticationrequest())));
  reply.set_userid(user.value());
  return absl::OkStatus();
}

absl::Status UserRpc::Update(const Caller& caller, const user_wire::UserUpdateRequest& request,
                             ::common::ReplyInfo& /*reply*/) {
  ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("userId", request.userid()));
  ASSIGN_OR_RETURN(const UserChange change, FromWire(request.user()));
  return users_.Update(caller, user, change, CredentialsFromWire(request.authenticationrequest()));
}

absl::Status UserRpc::Destroy(const Caller& caller, const user_wire::UserDestroyRequest& request,
                              ::common::ReplyInfo& /*reply*/) {
  ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("userId", request.userid()));
  return users_.Destroy(caller, user);
}

absl::Status UserRpc::UpdateProfile(const Caller& caller,
                                    const user_wire::UserProfileUpdateRequest& request,
                                    ::common::ReplyInfo& /*reply*/) {
  ASSIGN_OR_RETURN(const ProfileWish wish, FromWire(request, caller.user()));
  return users_.ReplaceProfile(caller, wish.user, wish.profile);
}

absl::Status UserRpc::GetLocale(const Caller& caller,
                                const user_wire::UserGetLocaleRequest& request,
                                user_wire::UserGetLocaleReply& reply) {
  ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("userId", request.userid()));
  ASSIGN_OR_RETURN(const Locale locale, users_.GetLocale(caller, user));
  *reply.mutable_locale() = ToWire(locale);
  return absl::OkStatus();
}

}  // namespace usher::user

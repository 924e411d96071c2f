#include "services/user/user_rpc.h"

#include <string>
#include <utility>
#include <vector>

#include "common/rpc/id_wire.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/user/user_wire.h"

namespace usher::user {

using rpc::Lane;
using token::TokenType;
using ::user::UserService;

// The three slow ones ask auth.
UserRpc::UserRpc(rpc::Gate& gate, Users& users) {
  using Async = UserService::AsyncService;
  Expose(service_, UserService::service_full_name());

  gate.Serve(*this, service_,
             {.name = "user.list",
              .accepts = {TokenType::kAccess, TokenType::kJoin, TokenType::kActivation}},
             &Async::RequestuserList,
             [&users](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const ListWish wish, FromWire(request));
               if (request.accessinfo().returnobjectidsonly()) {
                 ASSIGN_OR_RETURN(const std::vector<UserId> ids, users.ListIds(caller, wish));
                 return ToWire(ids, &reply);
               }
               ASSIGN_OR_RETURN(const std::vector<User> found, users.List(caller, wish));
               return ToWire(found, &reply);
             });

  gate.Serve(*this, service_, {.name = "user.create", .lane = Lane::kSlow, .creates = true},
             &Async::RequestuserCreate,
             [&users](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const UserChange draft, FromWire(request.user()));
               ASSIGN_OR_RETURN(const UserId user,
                                users.Create(caller, draft, CredentialsFromWire(request)));
               reply.set_userid(user.value());
               return absl::OkStatus();
             });

  gate.Serve(*this, service_, {.name = "user.update", .lane = Lane::kSlow},
             &Async::RequestuserUpdate,
             [&users](const Caller& caller, const auto& request, auto&) -> absl::Status {
               ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("userId", request.userid()));
               ASSIGN_OR_RETURN(const UserChange change, FromWire(request.user()));
               return users.Update(caller, user, change, CredentialsFromWire(request));
             });

  gate.Serve(*this, service_, {.name = "user.destroy", .lane = Lane::kSlow},
             &Async::RequestuserDestroy,
             [&users](const Caller& caller, const auto& request, auto&) -> absl::Status {
               ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("userId", request.userid()));
               return users.Destroy(caller, user);
             });

  gate.Serve(*this, service_, {.name = "user.profileUpdate", .lane = Lane::kStatement},
             &Async::RequestuserProfileUpdate,
             [&users](const Caller& caller, const auto& request, auto&) -> absl::Status {
               UserId user = caller.user();
               if (!request.userid().empty()) {
                 ASSIGN_OR_RETURN(user, UserIdFromWire("userId", request.userid()));
               }
               if (!request.has_userprofile()) return FieldMissing("userProfile");
               ASSIGN_OR_RETURN(const Profile profile, FromWire(request.userprofile()));
               return users.ReplaceProfile(caller, user, profile);
             });
}

}  // namespace usher::user

// user.UserService: wire to domain and back.
#pragma once

#include <user/userService.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/user/users.h"

namespace usher::user {

class UserRpc final : public rpc::Service {
 public:
  UserRpc(rpc::Gate& gate, Users& users);

 private:
  absl::Status List(const Caller& caller, const ::user::UserListRequest& request,
                    ::user::UserListReply& reply);
  absl::Status Create(const Caller& caller, const ::user::UserCreateRequest& request,
                      ::user::UserCreateReply& reply);
  absl::Status Update(const Caller& caller, const ::user::UserUpdateRequest& request,
                      ::common::ReplyInfo& reply);
  absl::Status Destroy(const Caller& caller, const ::user::UserDestroyRequest& request,
                       ::common::ReplyInfo& reply);
  absl::Status UpdateProfile(const Caller& caller, const ::user::UserProfileUpdateRequest& request,
                             ::common::ReplyInfo& reply);
  absl::Status GetLocale(const Caller& caller, const ::user::UserGetLocaleRequest& request,
                         ::user::UserGetLocaleReply& reply);

  Users& users_;
};

}  // namespace usher::user

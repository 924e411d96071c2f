// user.UserService: wire to domain and back.
#pragma once

#include <user/userService.grpc.pb.h>

#include "common/rpc/gate.h"
#include "common/rpc/service.h"
#include "services/user/users.h"

namespace usher::user {

class UserRpc final : public rpc::Service {
 public:
  UserRpc(rpc::Gate& gate, Users& users);

 private:
  ::user::UserService::AsyncService service_;
};

}  // namespace usher::user

// usher.internal.v1.AuthInternal: what the other servers ask of auth.
#pragma once

#include <usher/internal/v1/auth.grpc.pb.h>

#include "common/rpc/gate.h"
#include "common/rpc/service.h"
#include "services/auth/local_auth_source.h"
#include "services/auth/tokens.h"
#include "services/auth/users.h"

namespace usher::auth {

class AuthInternalRpc final : public rpc::Service {
 public:
  AuthInternalRpc(rpc::Gate& gate, Users& users, Tokens& tokens, const LocalAuthSource& source);

 private:
  void ServeUsers(rpc::Gate& gate, Users& users);
  void ServeTokens(rpc::Gate& gate, Tokens& tokens);
  void ServeFeed(rpc::Gate& gate, const LocalAuthSource& source);

  ::usher::internal::v1::AuthInternal::AsyncService service_;
};

}  // namespace usher::auth

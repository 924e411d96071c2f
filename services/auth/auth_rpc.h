// authentication.AuthenticationService: wire to domain and back.
#pragma once

#include <authentication/authenticationService.grpc.pb.h>

#include "common/rpc/gate.h"
#include "common/rpc/service.h"
#include "services/auth/methods.h"
#include "services/auth/sign_in.h"
#include "services/auth/tokens.h"

namespace usher::auth {

class AuthRpc final : public rpc::Service {
 public:
  AuthRpc(rpc::Gate& gate, SignIn& sign_in, Tokens& tokens, Methods& methods);

 private:
  void ServeSignIn(rpc::Gate& gate, SignIn& sign_in);
  void ServeTokens(rpc::Gate& gate, Tokens& tokens);
  void ServeMethods(rpc::Gate& gate, Methods& methods);
  void ServeWhatIsToCome(rpc::Gate& gate);

  ::authentication::AuthenticationService::AsyncService service_;
};

}  // namespace usher::auth

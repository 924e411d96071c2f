// usher.session.v1.SessionService: the sessions of a user as a whole.
#pragma once

#include <usher/session/v1/session.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/auth/session/sign_out.h"

namespace usher::auth {

class SessionRpc final : public rpc::Service {
 public:
  SessionRpc(rpc::Gate& gate, SignOut& sign_out);

 private:
  absl::Status EndAll(const Caller& caller, const ::usher::session::v1::EndAllRequest& request,
                      ::usher::session::v1::EndAllReply& reply);

  SignOut& sign_out_;
};

}  // namespace usher::auth

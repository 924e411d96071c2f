#include "services/auth/session_rpc.h"

#include "common/rpc/gate/binding.h"
#include "common/status/try.h"
#include "services/auth/session/sign_out_wire.h"

namespace usher::auth {

SessionRpc::SessionRpc(rpc::Gate& gate, SignOut& sign_out) : sign_out_(sign_out) {
  rpc::Binding bind(gate, *this, "usher.session.v1.SessionService");
  bind.Serve("endAll", {.name = "session.endAll", .guests = true}, &SessionRpc::EndAll);
}

absl::Status SessionRpc::EndAll(const Caller& caller,
                                const ::usher::session::v1::EndAllRequest& request,
                                ::usher::session::v1::EndAllReply& /*reply*/) {
  ASSIGN_OR_RETURN(const SignOutWish wish, FromWire(request));
  return sign_out_.Everywhere(caller, wish);
}

}  // namespace usher::auth

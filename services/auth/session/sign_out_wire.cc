#include "services/auth/session/sign_out_wire.h"

#include "common/rpc/id_wire.h"
#include "common/status/try.h"

namespace usher::auth {

absl::StatusOr<SignOutWish> FromWire(const ::usher::session::v1::EndAllRequest& request) {
  SignOutWish wish;
  if (!request.user_id().empty()) {
    ASSIGN_OR_RETURN(wish.user, ParseUserId("user_id", request.user_id()));
  }
  wish.company = OptionalCompanyIdFromWire(request.company_id());
  wish.keep_own = request.keep_own();
  return wish;
}

}  // namespace usher::auth

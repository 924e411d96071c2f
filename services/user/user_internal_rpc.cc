#include "services/user/user_internal_rpc.h"

#include "common/rpc/gate/binding.h"
#include "common/rpc/id_wire.h"
#include "common/saga/failpoint.h"
#include "common/status/try.h"
#include "services/user/user_wire.h"

namespace usher::user {

namespace wire = ::usher::internal::v1;

UserInternalRpc::UserInternalRpc(rpc::Gate& gate, TenantStore& tenants) : tenants_(tenants) {
  rpc::Binding bind(gate, *this, "usher.internal.v1.UserInternal");
  bind.ServeInternal("ensureFirstUser", {"company"}, {.name = "internal.ensureFirstUser"},
                     &UserInternalRpc::EnsureFirstUser);
}

absl::Status UserInternalRpc::EnsureFirstUser(const CallContext& call,
                                              const wire::EnsureFirstUserRequest& request,
                                              wire::EnsureFirstUserReply& /*reply*/) {
  UserKey key;
  ASSIGN_OR_RETURN(key.company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(key.user, UserIdFromWire("user_id", request.user_id()));
  ASSIGN_OR_RETURN(const UserChange draft, FromWire(request.user()));
  ASSIGN_OR_RETURN(const User user, Apply(User(), draft));
  RETURN_IF_ERROR(tenants_.EnsureFirst(call, key, user));
  return saga::Failpoint("user.ensureFirstUser", call);
}

}  // namespace usher::user

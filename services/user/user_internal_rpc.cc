#include "services/user/user_internal_rpc.h"

#include "common/rpc/gate/binding.h"
#include "common/rpc/id_wire.h"
#include "common/saga/failpoint.h"
#include "common/status/try.h"
#include "services/user/user_wire.h"

namespace usher::user {

namespace internal_wire = ::usher::internal::v1;

UserInternalRpc::UserInternalRpc(rpc::Gate& gate, TenantStore& tenants, UserStore& users)
    : tenants_(tenants), users_(users) {
  rpc::Binding bind(gate, *this, "usher.internal.v1.UserInternal");
  bind.ServeInternal("ensureFirstUser", {"company"}, {.name = "internal.ensureFirstUser"},
                     &UserInternalRpc::EnsureFirstUser);
  bind.ServeInternal(
      "describeProfile", {"auth", "room"},
      {.name = "internal.describeProfile", .lane = rpc::Lane::kStatement, .reads = true},
      &UserInternalRpc::DescribeProfile);
}

absl::Status UserInternalRpc::EnsureFirstUser(const CallContext& call,
                                              const internal_wire::EnsureFirstUserRequest& request,
                                              internal_wire::EnsureFirstUserReply& /*reply*/) {
  UserKey key;
  ASSIGN_OR_RETURN(key.company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(key.user, UserIdFromWire("user_id", request.user_id()));
  ASSIGN_OR_RETURN(const UserChange draft, FromWire(request.user()));
  ASSIGN_OR_RETURN(const User user, Apply(User(), draft));
  RETURN_IF_ERROR(tenants_.EnsureFirst(call, key, user));
  return saga::Failpoint("user.ensureFirstUser", call);
}

absl::Status UserInternalRpc::DescribeProfile(const CallContext& call,
                                              const internal_wire::DescribeProfileRequest& request,
                                              internal_wire::DescribeProfileReply& reply) {
  UserKey key;
  ASSIGN_OR_RETURN(key.company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(key.user, UserIdFromWire("user_id", request.user_id()));
  ASSIGN_OR_RETURN(const std::optional<User> user, users_.Find(call, key));
  reply.set_found(user.has_value());
  if (!user.has_value()) return absl::OkStatus();
  reply.set_email(user->email);
  reply.set_firstname(user->profile.firstname);
  reply.set_lastname(user->profile.lastname);
  reply.set_ui_language(user->locale.ui_language);
  return absl::OkStatus();
}

}  // namespace usher::user

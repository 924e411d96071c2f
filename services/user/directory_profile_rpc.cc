#include "services/user/directory_profile_rpc.h"

#include "common/rpc/gate/binding.h"
#include "common/rpc/id_wire.h"
#include "common/status/try.h"
#include "services/user/user_wire.h"

namespace usher::user {

namespace internal_wire = ::usher::internal::v1;

DirectoryProfileRpc::DirectoryProfileRpc(rpc::Gate& gate, Users& users) : users_(users) {
  rpc::Binding bind(gate, *this, "usher.internal.v1.DirectoryProfiles");
  // Slow: auth is asked whether it knows the user. It waits for this on a lane of its own.
  bind.ServeInternal("ensureProfile", {"auth"},
                     {.name = "internal.ensureProfile", .lane = rpc::Lane::kSlow},
                     &DirectoryProfileRpc::Ensure);
}

absl::Status DirectoryProfileRpc::Ensure(const CallContext& call,
                                         const internal_wire::EnsureProfileRequest& request,
                                         internal_wire::EnsureProfileReply& reply) {
  CallContext own = call;
  ASSIGN_OR_RETURN(own.company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
  ASSIGN_OR_RETURN(const UserChange draft, FromWire(request.user()));
  ASSIGN_OR_RETURN(const bool made, users_.EnsureProfile(own, user, draft));
  reply.set_made(made);
  return absl::OkStatus();
}

}  // namespace usher::user

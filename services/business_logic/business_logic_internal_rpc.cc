#include "services/business_logic/business_logic_internal_rpc.h"

#include "common/rpc/gate/binding.h"
#include "common/rpc/id_wire.h"
#include "common/saga/failpoint.h"
#include "common/status/try.h"

namespace usher::business_logic {

BusinessLogicInternalRpc::BusinessLogicInternalRpc(rpc::Gate& gate, Favorites& favorites)
    : favorites_(favorites) {
  rpc::Binding bind(gate, *this, "usher.internal.v1.BusinessLogicInternal");
  bind.ServeInternal("forgetUser", {"user"}, {.name = "internal.forgetFavorites"},
                     &BusinessLogicInternalRpc::ForgetUser);
}

absl::Status BusinessLogicInternalRpc::ForgetUser(
    const CallContext& call, const ::usher::internal::v1::ForgetFavoritesRequest& request,
    ::usher::internal::v1::ForgetFavoritesReply& /*reply*/) {
  Owner owner;
  ASSIGN_OR_RETURN(owner.company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(owner.user, UserIdFromWire("user_id", request.user_id()));
  RETURN_IF_ERROR(favorites_.ForgetUser(call, owner));
  return saga::Failpoint("business-logic.forgetUser", call);
}

}  // namespace usher::business_logic

// usher.internal.v1.BusinessLogicInternal: what the other servers ask of business logic.
#pragma once

#include <usher/internal/v1/business_logic.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/business_logic/favorites.h"

namespace usher::business_logic {

class BusinessLogicInternalRpc final : public rpc::Service {
 public:
  BusinessLogicInternalRpc(rpc::Gate& gate, Favorites& favorites);

 private:
  absl::Status ForgetUser(const CallContext& call,
                          const ::usher::internal::v1::ForgetFavoritesRequest& request,
                          ::usher::internal::v1::ForgetFavoritesReply& reply);

  Favorites& favorites_;
};

}  // namespace usher::business_logic

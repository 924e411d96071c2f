// businessLogicService.BusinessLogicService: wire to domain and back.
#pragma once

#include <businessLogicService/businessLogicService.grpc.pb.h>

#include "common/rpc/gate.h"
#include "common/rpc/service.h"
#include "services/business_logic/favorites.h"
#include "services/business_logic/permission_groups.h"

namespace usher::business_logic {

class BusinessLogicRpc final : public rpc::Service {
 public:
  BusinessLogicRpc(rpc::Gate& gate, Favorites& favorites, PermissionGroups& groups);

 private:
  ::businessLogicService::BusinessLogicService::AsyncService service_;
};

}  // namespace usher::business_logic

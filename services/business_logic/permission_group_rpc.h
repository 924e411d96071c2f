// usher.businesslogic.v1.PermissionGroupService: wire to domain and back.
#pragma once

#include <usher/businesslogic/v1/permission_groups.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/business_logic/permission_groups.h"

namespace usher::business_logic {

class PermissionGroupRpc final : public rpc::Service {
 public:
  PermissionGroupRpc(rpc::Gate& gate, PermissionGroups& groups);

 private:
  absl::Status Put(const Caller& caller, const ::usher::businesslogic::v1::PutRequest& request,
                   ::usher::businesslogic::v1::PutReply& reply);
  absl::Status Remove(const Caller& caller,
                      const ::usher::businesslogic::v1::RemoveRequest& request,
                      ::usher::businesslogic::v1::RemoveReply& reply);

  PermissionGroups& groups_;
};

}  // namespace usher::business_logic

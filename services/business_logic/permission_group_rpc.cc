#include "services/business_logic/permission_group_rpc.h"

#include <string>

#include "common/rpc/gate/binding.h"
#include "common/status/try.h"
#include "services/business_logic/permission_group_wire.h"

namespace usher::business_logic {

namespace group_wire = ::usher::businesslogic::v1;

PermissionGroupRpc::PermissionGroupRpc(rpc::Gate& gate, PermissionGroups& groups)
    : groups_(groups) {
  rpc::Binding bind(gate, *this, "usher.businesslogic.v1.PermissionGroupService");
  bind.Serve("put", {.name = "permissionGroups.put"}, &PermissionGroupRpc::Put);
  bind.Serve("remove", {.name = "permissionGroups.remove"}, &PermissionGroupRpc::Remove);
}

absl::Status PermissionGroupRpc::Put(const Caller& caller, const group_wire::PutRequest& request,
                                     group_wire::PutReply& /*reply*/) {
  ASSIGN_OR_RETURN(const PermissionGroup group, FromWire(request));
  return groups_.Put(caller, group);
}

absl::Status PermissionGroupRpc::Remove(const Caller& caller,
                                        const group_wire::RemoveRequest& request,
                                        group_wire::RemoveReply& /*reply*/) {
  ASSIGN_OR_RETURN(const std::string id, NamedGroupFromWire(request.group_id()));
  return groups_.Remove(caller, id);
}

}  // namespace usher::business_logic

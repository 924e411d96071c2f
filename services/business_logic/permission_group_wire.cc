#include "services/business_logic/permission_group_wire.h"

#include "common/permission/permission_wire.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/text/text_rules.h"

namespace usher::business_logic {

absl::StatusOr<PermissionGroup> FromWire(const ::usher::businesslogic::v1::PutRequest& request) {
  PermissionGroup group;
  ASSIGN_OR_RETURN(group.id, text::Identifier("group_id", request.group_id()));
  if (group.id.size() > kLongestGroupId) return FieldTooLong("group_id", kLongestGroupId);
  if (!request.has_group()) return FieldMissing("group");
  const ::businessLogicService::PermissionGroup& wire = request.group();
  ASSIGN_OR_RETURN(group.name, text::Name("group.name", wire.name()));
  if (wire.order() > kLargestOrder)
    return FieldOutOfRange("group.order", "is beyond 2,147,483,647");
  group.order = wire.order();
  if (wire.permissions().remove()) {
    return FieldMalformed("group.permissions", "has remove, which is for rooms");
  }
  group.rights = RoomRightsFromWire(wire.permissions());
  return group;
}

absl::StatusOr<std::string> NamedGroupFromWire(const std::string& raw) {
  return text::Name("group_id", raw);
}

}  // namespace usher::business_logic

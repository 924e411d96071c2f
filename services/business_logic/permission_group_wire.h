// A company's own permission groups as messages; business_logic_wire.h has how they are listed.
#pragma once

#include <usher/businesslogic/v1/permission_groups.pb.h>

#include <string>

#include "absl/status/statusor.h"
#include "services/business_logic/permission_group.h"

namespace usher::business_logic {

// REQUEST_EMPTY without ID, group or name; PROTOCOL_ERROR and MAX_SIZE_EXCEEDED for an ID or a name
// that cannot be, PROTOCOL_ERROR for rights that are to be removed; RANGE_ERROR for the order.
absl::StatusOr<PermissionGroup> FromWire(const ::usher::businesslogic::v1::PutRequest& request);

// One that is there, or is not: also by an ID that an operator has written. REQUEST_EMPTY,
// PROTOCOL_ERROR, MAX_SIZE_EXCEEDED.
absl::StatusOr<std::string> NamedGroupFromWire(const std::string& raw);

}  // namespace usher::business_logic

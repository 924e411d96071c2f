// IDs as they come in messages.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/id.h"

namespace usher::auth {

// REQUEST_EMPTY, USER_ID_INVALID.
absl::StatusOr<UserId> UserIdFromWire(absl::string_view field, const std::string& raw);
// REQUEST_EMPTY, ROOM_ID_INVALID.
absl::StatusOr<RoomId> RoomIdFromWire(absl::string_view field, const std::string& raw);
// REQUEST_EMPTY, PROTOCOL_ERROR. For what another server says; clients' company IDs are looked up.
absl::StatusOr<CompanyId> CompanyIdFromWire(absl::string_view field, const std::string& raw);

}  // namespace usher::auth

// IDs as they come in messages. UUIDs are taken in either case and kept in lower case.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/id.h"

namespace usher {

// USER_ID_INVALID, also for "".
absl::StatusOr<UserId> ParseUserId(absl::string_view field, absl::string_view raw);
// ROOM_ID_INVALID, also for "".
absl::StatusOr<RoomId> ParseRoomId(absl::string_view field, absl::string_view raw);

// The same where an ID has to be given: REQUEST_EMPTY for "".
absl::StatusOr<UserId> UserIdFromWire(absl::string_view field, absl::string_view raw);
absl::StatusOr<RoomId> RoomIdFromWire(absl::string_view field, absl::string_view raw);

}  // namespace usher

// IDs as they come in messages. UUIDs are taken in either case and kept in lower case. The size is
// looked at before anything else.
#pragma once

#include <optional>

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

// A company, as people write it: in capital letters or small ones. Nothing for what no company can
// be called: it is to be answered like a company that does not exist.
std::optional<CompanyId> ParseCompanyId(absl::string_view raw);

// The same where one has to be given: REQUEST_EMPTY for "", NOT_FOUND for what no company can be
// called.
absl::StatusOr<CompanyId> CompanyIdFromWire(absl::string_view field, absl::string_view raw);

// The same where it may be left out: nothing for "". What no company can be called comes out as an
// empty ID, which no company has.
std::optional<CompanyId> OptionalCompanyIdFromWire(absl::string_view raw);

}  // namespace usher

#include "common/rpc/id_wire.h"

#include <optional>
#include <string>
#include <utility>

#include "common/status/reply_error.h"

namespace usher {

absl::StatusOr<UserId> ParseUserId(absl::string_view field, absl::string_view raw) {
  std::optional<std::string> id = CanonicalUuid(raw);
  if (!id.has_value()) return UserIdInvalid(field, raw);
  return UserId(*std::move(id));
}

absl::StatusOr<RoomId> ParseRoomId(absl::string_view field, absl::string_view raw) {
  std::optional<std::string> id = CanonicalUuid(raw);
  if (!id.has_value()) return RoomIdInvalid(field, raw);
  return RoomId(*std::move(id));
}

absl::StatusOr<UserId> UserIdFromWire(absl::string_view field, absl::string_view raw) {
  if (raw.empty()) return FieldMissing(field);
  return ParseUserId(field, raw);
}

absl::StatusOr<RoomId> RoomIdFromWire(absl::string_view field, absl::string_view raw) {
  if (raw.empty()) return FieldMissing(field);
  return ParseRoomId(field, raw);
}

}  // namespace usher

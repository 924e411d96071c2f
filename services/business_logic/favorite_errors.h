// The failures of favorites, each once.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "services/business_logic/favorite.h"

namespace usher::business_logic {

inline absl::Status FavoriteRoomNotFound(const RoomId& room) {
  return ReplyError(::common::ROOM_NOT_FOUND,
                    absl::StrCat("there is no room ", room.value(), " that the user can see"));
}

inline absl::Status TooManyFavorites() {
  return ReplyError(::common::QUOTA_EXCEEDED,
                    absl::StrCat("a user has at most ", kMostFavorites,
                                 " favorites; remove some in the same call"));
}

inline absl::Status RoomNamedTwice(const RoomId& room) {
  return FieldMalformed("roomIds", absl::StrCat("names the room ", room.value(), " twice"));
}

}  // namespace usher::business_logic

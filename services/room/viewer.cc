#include "services/room/viewer.h"

namespace usher::room {

Viewer ViewerOf(const Caller& caller) {
  const token::AccessToken& token = caller.token();
  PermissionSet permissions = caller.permissions();
  // Of all rooms, for the viewer: what a join token reaches of them is its one room alone.
  if (token.type == token::TokenType::kJoin && token.room_admin) {
    permissions = permissions.Or({Permission::kRoomAdmin});
  }
  return ViewerWith(caller.company(), caller.room_subject(), permissions, caller.is_guest());
}

bool TokenReaches(const Caller& caller, const RoomId& id) {
  return caller.token().type != token::TokenType::kJoin || caller.token().only_room == id;
}

}  // namespace usher::room

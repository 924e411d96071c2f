// Access tokens with which clients come to a LiveKit server: JWTs that say who somebody is and what
// they may do in one room (https://docs.livekit.io/home/get-started/authentication).
#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/base/id.h"
#include "common/livekit/livekit_servers.h"
#include "common/permission/permission.h"

namespace usher::livekit {

// Somebody who may join a room. The room is called there by its ID, and they by theirs.
struct Admission {
  CompanyId company;
  RoomId room;
  UserId user;
  UserId base_permissions_id;  // of guests of a shareable access
  bool guest = false;
  bool room_admin = false;   // holds ROOM_ADMIN
  std::string display_name;  // empty: not known
  RoomRights rights;         // effective, in that room
  absl::Time issued_at;
  absl::Time expires_at;  // both count to the second
};

// What a token for the server says, as JSON. Who they are to usher stands in its `metadata`, JSON
// in a string, which LiveKit keeps beside them as long as they are there (and through the tokens
// that it makes itself): company, guest, basePermissionsId, roomAdmin, spectator (may publish
// nothing), issued, expires.
std::string RoomTokenClaims(const Server& server, const std::string& token_id,
                            const Admission& admission);

// The token, signed. Each is another one.
std::string RoomToken(const Server& server, const Admission& admission);

}  // namespace usher::livekit

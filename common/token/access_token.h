// What a token says, as domain types. No keys and no cryptography in here.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/id.h"
#include "common/permission/permission.h"

namespace usher::token {

enum class TokenType { kAccess = 1, kActivation = 2, kJoin = 3 };

struct AccessToken {
  TokenType type = TokenType::kAccess;
  UserId user;
  CompanyId company;
  PermissionSet permissions;
  bool guest = false;
  std::string display_name;  // of guests
  UserId
      base_permissions_id;  // of guests of a shareable access: under whom rooms keep their rights
  bool extension_disallowed = false;
  SessionId session;
  std::string token_id;
  RoomId only_room;         // of join tokens
  bool room_admin = false;  // of join tokens of users: counts as `admin` in only_room
  absl::Time issued_at;     // to the microsecond
  absl::Time not_before;    // to the second
  absl::Time expires_at;    // to the second, exclusive
};

// The payload of a token: a serialized usher.token.v1.Claims.
std::string SerializePayload(const AccessToken& token);

// TokenRefused() when the payload is no Claims, misses an ID, or is not meant for usher. Says
// nothing about the time: that is the verifier's.
absl::StatusOr<AccessToken> ParsePayload(absl::string_view payload);

}  // namespace usher::token

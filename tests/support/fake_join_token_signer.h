// An auth that signs the tokens of join links.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/token/access_token.h"
#include "services/room/join_token_signer.h"

namespace usher::room {

// Not thread-safe. Held to join_token_signer_contract.h, like the real one. A token is its payload.
class FakeJoinTokenSigner final : public JoinTokenSigner {
 public:
  absl::StatusOr<JoinToken> SignJoinToken(const CallContext& call,
                                          const JoinTokenWish& wish) override {
    asked.push_back(wish);
    if (!failure.ok()) return failure;
    ASSIGN_OR_RETURN(token::AccessToken token, token::ParsePayload(call.access_token));
    if (wish.room_admin && (token.guest || !token.permissions.Has(Permission::kRoomAdmin))) {
      return PermissionMissing("ROOM_ADMIN");
    }
    if (wish.expires_at) {
      if (*wish.expires_at <= absl::Now()) return FieldOutOfRange("expiresAt", "is in the past");
      token.expires_at = std::min(token.expires_at, *wish.expires_at);
    }
    token.type = token::TokenType::kJoin;
    token.permissions = PermissionSet();
    token.extension_disallowed = true;
    token.only_room = wish.room;
    token.room_admin = wish.room_admin;
    signed_tokens.push_back(token::SerializePayload(token));
    return JoinToken{signed_tokens.back(), token.expires_at};
  }

  absl::Status failure;              // what every call answers, unless OK
  std::vector<JoinTokenWish> asked;  // so far
  std::vector<std::string> signed_tokens;
};

}  // namespace usher::room

// Tokens made from a token: signAccessToken, and the token in a join link.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/access/caller.h"
#include "common/base/clock.h"
#include "common/token/token_signer.h"
#include "services/auth/session/session_store.h"

namespace usher::auth {

// What a client wants a token to say.
struct TokenWish {
  UserId user;
  std::optional<CompanyId> company;      // nothing: the caller's
  std::optional<absl::Time> expires_at;  // nothing: when the caller's ends
  PermissionSet permissions;
  bool guest = false;        // false: as it comes out
  std::string display_name;  // empty: as it comes out
  UserId base_permissions_id;
  bool extension_disallowed = false;
};

// What the token in a join link is to be.
struct JoinTokenWish {
  RoomId room;
  int64_t expires_at = 0;   // Unix seconds; 0: as late as may be
  bool room_admin = false;  // counts as `admin` in the room
};

struct SignedToken {
  std::string bytes;
  token::AccessToken token;
};

// Thread-safe.
class Tokens {
 public:
  Tokens(SessionStore& sessions, const token::TokenSigner& signer, const Clock& clock,
         Lifetimes lifetimes)
      : sessions_(sessions), signer_(signer), clock_(clock), lifetimes_(lifetimes) {}

  // For oneself: no more than the own token says. For another user of the company: USER_ADMIN,
  // holding all that the user holds, GRANT_PERMISSIONS with any permission. For another company: a
  // platform administrator. Belongs to the caller's session in any case.
  // INSUFFICIENT_PERMISSIONS, RANGE_ERROR (expiry), NOT_FOUND, AccountInactive.
  absl::StatusOr<SignedToken> SignAccessToken(const Caller& caller, const TokenWish& wish);

  // A token for one room, without permissions, that lives no longer than the caller's and than is
  // wished. One that administers the room takes ROOM_ADMIN, and no guest. RANGE_ERROR (expiry),
  // INSUFFICIENT_PERMISSIONS.
  absl::StatusOr<SignedToken> SignJoinToken(const Caller& caller, const JoinTokenWish& wish);

 private:
  absl::StatusOr<token::AccessToken> ForOneself(const Caller& caller, const TokenWish& wish);
  absl::StatusOr<token::AccessToken> ForAnother(const Caller& caller, const CompanyId& company,
                                                const TokenWish& wish);
  absl::StatusOr<SigningTarget> Target(const Caller& caller, const CompanyId& company,
                                       const UserId& user);
  absl::StatusOr<absl::Time> Expiry(const Caller& caller, const TokenWish& wish);
  // What is given to somebody else must still be held, whatever the caller's token says. When that
  // was so, by the database's clock; infinite where it was not looked at.
  absl::StatusOr<absl::Time> CheckStillHeld(const Caller& caller, PermissionSet permissions);
  // A token beyond the end of the caller's: of the session there must be as much left, of the
  // permissions what the session's method still has, and the account must be active: that of the
  // session, and that of whom the token was signed for.
  absl::Status CheckExtension(const Caller& caller, const TokenWish& wish, absl::Time expires_at);
  absl::Status CheckSignedFor(const Caller& caller, absl::Time expires_at);
  SignedToken Sign(token::AccessToken token) const;

  SessionStore& sessions_;
  const token::TokenSigner& signer_;
  const Clock& clock_;
  const Lifetimes lifetimes_;
};

}  // namespace usher::auth

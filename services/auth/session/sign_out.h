// Signing a user out everywhere at once.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "common/access/caller.h"
#include "common/base/clock.h"
#include "common/token/revocations.h"
#include "services/auth/method/known_user_store.h"
#include "services/auth/method/method_store.h"

namespace usher::auth {

struct SignOutWish {
  UserId user;                       // empty: the caller
  std::optional<CompanyId> company;  // nothing: the caller's
  bool keep_own = false;             // the session of the caller's token goes on
};

// Thread-safe. A transaction (Lane::kStore). One session alone is signed out by Methods::Update.
class SignOut {
 public:
  SignOut(MethodStore& methods, KnownUserStore& users, token::Revocations& revocations,
          const Clock& clock)
      : methods_(methods), users_(users), revocations_(revocations), clock_(clock) {}

  // Ends all sessions of the user in the company, and every token that was signed for the user.
  // Oneself, guests as well; others: USER_ADMIN, holding all that they hold; in another company: a
  // platform administrator. PROTOCOL_ERROR (keep_own with somebody else), NOT_FOUND,
  // INSUFFICIENT_PERMISSIONS, NoSessionToKeep.
  absl::Status Everywhere(const Caller& caller, const SignOutWish& wish);

 private:
  absl::StatusOr<Ended> EndAll(const Caller& caller, const CompanyId& company, const UserId& user,
                               const SessionId& kept);

  MethodStore& methods_;
  KnownUserStore& users_;
  token::Revocations& revocations_;
  const Clock& clock_;
};

}  // namespace usher::auth

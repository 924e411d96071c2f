// Refreshing the session of "ann", who holds what lists users and rooms.
#pragma once

#include "services/auth/session/renewal.h"
#include "tests/support/sign_in_test_base.h"

namespace usher::auth {

class RenewalTestBase : public SignInTestBase {
 protected:
  static constexpr PermissionSet kLists{Permission::kUserList, Permission::kRoomList};

  absl::StatusOr<SignedIn> Refresh(const SignedIn& signed_in, PermissionSet wanted = kAnything) {
    return renewal_.WithRefreshToken(ACall(), RefreshOf(signed_in, "ann", wanted));
  }
  SignedIn Refreshed(const SignedIn& signed_in, PermissionSet wanted = kAnything) {
    return Got(Refresh(signed_in, wanted));
  }
  SessionId SessionIn(const SignedIn& signed_in) { return Read(signed_in.access_token).session; }

  const UserId ann_ = MadeUser("ann", kLists);
  const MethodKey method_ = Key(KeyType::kPassword, "ann");
  const SignedIn first_ = SignedInAs("ann");
};

}  // namespace usher::auth

// What tests of Tokens stand on: callers whose tokens last a while yet, and what comes out.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/auth/session/tokens.h"
#include "tests/support/a_caller.h"
#include "tests/support/sign_in_test_base.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

class TokensTestBase : public SignInTestBase {
 protected:
  static constexpr PermissionSet kLists{Permission::kUserList, Permission::kRoomList};

  static auto IsRefused() { return HasReplyCode(::common::INSUFFICIENT_PERMISSIONS); }
  static auto IsBeyondLimit() { return HasReplyCode(::common::RANGE_ERROR); }

  // Callers whose token lasts another half hour.
  ACaller Member() const {
    return ACaller().IssuedAt(clock_.Now() - absl::Minutes(30)).ExpiringAt(Own());
  }
  ACaller UserAdministrator() const { return Member().With(Permission::kUserAdmin); }
  absl::Time Own() const { return clock_.Now() + absl::Minutes(30); }

  static TokenWish For(const UserId& user, PermissionSet permissions = {}) {
    return {.user = user, .permissions = permissions};
  }
  static TokenWish ForOneself(PermissionSet permissions = {}) {
    return For(UserId(kCallerId), permissions);
  }

  absl::StatusOr<SignedToken> Sign(const Caller& caller, const TokenWish& wish) {
    return tokens_.SignAccessToken(caller, wish);
  }
  // The token that comes out, as it is read by others.
  token::AccessToken Signed(const Caller& caller, const TokenWish& wish) {
    const auto made = Sign(caller, wish);
    EXPECT_OK(made);
    return made.ok() ? Read(made->bytes) : token::AccessToken();
  }
  // A caller with that token.
  static ACaller Holder(const token::AccessToken& token) {
    ACaller caller;
    caller.As(token.user).In(token.company).With(token.permissions).InSession(token.session);
    caller.IssuedAt(token.issued_at).ExpiringAt(token.expires_at);
    if (token.guest) caller.AsGuest(token.display_name);
    if (!token.base_permissions_id.empty()) caller.OfSharedAccess(token.base_permissions_id);
    if (token.extension_disallowed) caller.WithoutExtension();
    return caller;
  }

  Tokens tokens_{sessions_, signer_, clock_, Lifetimes()};
};

}  // namespace usher::auth

// Signing access tokens for another user: who asks, for whom, and what comes out.
#pragma once

#include <optional>

#include "services/auth/session/tokens.h"
#include "tests/support/sign_in_test_base.h"

namespace usher::auth {

class TokensForOthersTestBase : public SignInTestBase {
 protected:
  static auto IsRefused() { return HasReplyCode(::common::INSUFFICIENT_PERMISSIONS); }
  static auto IsBeyondLimit() { return HasReplyCode(::common::RANGE_ERROR); }
  static auto IsNotFound() { return HasReplyCode(::common::NOT_FOUND); }

  TokensForOthersTestBase() {
    EXPECT_THAT(store_.InsertCompany(ACall(), CompanyId("operator"), {}), IsOkAndHolds(true));
  }

  // Callers whose token lasts another half hour.
  ACaller Member() const {
    return ACaller().IssuedAt(clock_.Now() - absl::Minutes(30)).ExpiringAt(Own());
  }
  ACaller UserAdministrator() const { return Member().With(Permission::kUserAdmin); }
  ACaller PlatformAdministrator() const {
    return Member().In("operator").InOperatorCompany().With(Permission::kCompanyAdmin);
  }
  absl::Time Own() const { return clock_.Now() + absl::Minutes(30); }

  static TokenWish For(const UserId& user, PermissionSet permissions = {},
                       const std::optional<CompanyId>& company = std::nullopt) {
    return {.user = user, .company = company, .permissions = permissions};
  }
  static TokenWish ForUntil(const UserId& user, absl::Time end) {
    return {.user = user, .expires_at = end};
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

  // As the store says it when somebody signs out.
  void End(const CompanyId& company, const SessionId& session) {
    revocations_.Add({.sequence = 1,
                      .kind = token::RevocationKind::kSession,
                      .company = company,
                      .subject = session.value(),
                      .issued_until = clock_.Now()});
  }

  const UserId ann_ = MadeUser("ann");
  Tokens tokens_{sessions_, signer_, clock_, Lifetimes()};
};

}  // namespace usher::auth

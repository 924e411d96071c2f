// Signing access tokens for another user: who asks, for whom, and what comes out.
#pragma once

#include <optional>

#include "tests/support/tokens_test_base.h"

namespace usher::auth {

class TokensForOthersTestBase : public TokensTestBase {
 protected:
  static auto IsNotFound() { return HasReplyCode(::common::NOT_FOUND); }

  TokensForOthersTestBase() {
    EXPECT_THAT(store_.InsertCompany(ACall(), CompanyId("operator"), {}), IsOkAndHolds(true));
  }

  ACaller PlatformAdministrator() const {
    return Member().In("operator").InOperatorCompany().With(Permission::kCompanyAdmin);
  }

  static TokenWish For(const UserId& user, PermissionSet permissions = {},
                       const std::optional<CompanyId>& company = std::nullopt) {
    return {.user = user, .company = company, .permissions = permissions};
  }
  static TokenWish ForUntil(const UserId& user, absl::Time end) {
    return {.user = user, .expires_at = end};
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
};

}  // namespace usher::auth

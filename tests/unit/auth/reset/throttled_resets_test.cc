// How often a source may ask for resets, and guess at their tokens.
#include "tests/unit/auth/reset/password_resets_test_base.h"

namespace usher::auth {
namespace throttled_resets_test {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// Where the source has guesses, and resets, to spend.
class ThrottledResetsTest : public PasswordResetsTestBase {
 protected:
  absl::Status Request(const std::string& username, const std::string& source,
                       const Caller* caller = nullptr) {
    CallContext call = ACall();
    call.source = source;
    return bounded_.Request(call, caller, {.company = CompanyId("acme"), .username = username})
        .status();
  }
  absl::Status UseFrom(const std::string& source, const std::string& token) {
    CallContext call = ACall();
    call.source = source;
    return bounded_.Use(call, {.company = CompanyId("acme"),
                               .user = UserId(),
                               .username = "anna",
                               .token = Secret(token),
                               .password = Secret(kNewPassword)});
  }

  GuessThrottle own_throttle_{
      throttle_store_, refusals_, TestPepper(), {.source_at_once = 3, .source_resets = 4}};
  PasswordResets bounded_{reset_store_, store_,      store_,        vault_,   TestPepper(),
                          revocations_, auth_clock_, own_throttle_, Options()};
  const UserId anna_ = MadeUser("anna");
};

TEST_F(ThrottledResetsTest, L2WrongTokensCountForTheirSourceAndTheRightOneStillGetsIn) {
  ASSERT_OK(Request("anna", "192.0.2.1"));
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(UseFrom("192.0.2.9", "wrong"), HasReplyCode(::common::AUTHENTICATION_ERROR));
  }
  EXPECT_THAT(UseFrom("192.0.2.9", "wrong"), HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_THAT(UseFrom("192.0.2.1", "wrong"), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_OK(UseFrom("192.0.2.9", MailedToken()));
}

TEST_F(ThrottledResetsTest, WhatIsRefusedStandsInTheAudit) {
  ASSERT_OK(Request("anna", "192.0.2.1"));
  const std::string token = MailedToken();
  EXPECT_FALSE(UseFrom("192.0.2.1", "wrong").ok());
  ASSERT_OK(Update(Administrator(), anna_, StatusOnly(AccountStatus::kDeactivated)));
  EXPECT_FALSE(UseFrom("192.0.2.1", token).ok());
  ASSERT_THAT(refusals_.noted, SizeIs(2));
  EXPECT_EQ(refusals_.noted[0].object, "user " + anna_.value());
  EXPECT_EQ(refusals_.noted[0].detail, "password reset refused");
  EXPECT_EQ(refusals_.noted[0].outcome, ::common::AUTHENTICATION_ERROR);
  EXPECT_EQ(refusals_.noted[1].outcome, ::common::ACCOUNT_STATUS_ERROR);
}

TEST_F(ThrottledResetsTest, L12OneSourceAsksForSoManyWhateverTheyAreAbout) {
  for (const char* username : {"anna", "nobody", "anna", "somebody"}) {
    EXPECT_OK(Request(username, "192.0.2.1"));
  }
  const size_t mails = mails_.All().size();
  const absl::Status anna = Request("anna", "192.0.2.1");
  EXPECT_THAT(anna, HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_EQ(anna, Request("nobody", "192.0.2.1"));
  EXPECT_THAT(anna.message(), HasSubstr("too many password resets; try again in 900 seconds"));
  EXPECT_EQ(mails_.All().size(), mails);
  EXPECT_OK(Request("anna", "192.0.2.2"));
  clock_.Advance(absl::Minutes(15));
  EXPECT_OK(Request("anna", "192.0.2.1"));
  EXPECT_THAT(Request("anna", "192.0.2.1"), HasReplyCode(::common::QUOTA_EXCEEDED));
}

TEST_F(ThrottledResetsTest, AdministratorsWhoAreToldTheTokenAskAsOftenAsTheyLike) {
  const Caller administrator = ACaller().With(Permission::kUserAdmin);
  const Caller foreign = ACaller().In("beta").With(Permission::kUserAdmin);
  for (int i = 0; i < 10; ++i) EXPECT_OK(Request("anna", "192.0.2.1", &administrator));
  for (int i = 0; i < 4; ++i) EXPECT_OK(Request("anna", "192.0.2.1", &foreign));
  EXPECT_THAT(Request("anna", "192.0.2.1", &foreign), HasReplyCode(::common::QUOTA_EXCEEDED));
}

}  // namespace throttled_resets_test
}  // namespace usher::auth

#include "services/auth/session/sign_out.h"

#include "services/auth/session/sign_out_wire.h"
#include "tests/support/sign_in_test_base.h"

namespace usher::auth {
namespace sign_out_test {

class SignOutTest : public SignInTestBase {
 protected:
  // Who has signed in, with the token of that.
  Caller CallerOf(const SignedIn& signed_in) {
    const token::AccessToken token = Read(signed_in.access_token);
    ACaller caller;
    caller.As(token.user).InSession(token.session).With(token.permissions);
    if (token.guest) caller.AsGuest();
    if (!token.base_permissions_id.empty()) caller.OfSharedAccess(token.base_permissions_id);
    return caller;
  }
  SessionId SessionOf(const SignedIn& signed_in) { return Read(signed_in.access_token).session; }
  absl::Status Judged(const SignedIn& signed_in) {
    return verifier_.Verify(signed_in.access_token).status();
  }

  SignOut sign_out_{store_, store_, revocations_, auth_clock_};
};

TEST_F(SignOutTest, OneselfIsSignedOutEverywhere) {
  MadeUser("ann");
  const SignedIn one = SignedInAs("ann"), two = SignedInAs("ann");
  MadeUser("bob");
  const SignedIn others = SignedInAs("bob");
  EXPECT_OK(sign_out_.Everywhere(CallerOf(one), {}));
  for (const SignedIn& ended : {one, two}) {
    EXPECT_FALSE(IsThere(SessionOf(ended)));
    EXPECT_THAT(Judged(ended), HasReplyCode(::common::AUTHENTICATION_ERROR));
    EXPECT_THAT(renewal_.WithRefreshToken(ACall(), RefreshOf(ended, "ann")),
                HasReplyCode(::common::AUTHENTICATION_ERROR));
  }
  EXPECT_TRUE(IsThere(SessionOf(others)));
  EXPECT_OK(Judged(others));
  clock_.Advance(absl::Seconds(1));
  EXPECT_OK(Judged(SignedInAs("ann")));
}

TEST_F(SignOutTest, TheOwnSessionGoesOnWhereItIsToAndItsTokensAreRefreshed) {
  MadeUser("ann");
  const SignedIn own = SignedInAs("ann"), other = SignedInAs("ann");
  EXPECT_OK(sign_out_.Everywhere(CallerOf(own), {.keep_own = true}));
  EXPECT_FALSE(IsThere(SessionOf(other)));
  EXPECT_THAT(Judged(other), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Judged(own), HasReplyCode(::common::TOKEN_OUTDATED));
  clock_.Advance(absl::Seconds(1));
  EXPECT_OK(Judged(Got(renewal_.WithRefreshToken(ACall(), RefreshOf(own, "ann")))));
}

TEST_F(SignOutTest, ATokenThatBelongsToNoSessionOfTheUserKeepsNone) {
  const UserId ann = MadeUser("ann");
  const SignedIn session = SignedInAs("ann");
  EXPECT_THAT(sign_out_.Everywhere(ACaller().As(ann), {.keep_own = true}),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_TRUE(IsThere(SessionOf(session)));
  EXPECT_OK(sign_out_.Everywhere(ACaller().As(ann), {}));
  EXPECT_FALSE(IsThere(SessionOf(session)));
}

TEST_F(SignOutTest, OthersTakeUserAdminAndAllThatTheyHold) {
  const UserId ann = MadeUser("ann", {Permission::kRoomAdmin});
  const SignedIn session = SignedInAs("ann");
  const SignOutWish wish{.user = ann};
  EXPECT_THAT(sign_out_.Everywhere(ACaller().With(Permission::kRoomAdmin), wish),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(sign_out_.Everywhere(ACaller().With(Permission::kUserAdmin), wish),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(sign_out_.Everywhere(
                  ACaller().AsGuest().With({Permission::kUserAdmin, Permission::kRoomAdmin}), wish),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_TRUE(IsThere(SessionOf(session)));
  const Caller administrator = ACaller().With({Permission::kUserAdmin, Permission::kRoomAdmin});
  EXPECT_THAT(sign_out_.Everywhere(administrator, {.user = ann, .keep_own = true}),
              HasReplyCode(::common::PROTOCOL_ERROR));
  EXPECT_OK(sign_out_.Everywhere(administrator, wish));
  EXPECT_FALSE(IsThere(SessionOf(session)));
  EXPECT_OK(sign_out_.Everywhere(administrator, wish)) << "there is nothing left";
  EXPECT_THAT(sign_out_.Everywhere(administrator, {.user = UserId(NewUuid())}),
              HasReplyCode(::common::NOT_FOUND));
}

TEST_F(SignOutTest, AnotherCompanyIsForPlatformAdministrators) {
  const UserId ann = MadeUser("ann");
  const SignedIn session = SignedInAs("ann");
  const SignOutWish wish{.user = ann, .company = CompanyId("acme")};
  EXPECT_THAT(sign_out_.Everywhere(ACaller().In("beta").With(kCompanyAdministrator), wish),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(sign_out_.Everywhere(ACaller().With(kCompanyAdministrator),
                                   {.user = ann, .company = CompanyId()}),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_TRUE(IsThere(SessionOf(session)));
  EXPECT_OK(sign_out_.Everywhere(ACaller()
                                     .In("operator")
                                     .InOperatorCompany()
                                     .With(kCompanyAdministrator)
                                     .With(Permission::kCompanyAdmin),
                                 wish));
  EXPECT_FALSE(IsThere(SessionOf(session)));
}

TEST_F(SignOutTest, WhatSomebodySignedForTheUserEndsAsWell) {
  const UserId ann = MadeUser("ann");
  token::AccessToken token = Read(SignedInAs("ann").access_token);
  token.session = SessionId(NewUuid());  // the administrator's
  const std::string signed_for_ann = signer_.Sign(token);
  EXPECT_OK(verifier_.Verify(signed_for_ann).status());
  EXPECT_OK(sign_out_.Everywhere(ACaller().As(ann), {}));
  EXPECT_THAT(verifier_.Verify(signed_for_ann).status(),
              HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST_F(SignOutTest, AGuestOfASharedAccessSignsOutWithoutTheOthers) {
  const UserId access = MadeGuest({.shareable = true});
  const SignedIn guest = SignedInAsGuest(access), other = SignedInAsGuest(access);
  EXPECT_OK(sign_out_.Everywhere(CallerOf(guest), {.keep_own = true}));
  EXPECT_OK(Judged(guest));
  EXPECT_OK(sign_out_.Everywhere(CallerOf(guest), {}));
  EXPECT_THAT(Judged(guest), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_OK(Judged(other));
  EXPECT_THAT(sign_out_.Everywhere(CallerOf(other), {.user = access}),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_OK(sign_out_.Everywhere(ACaller().With(Permission::kUserAdmin), {.user = access}));
  EXPECT_THAT(Judged(other), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST_F(SignOutTest, AGuestSignsItselfOut) {
  const UserId access = MadeGuest();
  const SignedIn guest = SignedInAsGuest(access);
  EXPECT_OK(sign_out_.Everywhere(CallerOf(guest), {}));
  EXPECT_THAT(Judged(guest), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST(SignOutWireTest, WhatIsLeftOutIsTheCallersOwn) {
  const auto wish = FromWire(::usher::session::v1::EndAllRequest());
  ASSERT_OK(wish);
  EXPECT_TRUE(wish->user.empty());
  EXPECT_FALSE(wish->company.has_value());
  EXPECT_FALSE(wish->keep_own);
}

TEST(SignOutWireTest, UserAndCompanyAreReadAsEverywhere) {
  ::usher::session::v1::EndAllRequest request;
  request.set_user_id("01900000-0000-7000-8000-0000000000AB");
  request.set_company_id("ACME");
  request.set_keep_own(true);
  const auto wish = FromWire(request);
  ASSERT_OK(wish);
  EXPECT_EQ(wish->user.value(), "01900000-0000-7000-8000-0000000000ab");
  EXPECT_EQ(wish->company, CompanyId("acme"));
  EXPECT_TRUE(wish->keep_own);
  request.set_company_id("no company's name");
  EXPECT_EQ(FromWire(request)->company, CompanyId());
  request.set_user_id("ann");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::USER_ID_INVALID));
}

}  // namespace sign_out_test
}  // namespace usher::auth

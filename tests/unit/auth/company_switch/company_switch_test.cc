#include "services/auth/company_switch/company_switch.h"

#include <functional>

#include "tests/unit/auth/company_switch/company_switch_test_base.h"

namespace usher::auth {
namespace company_switch_test {

using ::testing::ElementsAre;

using CompanySwitchTest = CompanySwitchTestBase;

TEST_F(CompanySwitchTest, TheSessionGoesOnAsTheSameUserWithWhatTheOtherMethodHas) {
  const SignedIn before = SignedInAs("ann");
  const SignedIn after = Got(ToBeta(before));
  EXPECT_EQ(after.user, ann_);
  EXPECT_EQ(after.permissions, (PermissionSet{Permission::kRoomCreate, Permission::kUserList}));
  const token::AccessToken token = Read(after.access_token);
  EXPECT_EQ(token.company, CompanyId("beta"));
  EXPECT_EQ(token.user, ann_);
  EXPECT_NE(token.session, before.session);
  EXPECT_FALSE(token.guest);
  EXPECT_OK(verifier_.Verify(after.access_token));
  RefreshGrant refresh = RefreshOf(after, "ann in beta");
  refresh.company = CompanyId("beta");
  EXPECT_OK(renewal_.WithRefreshToken(ACall(), refresh));
}

TEST_F(CompanySwitchTest, TheOldSessionEndsWithItsTokens) {
  const SignedIn before = SignedInAs("ann");
  ASSERT_OK(ToBeta(before));
  EXPECT_FALSE(IsThere(before.session));
  EXPECT_THAT(verifier_.Verify(before.access_token), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_EQ(StatusOf(renewal_.WithRefreshToken(ACall(), RefreshOf(before, "ann"))),
            RefreshTokenRefused());
  EXPECT_THAT(ToBeta(before), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

// Whoever signed in, or whoever has a copy: only one of them has gone on.
TEST_F(CompanySwitchTest, ARefreshTokenFromBeforeEndsTheSessionWhereverItIs) {
  const auto by_refresh = [&](const SignedIn& before) {
    return StatusOf(renewal_.WithRefreshToken(ACall(), RefreshOf(before, "ann")));
  };
  const auto by_switch = [&](const SignedIn& before) { return StatusOf(ToBeta(before)); };
  using Use = std::function<absl::Status(const SignedIn&)>;
  for (const Use& use : {Use(by_refresh), Use(by_switch)}) {
    const SignedIn before = SignedInAs("ann");
    const SignedIn there = Got(ToBeta(before));
    const SignedIn back = Got(ToAcme(there));
    EXPECT_TRUE(IsThere(back.session));
    EXPECT_THAT(use(before), HasReplyCode(::common::AUTHENTICATION_ERROR));
    EXPECT_FALSE(IsThere(back.session));
    EXPECT_THAT(verifier_.Verify(back.access_token), HasReplyCode(::common::AUTHENTICATION_ERROR));
    EXPECT_EQ(StatusOf(renewal_.WithRefreshToken(ACall(), RefreshOf(back, "ann"))),
              RefreshTokenRefused());
  }
}

TEST_F(CompanySwitchTest, WhatDoesNotBelongToTheOldSessionEndsNothing) {
  const SignedIn before = SignedInAs("ann");
  const SignedIn other = SignedInAs("ann");
  const SignedIn after = Got(ToBeta(before));
  RefreshGrant grant = RefreshOf(before, "bob");
  EXPECT_THAT(renewal_.WithRefreshToken(ACall(), grant),
              HasReplyCode(::common::AUTHENTICATION_ERROR));
  grant = RefreshOf(before, "ann");
  grant.access_token = other.access_token;
  EXPECT_THAT(renewal_.WithRefreshToken(ACall(), grant),
              HasReplyCode(::common::AUTHENTICATION_ERROR));
  SwitchGrant to_beta = SwitchOf(before, "bob", "beta");
  EXPECT_THAT(switch_.Switch(ACall(), to_beta), HasReplyCode(::common::AUTHENTICATION_ERROR));
  to_beta = SwitchOf(before, "ann", "beta");
  to_beta.access_token = other.access_token;
  EXPECT_THAT(switch_.Switch(ACall(), to_beta), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_TRUE((*sessions_.Find(ACall(), CompanyId("beta"), after.session)).has_value());
}

TEST_F(CompanySwitchTest, OneGoesToAndFroAndNoSessionGetsLongerByIt) {
  const SignedIn first = SignedInAs("ann");
  const absl::Time end = clock_.Now() + Lifetimes().refresh;
  clock_.Advance(absl::Minutes(30));
  const SignedIn there = Got(ToBeta(first));
  clock_.Advance(absl::Minutes(30));
  const SignedIn back = Got(ToAcme(there));
  EXPECT_EQ(back.permissions, kLists);
  const auto session = *sessions_.Find(ACall(), CompanyId("acme"), back.session);
  ASSERT_TRUE(session.has_value());
  EXPECT_EQ(session->session.expires_at, end);
}

TEST_F(CompanySwitchTest, TheOwnCompanyIsOneOfThose) {
  const SignedIn before = SignedInAs("ann");
  EXPECT_THAT(AccountsOf(before), ElementsAre("acme", "beta"));
  const SignedIn after = Got(Switch(before, "ann", "acme"));
  EXPECT_EQ(after.company, CompanyId("acme"));
  EXPECT_FALSE(IsThere(before.session));
}

TEST_F(CompanySwitchTest, SignInsAndRefreshesTellWhetherThereAreOthers) {
  const SignedIn first = SignedInAs("ann");
  EXPECT_TRUE(first.linked);
  EXPECT_TRUE(Got(renewal_.WithRefreshToken(ACall(), RefreshOf(first, "ann"))).linked);
  MadeUser("bob");
  EXPECT_FALSE(SignedInAs("bob").linked);
}

TEST_F(CompanySwitchTest, ANarrowSessionStaysNarrow) {
  const SignedIn some = SignedInAs("ann", {Permission::kUserList});
  EXPECT_EQ(Got(ToBeta(some)).permissions, PermissionSet{Permission::kUserList});
  const SignedIn none = SignedInAs("ann", {});
  EXPECT_EQ(Got(ToBeta(none)).permissions, PermissionSet());
}

TEST_F(CompanySwitchTest, WantedPermissionsNarrowIt) {
  SwitchGrant grant = SwitchOf(SignedInAs("ann"), "ann", "beta");
  grant.wanted = {Permission::kRoomCreate, Permission::kUserAdmin};
  EXPECT_EQ(Got(switch_.Switch(ACall(), grant)).permissions,
            PermissionSet{Permission::kRoomCreate});
}

// L8: each field, swapped for another's.
TEST_F(CompanySwitchTest, WhatDoesNotFitTogetherIsRefusedAndEndsNothing) {
  const SignedIn own = SignedInAs("ann");
  const SignedIn other_session = SignedInAs("ann");
  MadeUser("bob");
  const SignedIn bob = SignedInAs("bob");
  SwitchGrant grant = SwitchOf(own, "bob", "beta");
  EXPECT_EQ(StatusOf(switch_.Switch(ACall(), grant)), RefreshTokenRefused());
  for (const SignedIn& other : {other_session, bob}) {
    grant = SwitchOf(own, "ann", "beta");
    grant.access_token = other.access_token;
    EXPECT_EQ(StatusOf(switch_.Switch(ACall(), grant)), RefreshTokenRefused());
    grant = SwitchOf(own, "ann", "beta");
    grant.refresh_token = other.refresh_token;
    EXPECT_EQ(StatusOf(switch_.Switch(ACall(), grant)), RefreshTokenRefused());
  }
  grant = SwitchOf(own, "ann", "beta");
  grant.refresh_token = Secret("made up");
  EXPECT_EQ(StatusOf(switch_.Switch(ACall(), grant)), RefreshTokenRefused());
  EXPECT_EQ(StatusOf(Switch(bob, "bob", "beta")), SwitchRefused());
  EXPECT_EQ(StatusOf(Switch(own, "ann", "gamma")), SwitchRefused());
  EXPECT_TRUE(IsThere(own.session));
  EXPECT_TRUE(IsThere(other_session.session));
  EXPECT_TRUE(IsThere(bob.session));
  EXPECT_OK(ToBeta(own));
}

TEST_F(CompanySwitchTest, TheAccessTokenMustBeGood) {
  const SignedIn own = SignedInAs("ann");
  SwitchGrant grant = SwitchOf(own, "ann", "beta");
  grant.access_token = "no token";
  EXPECT_THAT(switch_.Switch(ACall(), grant), HasReplyCode(::common::AUTHENTICATION_ERROR));
  clock_.Advance(Lifetimes().access);
  EXPECT_THAT(ToBeta(own), HasReplyCode(::common::TOKEN_OUTDATED));
}

TEST_F(CompanySwitchTest, ATokenThatMustNotBeProlongedLeadsNowhere) {
  const SignedIn own = SignedInAs("ann");
  token::AccessToken token = Read(own.access_token);
  token.extension_disallowed = true;
  SwitchGrant grant = SwitchOf(own, "ann", "beta");
  grant.access_token = signer_.Sign(token);
  EXPECT_EQ(StatusOf(switch_.Switch(ACall(), grant)), RefreshTokenRefused());
  token.extension_disallowed = false;
  token.type = token::TokenType::kJoin;
  token.only_room = RoomId(NewUuid());
  grant.access_token = signer_.Sign(token);
  EXPECT_EQ(StatusOf(switch_.Switch(ACall(), grant)), RefreshTokenRefused());
}

TEST_F(CompanySwitchTest, AnEndedRefreshTokenEndsTheSession) {
  const SignedIn first = SignedInAs("ann");
  const SignedIn second = Got(renewal_.WithRefreshToken(ACall(), RefreshOf(first, "ann")));
  ASSERT_OK(renewal_.WithRefreshToken(ACall(), RefreshOf(second, "ann")));
  EXPECT_EQ(StatusOf(ToBeta(first)), RefreshTokenRefused());
  EXPECT_FALSE(IsThere(first.session));
}

TEST_F(CompanySwitchTest, GuestsStayWhereTheyAre) {
  const UserId access = MadeGuest();
  const SignedIn guest = SignedInAsGuest(access);
  EXPECT_EQ(StatusOf(Switch(guest, access.value(), "beta")), RefreshTokenRefused());
}

TEST_F(CompanySwitchTest, WhatChangesMeanwhileLeavesTheOldSessionAsItWas) {
  const SignedIn own = SignedInAs("ann");
  sessions_.BeforeNextOpen([&] {
    EXPECT_OK(Update(BetaAdministrator(), ann_, Password("ann in beta", kGoodPassword)));
  });
  EXPECT_FALSE(ToBeta(own).ok());
  EXPECT_TRUE(IsThere(own.session));
}

// Whoever has stolen the password of the one account does not stay in the other.
TEST_F(CompanySwitchTest, WhatEndsTheSessionsWhereItWasBegunEndsItToo) {
  const SignedIn there = Got(ToBeta(SignedInAs("ann")));
  RefreshGrant refresh = RefreshOf(there, "ann in beta");
  refresh.company = CompanyId("beta");
  ASSERT_OK(Update(ACaller().As(ann_), ann_, Password("ann", kOtherPassword, kGoodPassword)));
  EXPECT_THAT(renewal_.WithRefreshToken(ACall(), refresh),
              HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST_F(CompanySwitchTest, AnAccountThatIsNotActiveIsToldToItsOwner) {
  const auto set = [&](AccountStatus status) {
    MethodWish wish = Password("ann in beta", "");
    wish.status = status;
    EXPECT_OK(Update(BetaAdministrator(), ann_, wish));
  };
  for (const AccountStatus status : {AccountStatus::kDeactivated, AccountStatus::kPending}) {
    set(status);
    const SignedIn own = SignedInAs("ann");
    EXPECT_EQ(StatusOf(ToBeta(own)), AccountInactive(status));
    EXPECT_THAT(AccountsOf(own), ElementsAre("acme"));
    EXPECT_TRUE(IsThere(own.session));
    set(AccountStatus::kActivated);
    EXPECT_THAT(AccountsOf(own), ElementsAre("acme", "beta"));
    EXPECT_OK(ToBeta(own));
  }
}

}  // namespace company_switch_test
}  // namespace usher::auth

#include "services/auth/directory/directory_sign_in.h"

#include "tests/support/directory_test_base.h"

namespace usher::auth {
namespace directory_sign_in_test {

class DirectorySignInTest : public DirectoryTestBase {};

TEST_F(DirectorySignInTest, WhoHasAnAccountSignsInToItWithThePasswordOfTheDirectory) {
  const UserId ann = MadeAccount("ann", {Permission::kRoomCreate});
  const auto signed_in = Enter("ANN");
  ASSERT_OK(signed_in);
  EXPECT_EQ(signed_in->user, ann);
  EXPECT_EQ(signed_in->company, CompanyId("acme"));
  EXPECT_EQ(signed_in->permissions, PermissionSet{Permission::kRoomCreate});
  EXPECT_OK(verifier_.Verify(signed_in->access_token));
}

TEST_F(DirectorySignInTest, TheSessionGoesOnWithItsRefreshToken) {
  MadeAccount("ann");
  const SignedIn signed_in = Got(Enter("ann"));
  EXPECT_OK(renewal_.WithRefreshToken(ACall(), RefreshOf(signed_in, "ann")));
}

// L1: whatever does not fit together is told alike.
TEST_F(DirectorySignInTest, UnknownWrongAndForeignAccountsAnswerAlike) {
  MadeAccount("ann");
  MadeUser("bob");  // with a password of our own
  directories_.In("acme").Add({.name = "stranger"}, kGoodPassword);
  for (const auto& [company, name, password] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"acme", "ann", kOtherPassword},
           {"acme", "nobody", kGoodPassword},
           {"acme", "stranger", kGoodPassword},  // has no account
           {"acme", "bob", kGoodPassword},
           {"acme", "ann", ""},
           {"acme", "ann", "  "},
           {"beta", "ann", kGoodPassword},  // has no directory
           {"gamma", "ann", kGoodPassword},
           {"", "ann", kGoodPassword}}) {
    EXPECT_EQ(StatusOf(Enter(name, password, company)), CredentialsRefused())
        << company << " " << name << " " << password;
  }
}

// L14.
TEST_F(DirectorySignInTest, ABlankPasswordDoesNotReachTheDirectory) {
  MadeAccount("ann");
  EXPECT_THAT(Enter("ann", ""), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Enter("ann", " \t"), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_EQ(directories_.In("acme").asked(), 0);
}

TEST_F(DirectorySignInTest, AnAccountThatIsOffIsToldToWhoHasThePasswordAlone) {
  const UserId ann = MadeAccount("ann");
  for (const AccountStatus status :
       {AccountStatus::kDeactivated, AccountStatus::kLocked, AccountStatus::kPending}) {
    SetStatus(ann, Key(KeyType::kLdap, "ann"), status);
    EXPECT_EQ(StatusOf(Enter("ann")), AccountInactive(status));
    EXPECT_EQ(StatusOf(Enter("ann", kOtherPassword)), CredentialsRefused());
  }
  SetStatus(ann, Key(KeyType::kLdap, "ann"), AccountStatus::kActivated);
  SetStatus(ann, AccountStatus::kDeactivated);
  EXPECT_EQ(StatusOf(Enter("ann")), AccountInactive(AccountStatus::kDeactivated));
  EXPECT_FALSE(refusals_.noted.empty());
}

TEST_F(DirectorySignInTest, ADirectoryThatIsOutOfReachIsNoWrongPassword) {
  MadeAccount("ann");
  directories_.In("acme").Break();
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(EnterGuarded("ann"), HasReplyCode(::common::REMOTE_ERROR));
  }
  directories_.In("acme").Break(false);
  EXPECT_OK(EnterGuarded("ann"));
}

// L2: with all other ways to guess.
TEST_F(DirectorySignInTest, WhoGuessesHasToWait) {
  MadeAccount("ann");
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(EnterGuarded("ann", kOtherPassword), HasReplyCode(::common::AUTHENTICATION_ERROR));
  }
  const int asked = directories_.In("acme").asked();
  EXPECT_THAT(EnterGuarded("ann"), HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_EQ(directories_.In("acme").asked(), asked);
}

TEST_F(DirectorySignInTest, WhoIsNotKnownBecomesAUserWhereTheDirectorySaysSo) {
  DirectoryRules& rules = directories_.In("acme").changeable_rules();
  rules.provision = true;
  rules.permissions = {Permission::kRoomCreate, Permission::kRoomList};
  directories_.In("acme").Add({.name = "Ann"}, kGoodPassword);
  const auto first = Enter("aNN");
  ASSERT_OK(first);
  EXPECT_EQ(first->permissions, rules.permissions);
  const auto method = Find(KeyType::kLdap, "ann");
  ASSERT_TRUE(method.has_value());
  EXPECT_EQ(method->method.principal, "Ann");
  EXPECT_EQ(method->method.user, first->user);
  // And is the same one from then on.
  EXPECT_EQ(Got(Enter("ann")).user, first->user);
}

// The name alone makes nobody somebody (CVE-2026-9092).
TEST_F(DirectorySignInTest, NobodyIsTakenForWhoHasTheSameNameOrAddressHere) {
  directories_.In("acme").changeable_rules().provision = true;
  directories_.In("acme").Add({.name = "bob", .email = "bob@example.org"}, kOtherPassword);
  const UserId bob = MadeUser("bob", kCompanyAdministrator);
  const auto signed_in = Enter("bob", kOtherPassword);
  ASSERT_OK(signed_in);
  EXPECT_NE(signed_in->user, bob);
  EXPECT_EQ(signed_in->permissions, PermissionSet());
}

TEST_F(DirectorySignInTest, OfTwoWhoComeForTheFirstTimeAtOnceOneIsMade) {
  directories_.In("acme").changeable_rules().provision = true;
  directories_.In("acme").Add({.name = "ann"}, kGoodPassword);
  std::vector<std::thread> threads;
  std::vector<UserId> users(8);
  for (size_t i = 0; i < users.size(); ++i) {
    threads.emplace_back([&, i] { users[i] = Got(Enter("ann")).user; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(users, ::testing::Each(users[0]));
}

// Somebody has left, and somebody else has got the name.
TEST_F(DirectorySignInTest, AnAccountIsTheEntrysAndNotTheNames) {
  MadeAccount("ann");
  ASSERT_OK(Enter("ann"));
  directories_.In("acme").Remove("ann");
  directories_.In("acme").Add({.name = "ann"}, kGoodPassword);
  EXPECT_EQ(StatusOf(Enter("ann")), CredentialsRefused());
  directories_.In("acme").changeable_rules().provision = true;
  EXPECT_EQ(StatusOf(Enter("ann")), CredentialsRefused());
}

TEST_F(DirectorySignInTest, AProfileIsMadeOnce) {
  const UserId ann = MadeAccount("ann");
  ASSERT_OK(Enter("ann"));
  ASSERT_EQ(profiles_.made().count(ann), 1U);
  EXPECT_EQ(profiles_.made().at(ann).email, "ann@example.org");
  profiles_.FailWith(absl::InternalError("asked again"));
  ASSERT_OK(Enter("ann"));
  EXPECT_TRUE(*directory_store_.HasProfile(ACall(), CompanyId("acme"), Key(KeyType::kLdap, "ann")));
}

TEST_F(DirectorySignInTest, WhoCannotHaveAProfileNowSignsInAndGetsItLater) {
  const UserId ann = MadeAccount("ann");
  profiles_.FailWith(absl::UnavailableError("away"));
  ASSERT_OK(Enter("ann"));
  EXPECT_EQ(profiles_.made().count(ann), 0U);
  profiles_.FailWith(absl::OkStatus());
  ASSERT_OK(Enter("ann"));
  EXPECT_EQ(profiles_.made().count(ann), 1U);
}

TEST_F(DirectorySignInTest, WhereTheDirectorySaysSoASessionEndsEarlier) {
  MadeAccount("ann");
  directories_.In("acme").changeable_rules().longest_session = absl::Minutes(10);
  const SignedIn signed_in = Got(Enter("ann"));
  clock_.Advance(absl::Minutes(9));
  const auto renewed = renewal_.WithRefreshToken(ACall(), RefreshOf(signed_in, "ann"));
  ASSERT_OK(renewed);
  EXPECT_LE(renewed->expires_at, signed_in.expires_at);
  clock_.Advance(absl::Minutes(2));
  EXPECT_THAT(renewal_.WithRefreshToken(ACall(), RefreshOf(*renewed, "ann")),
              HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST_F(DirectorySignInTest, WhatIsWantedNarrowsTheToken) {
  MadeAccount("ann", {Permission::kRoomCreate, Permission::kRoomList});
  DirectoryGrant grant = GrantOf("ann");
  grant.wanted = {Permission::kRoomList, Permission::kUserAdmin};
  EXPECT_EQ(Got(directory_sign_in_.Enter(ACall(), grant)).permissions,
            PermissionSet{Permission::kRoomList});
}

TEST_F(DirectorySignInTest, ACompanyThatIsGoneLetsNobodyIn) {
  directories_.In("acme").changeable_rules().provision = true;
  directories_.In("acme").Add({.name = "bob"}, kGoodPassword);
  MadeAccount("ann");
  store_.SwitchOff(CompanyId("acme"));
  EXPECT_EQ(StatusOf(Enter("ann")), AccountInactive(AccountStatus::kDeleted));
  EXPECT_EQ(StatusOf(Enter("bob")), CredentialsRefused());
}

TEST_F(DirectorySignInTest, WithoutTheDatabaseNobodyComesIn) {
  MadeAccount("ann");
  store_.FailWith(absl::UnavailableError("away"));
  EXPECT_THAT(Enter("ann"), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace directory_sign_in_test
}  // namespace usher::auth

// L4: every grant against every state in which an account is not active. Refreshing and switching
// are told before the session ends that it does, where they are.
#include <string>
#include <tuple>

#include "services/auth/session/sign_in.h"
#include "tests/support/directory_test_base.h"

namespace usher::auth {
namespace sign_in_inactive_test {

// kSwitchTo: into the account. kSwitchFrom: out of it.
enum class Door {
  kPassword,
  kCode,
  kDirectory,
  kGuest,
  kSharedGuest,
  kRefresh,
  kInvitation,
  kSwitchFrom,
  kSwitchTo
};
enum class Level { kMethod, kUser, kCompany };

class InactiveAccountTest
    : public DirectoryTestBase,
      public ::testing::WithParamInterface<std::tuple<Door, Level, AccountStatus>> {
 protected:
  void SetUp() override {
    if (door_ == Door::kPassword || door_ == Door::kRefresh || door_ == Door::kSwitchFrom) {
      user_ = MadeUser("ann");
    }
    if (door_ == Door::kInvitation) user_ = Made(Wish(Invitation("token")), Administrator());
    if (door_ == Door::kSwitchFrom || door_ == Door::kSwitchTo) SetUpSwitch();
    if (door_ == Door::kCode) user_ = MadeClient("ann");
    if (door_ == Door::kDirectory) user_ = MadeAccount("ann");
    if (door_ == Door::kGuest) user_ = MadeGuest();
    if (door_ == Door::kSharedGuest) user_ = MadeGuest({.shareable = true});
    if (door_ == Door::kRefresh) signed_in_ = SignedInAs("ann");
  }

  // Of "acme" is the account that the test is about, of "beta" the other one.
  void SetUpSwitch() {
    if (door_ == Door::kSwitchFrom) {
      Invited("token");
      ASSERT_OK(Join(SignedInAs("ann"), "token"));
      signed_in_ = SignedInAs("ann");
      return;
    }
    user_ = Made(Password("bea", kGoodPassword), BetaAdministrator());
    Made(Wish(Invitation("token", "ann")), Administrator());
    const SignedIn session = Got(TrySignIn("beta", "bea", kGoodPassword));
    AcceptWish wish = Accepting(user_, "token", "", "ann");
    wish.invitation.company = CompanyId("acme");
    ASSERT_OK(invitations_.Accept(CallerOf(session), wish));
    signed_in_ = Got(TrySignIn("beta", "bea", kGoodPassword));
  }

  MethodKey Method() const {
    if (door_ == Door::kInvitation) return {KeyType::kActivationToken, "token"};
    if (door_ == Door::kCode) return Key(KeyType::kAuthorizationCode, "ann");
    if (door_ == Door::kDirectory) return Key(KeyType::kLdap, "ann");
    if (door_ == Door::kGuest || door_ == Door::kSharedGuest) {
      return Key(KeyType::kGuestAccess, user_.value());
    }
    return Key(KeyType::kPassword, "ann");
  }

  void BecomeInactive() {
    if (status_ == AccountStatus::kDeleted && level_ == Level::kMethod) {
      UserChange change;
      change.edit = MethodEdit{.key = Method(), .remove = true};
      Change(user_, std::move(change));
    } else if (status_ == AccountStatus::kDeleted && level_ == Level::kUser) {
      EXPECT_OK(users_.Remove(Administrator(), user_));
    } else {
      if (level_ == Level::kMethod) SetStatus(user_, Method(), status_);
      if (level_ == Level::kUser) SetStatus(user_, status_);
    }
    if (level_ == Level::kCompany) store_.SwitchOff(CompanyId("acme"));
    // What the feed tells.
    revocations_.Add(*store_.ListRevocations(ACall(), 0, absl::UnixEpoch()));
  }

  absl::StatusOr<SignedIn> Enter(bool with_right_secret) {
    if (door_ == Door::kInvitation) {
      const auto token = invitations_.SignIn(
          ACall(),
          {CompanyId("acme"), "token", Secret(with_right_secret ? kInvitationCode : "wrong")});
      if (!token.ok()) return token.status();
      return SignedIn();
    }
    if (door_ == Door::kSwitchFrom || door_ == Door::kSwitchTo) {
      const bool from = door_ == Door::kSwitchFrom;
      SwitchGrant grant = SwitchOf(signed_in_, from ? "ann" : "bea", from ? "beta" : "acme");
      if (!with_right_secret) grant.refresh_token = Secret("wrong");
      return switch_.Switch(ACall(), grant);
    }
    if (door_ == Door::kPassword) {
      return sign_in_.WithPassword(
          ACall(), PasswordOf("ann", with_right_secret ? kGoodPassword : kOtherPassword));
    }
    if (door_ == Door::kCode) {
      return sign_in_.WithCode(ACall(), CodeOf("ann", with_right_secret ? kApiCode : "wrong"));
    }
    if (door_ == Door::kDirectory) {
      return DirectoryTestBase::Enter("ann", with_right_secret ? kGoodPassword : kOtherPassword);
    }
    if (door_ == Door::kRefresh) {
      RefreshGrant grant = RefreshOf(signed_in_, "ann");
      if (!with_right_secret) grant.refresh_token = Secret("wrong");
      return renewal_.WithRefreshToken(ACall(), grant);
    }
    return sign_in_.AsGuest(ACall(), GuestOf(user_, with_right_secret ? kGuestCode : "wrong"));
  }

  const Door door_ = std::get<Door>(GetParam());
  const Level level_ = std::get<Level>(GetParam());
  const AccountStatus status_ = std::get<AccountStatus>(GetParam());
  UserId user_;
  SignedIn signed_in_;
};

TEST_P(InactiveAccountTest, TheRightSecretIsToldTheStatus) {
  BecomeInactive();
  const size_t sessions = sessions_.size();
  if (door_ == Door::kSwitchFrom) {
    // The access token of the session is no longer good.
    EXPECT_THAT(Enter(/*with_right_secret=*/true), HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
  } else {
    EXPECT_EQ(StatusOf(Enter(/*with_right_secret=*/true)), AccountInactive(status_));
  }
  EXPECT_EQ(sessions_.size(), sessions);
  EXPECT_THAT(AccountInactive(status_), HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_EQ(AccountStatusOf(AccountInactive(status_)), status_);
}

TEST_P(InactiveAccountTest, AWrongSecretIsNot) {
  const absl::Status while_active = Enter(/*with_right_secret=*/false).status();
  EXPECT_THAT(while_active, HasReplyCode(::common::AUTHENTICATION_ERROR));
  BecomeInactive();
  EXPECT_EQ(StatusOf(Enter(/*with_right_secret=*/false)), while_active);
}

TEST_P(InactiveAccountTest, AnotherAccountIsNotTouched) {
  MadeUser("bob");
  BecomeInactive();
  const bool all_are_inactive = level_ == Level::kCompany;
  EXPECT_EQ(sign_in_.WithPassword(ACall(), PasswordOf("bob")).ok(), !all_are_inactive);
}

// Nothing is left that a secret could be the right one of.
class RemovedAccountTest : public InactiveAccountTest {};

TEST_P(RemovedAccountTest, NothingOpensIt) {
  BecomeInactive();
  const size_t sessions = sessions_.size();
  const absl::Status refused = StatusOf(Enter(/*with_right_secret=*/true));
  const bool has_session = door_ == Door::kRefresh || door_ == Door::kSwitchFrom;
  const bool told = has_session && refused.ok() == false &&
                    ReplyCodeOf(refused) == ::common::ACCOUNT_STATUS_ERROR;
  if (!told) EXPECT_THAT(refused, HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_EQ(sessions_.size(), sessions);
}

// A company that is gone does not come back.
class ReactivatedAccountTest : public InactiveAccountTest {};

TEST_P(ReactivatedAccountTest, OnceActiveAgainItSignsIn) {
  BecomeInactive();
  if (level_ == Level::kMethod) SetStatus(user_, Method(), AccountStatus::kActivated);
  if (level_ == Level::kUser) SetStatus(user_, AccountStatus::kActivated);
  EXPECT_OK(Enter(/*with_right_secret=*/true));
}

std::string NameOf(const ::testing::TestParamInfo<InactiveAccountTest::ParamType>& info) {
  const char* const doors[] = {"Password", "Code",       "Directory",  "Guest",   "SharedGuest",
                               "Refresh",  "Invitation", "SwitchFrom", "SwitchTo"};
  const char* const levels[] = {"Method", "User", "Company"};
  return std::string(doors[static_cast<int>(std::get<Door>(info.param))]) +
         levels[static_cast<int>(std::get<Level>(info.param))] +
         AccountStatusName(std::get<AccountStatus>(info.param));
}

const auto kDoors = ::testing::Values(Door::kPassword, Door::kCode, Door::kDirectory, Door::kGuest,
                                      Door::kSharedGuest, Door::kRefresh, Door::kInvitation,
                                      Door::kSwitchFrom, Door::kSwitchTo);

const auto kInactive =
    ::testing::Combine(kDoors, ::testing::Values(Level::kMethod, Level::kUser),
                       ::testing::Values(AccountStatus::kDeactivated, AccountStatus::kLocked,
                                         AccountStatus::kPending));

INSTANTIATE_TEST_SUITE_P(Account, InactiveAccountTest, kInactive, NameOf);
// A session that has ended stays so.
INSTANTIATE_TEST_SUITE_P(
    Account, ReactivatedAccountTest,
    ::testing::Combine(::testing::Values(Door::kPassword, Door::kCode, Door::kDirectory,
                                         Door::kGuest, Door::kSharedGuest, Door::kInvitation,
                                         Door::kSwitchTo),
                       ::testing::Values(Level::kMethod, Level::kUser),
                       ::testing::Values(AccountStatus::kDeactivated, AccountStatus::kLocked,
                                         AccountStatus::kPending)),
    NameOf);
INSTANTIATE_TEST_SUITE_P(Account, RemovedAccountTest,
                         ::testing::Combine(kDoors, ::testing::Values(Level::kMethod, Level::kUser),
                                            ::testing::Values(AccountStatus::kDeleted)),
                         NameOf);
INSTANTIATE_TEST_SUITE_P(Company, InactiveAccountTest,
                         ::testing::Combine(kDoors, ::testing::Values(Level::kCompany),
                                            ::testing::Values(AccountStatus::kDeleted)),
                         NameOf);

}  // namespace sign_in_inactive_test
}  // namespace usher::auth

// Every grant of sign_in.h against every state in which an account is not active.
#include <string>
#include <tuple>

#include "services/auth/session/sign_in.h"
#include "tests/support/sign_in_test_base.h"

namespace usher::auth {
namespace {

enum class Door { kPassword, kCode, kGuest, kSharedGuest, kRefresh };
enum class Level { kMethod, kUser, kCompany };

class InactiveAccountTest
    : public SignInTestBase,
      public ::testing::WithParamInterface<std::tuple<Door, Level, AccountStatus>> {
 protected:
  void SetUp() override {
    if (door_ == Door::kPassword || door_ == Door::kRefresh) user_ = MadeUser("ann");
    if (door_ == Door::kCode) user_ = MadeClient("ann");
    if (door_ == Door::kGuest) user_ = MadeGuest();
    if (door_ == Door::kSharedGuest) user_ = MadeGuest({.shareable = true});
    if (door_ == Door::kRefresh) signed_in_ = SignedInAs("ann");
  }

  MethodKey Method() const {
    if (door_ == Door::kCode) return Key(KeyType::kAuthorizationCode, "ann");
    if (door_ == Door::kGuest || door_ == Door::kSharedGuest) {
      return Key(KeyType::kGuestAccess, user_.value());
    }
    return Key(KeyType::kPassword, "ann");
  }

  void BecomeInactive() {
    if (level_ == Level::kMethod) SetStatus(user_, Method(), status_);
    if (level_ == Level::kUser) SetStatus(user_, status_);
    if (level_ == Level::kCompany) store_.SwitchOff(CompanyId("acme"));
  }

  absl::StatusOr<SignedIn> Enter(bool with_right_secret) {
    if (door_ == Door::kPassword) {
      return sign_in_.WithPassword(
          ACall(), PasswordOf("ann", with_right_secret ? kGoodPassword : kOtherPassword));
    }
    if (door_ == Door::kCode) {
      return sign_in_.WithCode(ACall(), CodeOf("ann", with_right_secret ? kApiCode : "wrong"));
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
  EXPECT_EQ(StatusOf(Enter(/*with_right_secret=*/true)), AccountInactive(status_));
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

// A company that is gone does not come back.
class ReactivatedAccountTest : public InactiveAccountTest {};

TEST_P(ReactivatedAccountTest, OnceActiveAgainItSignsIn) {
  BecomeInactive();
  if (level_ == Level::kMethod) SetStatus(user_, Method(), AccountStatus::kActivated);
  if (level_ == Level::kUser) SetStatus(user_, AccountStatus::kActivated);
  EXPECT_OK(Enter(/*with_right_secret=*/true));
}

std::string NameOf(const ::testing::TestParamInfo<InactiveAccountTest::ParamType>& info) {
  const char* const doors[] = {"Password", "Code", "Guest", "SharedGuest", "Refresh"};
  const char* const levels[] = {"Method", "User", "Company"};
  return std::string(doors[static_cast<int>(std::get<Door>(info.param))]) +
         levels[static_cast<int>(std::get<Level>(info.param))] +
         AccountStatusName(std::get<AccountStatus>(info.param));
}

const auto kDoors = ::testing::Values(Door::kPassword, Door::kCode, Door::kGuest,
                                      Door::kSharedGuest, Door::kRefresh);

const auto kInactive =
    ::testing::Combine(kDoors, ::testing::Values(Level::kMethod, Level::kUser),
                       ::testing::Values(AccountStatus::kDeactivated, AccountStatus::kLocked,
                                         AccountStatus::kPending));

INSTANTIATE_TEST_SUITE_P(Account, InactiveAccountTest, kInactive, NameOf);
// A session that has ended stays so.
INSTANTIATE_TEST_SUITE_P(Account, ReactivatedAccountTest,
                         ::testing::Combine(::testing::Values(Door::kPassword, Door::kCode,
                                                              Door::kGuest, Door::kSharedGuest),
                                            ::testing::Values(Level::kMethod, Level::kUser),
                                            ::testing::Values(AccountStatus::kDeactivated,
                                                              AccountStatus::kLocked,
                                                              AccountStatus::kPending)),
                         NameOf);
INSTANTIATE_TEST_SUITE_P(Company, InactiveAccountTest,
                         ::testing::Combine(kDoors, ::testing::Values(Level::kCompany),
                                            ::testing::Values(AccountStatus::kDeleted)),
                         NameOf);

}  // namespace
}  // namespace usher::auth

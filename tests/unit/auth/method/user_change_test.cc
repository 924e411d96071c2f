#include "services/auth/method/user_change.h"

#include <gmock/gmock.h>

#include "tests/unit/auth/method/user_change_test_base.h"

namespace usher::auth {
namespace user_change_test {

using UserChangeTest = UserChangeTestBase;

TEST_F(UserChangeTest, EndsWhatRestedOnWhatIsGone) {
  const struct {
    const char* what;
    LockedUser user;
    Wish wish;
    const char* ends;
  } cases[] = {
      {"nothing", With({Password()}), Edit(Password(), [](MethodEdit&) {}), ""},
      {"one of two methods off", With({Password(), Code()}), Status(Password(), kOff),
       "password: inactive"},
      {"the last active one off", With({Password(), Code(kOff)}), Status(Password(), kOff),
       "password: inactive; all: inactive"},
      {"the last active one pending", With({Password()}),
       Status(Password(), AccountStatus::kPending), "password: inactive; all: inactive"},
      {"off what is off", With({Password(kOff)}), Status(Password(), kOff), ""},
      {"the last that has not expired off", With({Password(), Expiring(Code(), -absl::Hours(1))}),
       Status(Password(), kOff), "password: inactive; all: inactive"},
      {"the last one removed", With({Password()}), Remove(Password()),
       "password: signed out; all: signed out"},
      {"the last active one removed", With({Password(), Code(kOff)}), Remove(Password()),
       "password: signed out; all: inactive"},
      {"one of two removed", With({Password(), Code()}), Remove(Password()),
       "password: signed out"},
      {"a guest access off", With({Guest()}), Status(Guest(), kOff),
       "guest_access: inactive; all: inactive"},
      {"the first method, which is off", With({}),
       [](UserChange& change) {
         Secret(Password())(change);
         change.edit->status = AccountStatus::kPending;
       },
       "all: inactive"},
      {"a new secret", With({Password(), Code()}), Secret(Password()),
       "password: signed out; authorization_code: signed out"},
      {"a further method", With({Password()}), Secret(Code()), ""},
      {"rights taken", With({Password(kOn, kLists), Code()}), Take(Password(), kLists),
       "password goes on: rights taken; all: rights taken"},
      {"rights taken that were not there", With({Password()}), Take(Password(), kLists), ""},
      {"removeAll", With({Password(), Code()}), RemoveAll,
       "password: signed out; authorization_code: signed out; all: signed out"},
      {"the user off", With({Password(), Code()}), UserStatus(kOff),
       "password: inactive; authorization_code: inactive; all: inactive"},
      {"the user off again", As(kOff, With({Password()})), UserStatus(kOff), ""},
      {"the user on", As(kOff, With({Password()})), UserStatus(kOn), ""},
  };
  for (const auto& c : cases) EXPECT_EQ(InWords(Judged(c.user, c.wish)), c.ends) << c.what;
}

TEST_F(UserChangeTest, OfManySessionsTheUserIsToldThatSomeGoOnWhereSomeDo) {
  const auto one = Judged(With({Password(), Code()}), Status(Password(), kOff));
  EXPECT_EQ(one->sessions[0].if_many, RevocationReason::kRightsTaken);
  const auto all = Judged(With({Password()}), Status(Password(), kOff));
  EXPECT_EQ(all->sessions[0].if_many, RevocationReason::kAccountInactive);
}

TEST_F(UserChangeTest, RemovingAllComesFirst) {
  const auto write = Judged(With({Password(kOn, kLists), Code()}), [](UserChange& change) {
    Secret(Password())(change);
    change.remove_all = true;
  });
  ASSERT_OK(write);
  EXPECT_THAT(write->removed, ::testing::ElementsAre(Password().key(), Code().key()));
  ASSERT_TRUE(write->inserted.has_value());
  EXPECT_EQ(write->inserted->sealed_secret, "new");
  EXPECT_EQ(write->inserted->permissions, PermissionSet{});
  EXPECT_FALSE(write->overwritten.has_value());
}

TEST_F(UserChangeTest, ARemovedUserIsGoneForGoodAndOnce) {
  const LockedUser user = With({Password()});
  const auto write = Judge(user, UserRemoval{kAcme, kAnn, {}});
  EXPECT_EQ(InWords(write), "password: inactive; for good: inactive");
  EXPECT_EQ(write->status, AccountStatus::kDeleted);
  EXPECT_THAT(write->removed, ::testing::ElementsAre(Password().key()));
  const LockedUser gone = As(AccountStatus::kDeleted, With({}));
  EXPECT_EQ(Judge(gone, UserRemoval{kAcme, kAnn, {}})->detail, "");
  EXPECT_THAT(Judged(gone, UserStatus(kOn)), HasReplyCode(::common::NOT_FOUND));
}

}  // namespace user_change_test
}  // namespace usher::auth

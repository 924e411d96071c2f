// Which changes of a user are refused, whoever asks for them.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/unit/auth/method/user_change_test_base.h"

namespace usher::auth {
namespace user_change_refused_test {

using UserChangeRefusedTest = UserChangeTestBase;

TEST_F(UserChangeRefusedTest, KeepsTheLastAdministrator) {
  const Method admin = Password(kOn, kGrants);
  const Wish wishes[] = {Take(admin, kGrants),
                         Edit(admin, [](MethodEdit& edit) { edit.permissions.strip_all = true; }),
                         Status(admin, kOff),
                         Remove(admin),
                         RemoveAll,
                         UserStatus(kOff)};
  for (const Wish& wish : wishes) {
    UserChange change;
    wish(change);
    EXPECT_TRUE(CouldUnmakeAdministrator(change));
    EXPECT_THAT(Judged(Alone(With({admin})), wish), HasReplyCode(::common::ACTION_INVALID));
    EXPECT_OK(Judged(With({admin}), wish));
    // Another method that does not count does not help, one that does is enough.
    for (const Method& other : {Guest(kGrants), Code(kOff, kGrants), Code(kOn, kLists),
                                Expiring(Code(kOn, kGrants), absl::Hours(1))}) {
      EXPECT_THAT(Judged(Alone(With({admin, other})), wish),
                  HasReplyCode(::common::ACTION_INVALID));
    }
  }
  EXPECT_OK(Judged(Alone(With({admin, Code(kOn, kGrants)})), Remove(admin)));
  // Who was none is not missed.
  EXPECT_OK(Judged(Alone(With({Guest(kGrants)})), RemoveAll));
  EXPECT_OK(Judged(Alone(As(kOff, With({admin}))), RemoveAll));
  EXPECT_THAT(Judge(Alone(With({admin})), UserRemoval{kAcme, kAnn, kGrants}),
              HasReplyCode(::common::ACTION_INVALID));
}

TEST_F(UserChangeRefusedTest, OnlyWhoeverHoldsTheKeyGetsRoundALock) {
  const LockedUser by_method = With({Password(kLocked), Code(kOff)});
  const LockedUser by_user = As(kLocked, With({Password()}));
  const struct {
    const char* what;
    LockedUser user;
    Wish wish;
    bool open_to_all;
  } cases[] = {
      {"unlocking the method", by_method, Status(Password(), kOn), false},
      {"switching it off", by_method, Status(Password(), kOff), false},
      {"removing it", by_method, Remove(Password()), false},
      {"removing all", by_method, RemoveAll, false},
      {"another way in", by_method, Secret(Of(KeyType::kPassword, "second", kOn)), false},
      {"a way in that was off", by_method, Status(Code(), kOn), false},
      {"removing what was off", by_method, Remove(Code()), true},
      {"a new secret of what is locked", by_method, Secret(Password()), true},
      {"unlocking the user", by_user, UserStatus(kOn), false},
      {"removing all of a locked user", by_user, RemoveAll, false},
      {"another way in of a locked user", by_user, Secret(Code()), false},
      {"a new secret of a locked user", by_user, Secret(Password()), true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Judged(c.user, c.wish).ok(), c.open_to_all) << c.what;
    EXPECT_OK(Judged(c.user, c.wish, /*may_lift_lock=*/true)) << c.what;
  }
  for (const LockedUser& user : {by_method, by_user}) {
    UserRemoval removal{kAcme, kAnn, HeldBy(user)};
    EXPECT_THAT(Judge(user, removal), HasReplyCode(::common::ACTION_INVALID));
    removal.may_lift_lock = true;
    EXPECT_OK(Judge(user, removal));
  }
}

TEST_F(UserChangeRefusedTest, ASecretThatWasShownMustStillBeTheOneThatIsKept) {
  const auto shows = [](const std::string& sealed) {
    return Edit(Password(), [=](MethodEdit& edit) {
      edit.sealed_secret = "new";
      edit.shown = ShownSecret{Code().key(), sealed};
    });
  };
  const LockedUser user = With({Password(), Code()});
  EXPECT_OK(Judged(user, shows("sealed key")));
  const auto wrong = HasReplyCode(::common::AUTHENTICATION_ERROR);
  EXPECT_THAT(Judged(user, shows("sealed before")), wrong);
  EXPECT_THAT(Judged(With({Password()}), shows("sealed key")), wrong);
}

TEST_F(UserChangeRefusedTest, ANameOfSomebodyElseIsOutOfReach) {
  LockedUser user = With({Password()});
  user.name_is_taken = true;
  EXPECT_THAT(Judged(user, Secret(Code())), HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(Judged(user, Remove(Code())), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(Judged(user, Status(Code(), kOff)), HasReplyCode(::common::NOT_FOUND));
}

TEST_F(UserChangeRefusedTest, AUserHasSoManyMethodsAndNoMore) {
  LockedUser user = With({Password()});
  for (size_t i = 2; i < kMostMethods; ++i) {
    user.methods.push_back(
        Of(KeyType::kAuthorizationCode, absl::StrCat("key", i), i % 2 == 0 ? kOn : kOff));
  }
  EXPECT_OK(Judged(user, Secret(Code())));
  user.methods.push_back(Of(KeyType::kAuthorizationCode, "the fiftieth", kOff));
  EXPECT_THAT(Judged(user, Secret(Code())), HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_THAT(Judged(user, Secret(Code()), /*may_lift_lock=*/true),
              HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_OK(Judged(user, Secret(Password()))) << "what is there is changed";
  EXPECT_OK(Judged(user, Remove(Password())));
  EXPECT_OK(Judged(user, [](UserChange& change) {
    Secret(Code())(change);
    change.remove_all = true;
  }));
}

TEST_F(UserChangeRefusedTest, WhoCameToHoldSomethingElseIsNotTouched) {
  const LockedUser user = With({Password(kOn, kLists)});
  UserChange change = ChangeOf(user);
  change.held = {};
  change.user_status = kOff;
  EXPECT_THAT(Judge(user, change), IsUndecided(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(Judge(user, UserRemoval{kAcme, kAnn, {}}),
              IsUndecided(absl::StatusCode::kResourceExhausted));
}

TEST_F(UserChangeRefusedTest, MetadataThatWouldGrowTooLargeChangesNothing) {
  EXPECT_THAT(Judged(With({Password()}), Edit(Password(),
                                              [](MethodEdit& edit) {
                                                for (int i = 0; i < 101; ++i) {
                                                  edit.metadata[absl::StrCat("k", i)] = "v";
                                                }
                                              })),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

}  // namespace user_change_refused_test
}  // namespace usher::auth

#include "services/auth/method/user_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace user_change_test {

using token::RevocationReason;

const absl::Time kNow = absl::FromUnixSeconds(1893456000);
const CompanyId kAcme("acme");
const UserId kAnn("01900000-0000-7000-8000-000000000001");

Method Of(KeyType key_type, const std::string& principal, AccountStatus status,
          PermissionSet permissions = {}) {
  Method method;
  method.company = kAcme;
  method.key_type = key_type;
  method.principal = method.principal_key = principal;
  method.user = kAnn;
  method.sealed_secret = "sealed " + principal;
  method.permissions = permissions;
  method.status = status;
  return method;
}
Method Password(AccountStatus status = AccountStatus::kActivated, PermissionSet permissions = {}) {
  return Of(KeyType::kPassword, "ann", status, permissions);
}
Method Code(AccountStatus status = AccountStatus::kActivated, PermissionSet permissions = {}) {
  return Of(KeyType::kAuthorizationCode, "key", status, permissions);
}
Method Guest(PermissionSet permissions = {}) {
  return Of(KeyType::kGuestAccess, kAnn.value(), AccountStatus::kActivated, permissions);
}
Method Expiring(Method method, absl::Duration in) {
  method.expires_at = kNow + in;
  return method;
}

LockedUser With(std::vector<Method> methods) {
  LockedUser user;
  user.methods = std::move(methods);
  user.now = kNow;
  return user;
}
LockedUser As(AccountStatus status, LockedUser user) {
  user.status = status;
  return user;
}
LockedUser Alone(LockedUser user) {
  user.other_administrator = false;
  return user;
}

PermissionSet HeldBy(const LockedUser& user) {
  PermissionSet held;
  for (const Method& method : user.methods) held = held.Or(method.permissions);
  return held;
}
UserChange ChangeOf(const LockedUser& user) {
  UserChange change;
  change.company = kAcme;
  change.user = kAnn;
  change.held = HeldBy(user);
  return change;
}
using Wish = std::function<void(UserChange&)>;
Wish Edit(const Method& method, const std::function<void(MethodEdit&)>& edit) {
  return [=](UserChange& change) {
    change.edit.emplace();
    change.edit->key = method.key();
    change.edit->principal = method.principal;
    edit(*change.edit);
  };
}
Wish Status(const Method& method, AccountStatus status) {
  return Edit(method, [=](MethodEdit& edit) { edit.status = status; });
}
Wish Secret(const Method& method) {
  return Edit(method, [](MethodEdit& edit) {
    edit.sealed_secret = "new";
    edit.may_insert = true;
  });
}
Wish Take(const Method& method, PermissionSet permissions) {
  return Edit(method, [=](MethodEdit& edit) { edit.permissions.take = permissions; });
}
Wish Remove(const Method& method) {
  return Edit(method, [](MethodEdit& edit) { edit.remove = true; });
}
void RemoveAll(UserChange& change) { change.remove_all = true; }
Wish UserStatus(AccountStatus status) {
  return [=](UserChange& change) { change.user_status = status; };
}

absl::StatusOr<UserWrite> Judged(const LockedUser& user, const Wish& wish,
                                 bool may_lift_lock = false) {
  UserChange change = ChangeOf(user);
  change.may_lift_lock = may_lift_lock;
  wish(change);
  return Judge(user, change);
}

std::string InWords(RevocationReason reason) {
  if (reason == RevocationReason::kSignedOut) return "signed out";
  return reason == RevocationReason::kAccountInactive ? "inactive" : "rights taken";
}
// What is ended, as "password: signed out; all: inactive".
std::string InWords(const absl::StatusOr<UserWrite>& write) {
  if (!write.ok()) return write.status().ToString();
  std::vector<std::string> words;
  for (const SessionsWrite& sessions : write->sessions) {
    words.push_back(absl::StrCat(KeyTypeName(sessions.method.key_type),
                                 sessions.over ? ": " : " goes on: ", InWords(sessions.reason)));
  }
  if (write->tokens.has_value()) {
    words.push_back(absl::StrCat(write->tokens->final ? "for good: " : "all: ",
                                 InWords(write->tokens->reason)));
  }
  return absl::StrJoin(words, "; ");
}

constexpr AccountStatus kOn = AccountStatus::kActivated;
constexpr AccountStatus kOff = AccountStatus::kDeactivated;
constexpr AccountStatus kLocked = AccountStatus::kLocked;
constexpr PermissionSet kGrants{Permission::kGrantPermissions};
constexpr PermissionSet kLists{Permission::kUserList};

TEST(UserChange, EndsWhatRestedOnWhatIsGone) {
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

TEST(UserChange, OfManySessionsTheUserIsToldThatSomeGoOnWhereSomeDo) {
  const auto one = Judged(With({Password(), Code()}), Status(Password(), kOff));
  EXPECT_EQ(one->sessions[0].if_many, RevocationReason::kRightsTaken);
  const auto all = Judged(With({Password()}), Status(Password(), kOff));
  EXPECT_EQ(all->sessions[0].if_many, RevocationReason::kAccountInactive);
}

TEST(UserChange, KeepsTheLastAdministrator) {
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

TEST(UserChange, OnlyWhoeverHoldsTheKeyGetsRoundALock) {
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

TEST(UserChange, ASecretThatWasShownMustStillBeTheOneThatIsKept) {
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

TEST(UserChange, ANameOfSomebodyElseIsOutOfReach) {
  LockedUser user = With({Password()});
  user.name_is_taken = true;
  EXPECT_THAT(Judged(user, Secret(Code())), HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(Judged(user, Remove(Code())), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(Judged(user, Status(Code(), kOff)), HasReplyCode(::common::NOT_FOUND));
}

TEST(UserChange, AUserHasSoManyMethodsAndNoMore) {
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

TEST(UserChange, RemovingAllComesFirst) {
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

TEST(UserChange, ARemovedUserIsGoneForGoodAndOnce) {
  const LockedUser user = With({Password()});
  const auto write = Judge(user, UserRemoval{kAcme, kAnn, {}});
  EXPECT_EQ(InWords(write), "password: inactive; for good: inactive");
  EXPECT_EQ(write->status, AccountStatus::kDeleted);
  EXPECT_THAT(write->removed, ::testing::ElementsAre(Password().key()));
  const LockedUser gone = As(AccountStatus::kDeleted, With({}));
  EXPECT_EQ(Judge(gone, UserRemoval{kAcme, kAnn, {}})->detail, "");
  EXPECT_THAT(Judged(gone, UserStatus(kOn)), HasReplyCode(::common::NOT_FOUND));
}

TEST(UserChange, WhoCameToHoldSomethingElseIsNotTouched) {
  const LockedUser user = With({Password(kOn, kLists)});
  UserChange change = ChangeOf(user);
  change.held = {};
  change.user_status = kOff;
  EXPECT_THAT(Judge(user, change), IsUndecided(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(Judge(user, UserRemoval{kAcme, kAnn, {}}),
              IsUndecided(absl::StatusCode::kResourceExhausted));
}

TEST(UserChange, MetadataThatWouldGrowTooLargeChangesNothing) {
  EXPECT_THAT(Judged(With({Password()}), Edit(Password(),
                                              [](MethodEdit& edit) {
                                                for (int i = 0; i < 101; ++i) {
                                                  edit.metadata[absl::StrCat("k", i)] = "v";
                                                }
                                              })),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

}  // namespace user_change_test
}  // namespace usher::auth

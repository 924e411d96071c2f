// Updates in which auth has a part: methods that change along, and profiles that begin.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/user/user_errors.h"
#include "services/user/users.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_auth_directory.h"
#include "tests/support/fake_user_store.h"
#include "tests/support/fake_user_traces.h"
#include "tests/support/status_matchers.h"

namespace usher::user {
namespace users_credentials_test {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::IsEmpty;

class UsersCredentialsTest : public ::testing::Test {
 protected:
  UsersCredentialsTest() {
    const auto made = users_.Create(ACaller().With(Permission::kUserCreate), {.email = "ann@x.org"},
                                    std::nullopt);
    EXPECT_OK(made);
    ann_ = made.value_or(UserId());
    nameless_ = UserId(NewUuid());
    auth_.Add(KeyOf(nameless_));
    asked_before_ = auth_.trouble().asked().size();
  }
  static ACaller Administrator() { return ACaller().With(Permission::kUserAdmin); }
  static ACaller Self(const UserId& user) { return ACaller().As(user); }
  static UserKey KeyOf(const UserId& user) { return {CompanyId("acme"), user}; }
  static UserChange Title() { return {.profile = {"", "", "Dr."}}; }

  std::optional<User> Find(const UserId& user) {
    const auto found = store_.Find(ACall(), KeyOf(user));
    EXPECT_OK(found);
    return found.value_or(std::nullopt);
  }
  // Since the test began.
  std::vector<Deed> Asked() {
    std::vector<Deed> asked = auth_.trouble().asked();
    asked.erase(asked.begin(), asked.begin() + static_cast<std::ptrdiff_t>(asked_before_));
    return asked;
  }
  void ExpectNothingChanged() {
    EXPECT_EQ(*Find(ann_), (User{.id = ann_, .email = "ann@x.org"}));
    EXPECT_THAT(auth_.UsernamesOf(KeyOf(ann_)), IsEmpty());
  }

  FakeUserStore store_;
  FakeAuthDirectory auth_;
  FakeUserTraces traces_;
  UserSagas sagas_{store_, auth_, traces_, absl::Seconds(18)};
  Users users_{store_, sagas_, auth_};
  OpaqueCredentials password_ = CredentialsOf("ann");
  UserId ann_;
  UserId nameless_;  // has methods only
  size_t asked_before_ = 0;
};

TEST_F(UsersCredentialsTest, CredentialsAloneAreAuthsAffair) {
  EXPECT_OK(users_.Update(Self(ann_), ann_, {}, password_));
  EXPECT_THAT(auth_.UsernamesOf(KeyOf(ann_)), ElementsAre("ann"));
  EXPECT_OK(users_.Update(Administrator(), nameless_, {}, password_));
  EXPECT_FALSE(Find(nameless_).has_value());
  EXPECT_THAT(Asked(), ElementsAre(Deed::kUpdateMethods, Deed::kUpdateMethods));
  EXPECT_THAT(users_.Update(ACaller(), ann_, {}, password_),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(UsersCredentialsTest, ProfileAndCredentialsChangeTogether) {
  EXPECT_OK(users_.Update(Self(ann_), ann_, Title(), password_));
  EXPECT_EQ(Find(ann_)->profile.title, "Dr.");
  EXPECT_THAT(auth_.UsernamesOf(KeyOf(ann_)), ElementsAre("ann"));
}

TEST_F(UsersCredentialsTest, RefusedCredentialsLeaveTheUserAsItWas) {
  auth_.trouble().FailBefore(Deed::kUpdateMethods, ActionInvalid("the password is too common"));
  EXPECT_THAT(users_.Update(Administrator(), ann_, {.email = "new@x.org"}, password_),
              HasReplyCode(::common::ACTION_INVALID));
  ExpectNothingChanged();
  auth_.trouble().FailBefore(Deed::kUpdateMethods, Unreachable("the auth service"));
  EXPECT_THAT(users_.Update(Self(ann_), ann_, Title(), password_),
              IsUndecided(absl::StatusCode::kUnavailable));
  ExpectNothingChanged();
}

TEST_F(UsersCredentialsTest, WhatRefusesTheChangeComesBeforeTheCredentials) {
  EXPECT_OK(
      users_.Create(ACaller().With(Permission::kUserCreate), {.email = "bob@x.org"}, std::nullopt));
  EXPECT_THAT(users_.Update(Administrator(), ann_, {.email = "bob@x.org"}, password_),
              HasReplyCode(::common::ACTION_INVALID));
  UserChange large;
  for (int i = 0; i <= 100; ++i) large.metadata[absl::StrCat(i)] = "x";
  EXPECT_THAT(users_.Update(Administrator(), ann_, large, password_),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(users_.Update(Self(ann_), ann_, {.email = "new@x.org"}, password_),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  ExpectNothingChanged();
}

TEST_F(UsersCredentialsTest, AStrongerUsersAddressIsLookedAtBeforeTheCredentials) {
  auth_.Add(KeyOf(ann_), {.held = {Permission::kRoomAdmin}});
  EXPECT_THAT(users_.Update(Administrator(), ann_, {.email = "new@x.org"}, password_),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  ExpectNothingChanged();
}

TEST_F(UsersCredentialsTest, AChangeThatBecomesImpossibleMeanwhileIsNoErrorReply) {
  auth_.trouble().OnTheWayBackFrom(Deed::kUpdateMethods, [&] {
    EXPECT_OK(users_.Create(ACaller().With(Permission::kUserCreate), {.email = "new@x.org"},
                            std::nullopt));
  });
  // An error reply would say that nothing was changed.
  EXPECT_THAT(users_.Update(Administrator(), ann_, {.email = "new@x.org"}, password_),
              AllOf(IsUndecided(absl::StatusCode::kDeadlineExceeded), Eq(ChangedMeanwhile())));
  EXPECT_THAT(auth_.UsernamesOf(KeyOf(ann_)), ElementsAre("ann"));
}

TEST_F(UsersCredentialsTest, AUserWhoIsRemovedMeanwhileIsNoErrorReply) {
  auth_.trouble().OnTheWayBackFrom(Deed::kUpdateMethods,
                                   [&] { EXPECT_OK(users_.Destroy(Administrator(), ann_)); });
  EXPECT_THAT(users_.Update(Self(ann_), ann_, Title(), password_),
              AllOf(IsUndecided(absl::StatusCode::kDeadlineExceeded), Eq(ChangedMeanwhile())));
}

// Told as "nothing was changed" before.
TEST_F(UsersCredentialsTest, WhenTheDatabaseIsAwayAfterTheCredentialsTheUpdateIsInDoubt) {
  auth_.trouble().OnTheWayBackFrom(Deed::kUpdateMethods,
                                   [&] { store_.FailAfter(0, Unreachable("the database")); });
  EXPECT_THAT(users_.Update(Self(ann_), ann_, Title(), password_),
              AllOf(IsUndecided(absl::StatusCode::kDeadlineExceeded), Eq(UpdateInDoubt())));
  EXPECT_THAT(auth_.UsernamesOf(KeyOf(ann_)), ElementsAre("ann"));
}

TEST_F(UsersCredentialsTest, CredentialsThatWereNotHeardOfAreInDoubt) {
  auth_.trouble().FailAfter(Deed::kUpdateMethods, InDoubt("the auth service"));
  for (const UserChange& change : {UserChange(), Title()}) {
    EXPECT_THAT(users_.Update(Self(ann_), ann_, change, password_),
                IsUndecided(absl::StatusCode::kDeadlineExceeded));
  }
}

TEST_F(UsersCredentialsTest, AUserWhoIsRemovedMeanwhileIsNotFound) {
  auth_.trouble().OnTheWayBackFrom(Deed::kGet,
                                   [&] { EXPECT_OK(users_.Destroy(Administrator(), ann_)); });
  EXPECT_THAT(users_.Update(Administrator(), ann_, {.email = "new@x.org"}, std::nullopt),
              HasReplyCode(::common::NOT_FOUND));
}

TEST_F(UsersCredentialsTest, AnUpdateMakesTheProfileOfWhoOnlyHasMethods) {
  EXPECT_OK(users_.Update(Self(nameless_), nameless_, Title(), std::nullopt));
  EXPECT_EQ(*Find(nameless_), (User{.id = nameless_, .profile = {"", "", "Dr."}}));
  EXPECT_EQ(store_.CountSagas(), 0u);
}

TEST_F(UsersCredentialsTest, AnUpdateMakesAProfileAndChangesMethods) {
  EXPECT_OK(users_.Update(Administrator(), nameless_,
                          {.email = "new@x.org", .metadata = {{"k", "v"}}}, password_));
  EXPECT_EQ(*Find(nameless_),
            (User{.id = nameless_, .email = "new@x.org", .metadata = {{"k", "v"}}}));
  EXPECT_THAT(auth_.UsernamesOf(KeyOf(nameless_)), ElementsAre("ann"));
}

TEST_F(UsersCredentialsTest, RefusedCredentialsLeaveNoProfileBehind) {
  auth_.trouble().FailBefore(Deed::kUpdateMethods, ActionInvalid("the password is too common"));
  EXPECT_THAT(users_.Update(Administrator(), nameless_, {.email = "new@x.org"}, password_),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_EQ(store_.CountUsers(), 1u);
  EXPECT_EQ(store_.CountSagas(), 0u);
  EXPECT_OK(store_.RequireEmailFree(ACall(), KeyOf(ann_), "new@x.org"));
}

TEST_F(UsersCredentialsTest, ATakenAddressMakesNoProfileAndChangesNoMethods) {
  EXPECT_THAT(users_.Update(Administrator(), nameless_, {.email = "ann@x.org"}, password_),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_FALSE(Find(nameless_).has_value());
  EXPECT_THAT(auth_.UsernamesOf(KeyOf(nameless_)), IsEmpty());
}

TEST_F(UsersCredentialsTest, GuestsGetNoProfile) {
  auth_.Add(KeyOf(nameless_), {.guest = true});
  EXPECT_THAT(users_.Update(Administrator(), nameless_, Title(), std::nullopt),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_EQ(store_.CountUsers(), 1u);
}

TEST_F(UsersCredentialsTest, AStrongerUserGetsAProfileButNoAddress) {
  auth_.Add(KeyOf(nameless_), {.held = {Permission::kRoomAdmin}});
  EXPECT_THAT(users_.Update(Administrator(), nameless_, {.email = "mine@x.org"}, std::nullopt),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_FALSE(Find(nameless_).has_value());
  EXPECT_OK(users_.Update(Administrator(), nameless_, Title(), std::nullopt));
  EXPECT_OK(users_.Update(Administrator().As(nameless_), nameless_, {.email = "own@x.org"},
                          std::nullopt));
}

TEST_F(UsersCredentialsTest, AProfileIsNotMadeWhileTheUserIsBeingRemoved) {
  EXPECT_OK(store_.BeginRemoval(ACall(), KeyOf(ann_), absl::Hours(1)));
  EXPECT_THAT(users_.Update(Administrator(), ann_, Title(), password_),
              IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_THAT(auth_.UsernamesOf(KeyOf(ann_)), IsEmpty());
}

}  // namespace users_credentials_test
}  // namespace usher::user

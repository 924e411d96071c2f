// What the tests of creations and removals stand on: a store and an auth that can be made to fail.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "absl/time/clock.h"
#include "services/user/user_sagas.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_auth_directory.h"
#include "tests/support/fake_user_store.h"
#include "tests/support/fake_user_traces.h"
#include "tests/support/status_matchers.h"

namespace usher::user {

class UserSagasTestBase : public ::testing::Test {
 protected:
  UserSagasTestBase() {
    ann_.email = "ann@x.org";
    ann_.profile.firstname = "Ann";
  }

  static UserKey KeyOf(const UserId& user) { return {CompanyId("acme"), user}; }
  // Nothing was asked of auth.
  static absl::Status AuthIsAway() { return Unreachable("the auth service"); }
  // Auth was asked, and may have done it.
  static absl::Status NoAnswer() { return InDoubt("the auth service"); }
  static absl::Status DatabaseIsAway() { return Unreachable("the database"); }

  bool IsSeen(const UserId& user) {
    const auto found = store_.Find(ACall(), KeyOf(user));
    EXPECT_OK(found);
    return found.value_or(std::nullopt).has_value();
  }
  absl::Status EmailIsFree() {
    return store_.RequireEmailFree(ACall(), KeyOf(UserId(NewUuid())), ann_.email);
  }
  // A user who was made without trouble.
  UserId Made() {
    const auto made = sagas_.Create(ACall(), ann_, password_);
    EXPECT_OK(made);
    return made.value_or(UserId());
  }

  // What a client is told who must not believe that nothing was changed.
  static auto IsInDoubt() { return IsUndecided(absl::StatusCode::kDeadlineExceeded); }

  absl::StatusOr<bool> SettleOne() {
    return sagas_.SettleOne(ACaller().Until(absl::Now() + absl::Seconds(5)).BuildCall());
  }
  // As if the lease were over: settles all that was left behind.
  void Sweep() {
    store_.EndLeases();
    while (true) {
      const absl::StatusOr<bool> settled = SettleOne();
      ASSERT_OK(settled);
      if (!*settled) return;
    }
  }
  void ExpectNothingLeft() {
    EXPECT_EQ(store_.CountUsers(), 0u);
    EXPECT_EQ(store_.CountSagas(), 0u);
    EXPECT_OK(EmailIsFree());
  }
  // Left behind: seen by nobody, and neither there nor gone.
  void ExpectInMotion() {
    EXPECT_EQ(store_.CountUsers(), 1u);
    EXPECT_EQ(store_.CountSagas(), 1u);
    EXPECT_THAT(EmailIsFree(), IsUndecided(absl::StatusCode::kUnavailable));
    EXPECT_THAT(store_.ListIds(ACall(), CompanyId("acme")), IsOkAndHolds(::testing::IsEmpty()));
  }
  // Seen by everybody, and nothing under way.
  void ExpectOneUser() {
    EXPECT_EQ(store_.CountUsers(), 1u);
    EXPECT_EQ(store_.CountSagas(), 0u);
    const auto ids = store_.ListIds(ACall(), CompanyId("acme"));
    ASSERT_OK(ids);
    ASSERT_EQ(ids->size(), 1u);
    EXPECT_TRUE(auth_.Knows(KeyOf((*ids)[0])));
  }

  FakeUserStore store_;
  FakeAuthDirectory auth_;
  static constexpr absl::Duration kLease = absl::Seconds(18);

  FakeUserTraces traces_;
  UserSagas sagas_{store_, auth_, traces_, kLease};
  User ann_;
  OpaqueCredentials password_ = CredentialsOf("ann");
};

}  // namespace usher::user

#include "services/user/saga_sweeper.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_auth_directory.h"
#include "tests/support/fake_user_store.h"
#include "tests/support/status_matchers.h"

namespace usher::user {
namespace {

class SagaSweeperTest : public ::testing::Test {
 protected:
  // A creation whose lease is over, and which auth knows nothing of.
  void Leave() {
    EXPECT_OK(store_.BeginCreation(ACall(), {CompanyId("acme"), UserId(NewUuid())}, User(),
                                   absl::ZeroDuration()));
  }

  FakeUserStore store_;
  FakeAuthDirectory auth_;
  UserSagas sagas_{store_, auth_};
};

TEST_F(SagaSweeperTest, SettlesAllThatWasLeftBehindBeforeItEnds) {
  for (int i = 0; i < 3; ++i) Leave();
  absl::Notification last;
  // The third settling is the last one: each arranges for the next.
  auth_.OnTheWayBackFrom(Deed::kSettle, [&] {
    auth_.OnTheWayBackFrom(Deed::kSettle,
                           [&] { auth_.OnTheWayBackFrom(Deed::kSettle, [&] { last.Notify(); }); });
  });
  {
    SagaSweeper sweeper(sagas_);
    sweeper.Start();
    EXPECT_TRUE(last.WaitForNotificationWithTimeout(absl::Seconds(30)));
  }
  EXPECT_EQ(store_.CountSagas(), 0u);
  EXPECT_EQ(store_.CountUsers(), 0u);
}

TEST_F(SagaSweeperTest, AnOutageDoesNotEndIt) {
  Leave();
  auth_.FailBefore(Deed::kSettle, Unreachable("the auth service"));
  absl::Notification settled;
  auth_.OnTheWayBackFrom(Deed::kSettle, [&] {
    auth_.Heal();
    auth_.OnTheWayBackFrom(Deed::kSettle, [&] { settled.Notify(); });
    store_.EndLeases();
  });
  {
    SagaSweeper sweeper(sagas_);
    sweeper.Start();
    EXPECT_TRUE(settled.WaitForNotificationWithTimeout(absl::Seconds(30)));
  }
  EXPECT_EQ(store_.CountSagas(), 0u);
}

TEST_F(SagaSweeperTest, OneThatWasNeverStartedEndsToo) { SagaSweeper sweeper(sagas_); }

}  // namespace
}  // namespace usher::user

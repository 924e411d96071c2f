#include "services/auth/session/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace usher::auth {
namespace {

constexpr absl::Duration kGrace = absl::Seconds(30);

class SessionTest : public ::testing::Test {
 protected:
  // A session whose token "second" has taken the place of "first-".
  Session ASession() const {
    Session session;
    session.current_hash = "second";
    session.previous_hash = "first-";
    session.rotated_at = clock_.Now();
    session.expires_at = clock_.Now() + absl::Hours(1);
    return session;
  }
  RefreshVerdict Judge(const std::string& hash, absl::Duration later) const {
    return JudgeRefresh(ASession(), hash, clock_.Now() + later);
  }

  FakeClock clock_;
};

TEST_F(SessionTest, AGuestIsCalledAsGivenElseAsStoredElseByEmailElseUnnamed) {
  Method access;
  EXPECT_EQ(GuestName("", access), "Unnamed guest");
  EXPECT_EQ(GuestName("Given", access), "Given");
  access.email = "guest@example.org";
  EXPECT_EQ(GuestName("", access), "guest@example.org");
  access.display_name = "Stored";
  EXPECT_EQ(GuestName("", access), "Stored");
  EXPECT_EQ(GuestName("Given", access), "Given");
}

TEST_F(SessionTest, TheCurrentTokenIsGoodAtAnyTime) {
  EXPECT_EQ(Judge("second", absl::ZeroDuration()), RefreshVerdict::kCurrent);
  EXPECT_EQ(Judge("second", absl::Hours(24)), RefreshVerdict::kCurrent);
}

TEST_F(SessionTest, TheTokenBeforeIsALostReplyForThirtySecondsAndThenACopy) {
  EXPECT_EQ(Judge("first-", absl::ZeroDuration()), RefreshVerdict::kLostReply);
  EXPECT_EQ(Judge("first-", kGrace), RefreshVerdict::kLostReply);
  EXPECT_EQ(Judge("first-", kGrace + absl::Microseconds(1)), RefreshVerdict::kReused);
}

// Two processes whose clocks differ.
TEST_F(SessionTest, TheTokenBeforeIsALostReplyAlsoForAClockThatIsBehind) {
  EXPECT_EQ(Judge("first-", -absl::Seconds(1)), RefreshVerdict::kLostReply);
}

TEST_F(SessionTest, EveryOtherTokenIsACopy) {
  for (const char* hash : {"third-", "seconD", "secon", "second2", "first", ""}) {
    EXPECT_EQ(Judge(hash, absl::ZeroDuration()), RefreshVerdict::kReused) << hash;
  }
}

TEST_F(SessionTest, ANewSessionHasNoTokenBefore) {
  Session session = ASession();
  session.previous_hash.clear();
  EXPECT_EQ(JudgeRefresh(session, "first-", clock_.Now()), RefreshVerdict::kReused);
  EXPECT_EQ(JudgeRefresh(session, "second", clock_.Now()), RefreshVerdict::kCurrent);
}

TEST_F(SessionTest, UsingTheCurrentTokenMakesItTheOneBefore) {
  const absl::Time later = clock_.Now() + absl::Minutes(5);
  const Session rotated = Rotated(ASession(), RefreshVerdict::kCurrent, "third-", later);
  EXPECT_EQ(rotated.current_hash, "third-");
  EXPECT_EQ(rotated.previous_hash, "second");
  EXPECT_EQ(rotated.rotated_at, later);
  EXPECT_EQ(rotated.expires_at, ASession().expires_at);
  EXPECT_EQ(JudgeRefresh(rotated, "first-", later), RefreshVerdict::kReused);
  EXPECT_EQ(JudgeRefresh(rotated, "second", later), RefreshVerdict::kLostReply);
}

TEST_F(SessionTest, ALostReplyReplacesTheSuccessorAndItsThirtySecondsGoOn) {
  const absl::Time later = clock_.Now() + absl::Seconds(20);
  const Session rotated = Rotated(ASession(), RefreshVerdict::kLostReply, "third-", later);
  EXPECT_EQ(rotated.current_hash, "third-");
  EXPECT_EQ(rotated.previous_hash, "first-");
  EXPECT_EQ(rotated.rotated_at, ASession().rotated_at);
  EXPECT_EQ(JudgeRefresh(rotated, "first-", later), RefreshVerdict::kLostReply);
  EXPECT_EQ(JudgeRefresh(rotated, "first-", clock_.Now() + kGrace + absl::Seconds(1)),
            RefreshVerdict::kReused);
  EXPECT_EQ(JudgeRefresh(rotated, "second", later), RefreshVerdict::kReused);
}

}  // namespace
}  // namespace usher::auth

#include "services/auth/session/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/fake_clock.h"

namespace usher::auth {
namespace session_test {

constexpr absl::Duration kGrace = absl::Seconds(30);

using Hashes = std::vector<std::string>;

class SessionTest : public ::testing::Test {
 protected:
  // A session in which "tab-1" and "tab-2" have taken the place of "first" and "other".
  Session ASession() const {
    Session session;
    session.good_hashes = {"tab-1", "tab-2"};
    session.ended_hashes = {"first", "other"};
    session.rotated_at = clock_.Now();
    session.expires_at = clock_.Now() + absl::Hours(1);
    return session;
  }
  // One that has as many successors as there may be.
  Session AFullSession() const {
    Session session = ASession();
    while (session.good_hashes.size() < kMostSuccessors) {
      session.good_hashes.push_back("tab-" + std::to_string(session.good_hashes.size() + 1));
    }
    return session;
  }
  RefreshVerdict Judge(const Session& session, const std::string& hash,
                       absl::Duration later = absl::ZeroDuration()) const {
    return JudgeRefresh(session, hash, clock_.Now() + later);
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

// L5.
// docs/contract.md, "Refresh token", as a table.
TEST_F(SessionTest, ARefreshTokenIsGoodOrLateOrACopy) {
  const Session fresh = [] {
    Session session;
    session.good_hashes = {"first"};
    return session;
  }();
  const struct {
    const char* what;
    Session session;
    std::string hash;
    absl::Duration later;
    RefreshVerdict verdict;
  } table[] = {
      {"the only one", fresh, "first", absl::Hours(5), RefreshVerdict::kGood},
      {"never issued before", fresh, "other", absl::ZeroDuration(), RefreshVerdict::kReused},
      {"any successor", ASession(), "tab-1", absl::Hours(5), RefreshVerdict::kGood},
      {"any other successor", ASession(), "tab-2", absl::Hours(5), RefreshVerdict::kGood},
      {"the eighth", AFullSession(), "tab-8", absl::Hours(5), RefreshVerdict::kGood},
      {"an ended one at once", ASession(), "first", absl::ZeroDuration(),
       RefreshVerdict::kLostReply},
      {"its sibling, which was never used", ASession(), "other", absl::Seconds(29),
       RefreshVerdict::kLostReply},
      {"at the last moment", ASession(), "first", kGrace, RefreshVerdict::kLostReply},
      {"by a clock that is behind", ASession(), "first", -absl::Seconds(1),
       RefreshVerdict::kLostReply},
      {"too late", ASession(), "first", kGrace + absl::Microseconds(1), RefreshVerdict::kReused},
      {"its sibling, too late", ASession(), "other", kGrace + absl::Microseconds(1),
       RefreshVerdict::kReused},
      {"a ninth", AFullSession(), "first", absl::Seconds(1), RefreshVerdict::kAnswered},
      {"a ninth, too late", AFullSession(), "first", kGrace + absl::Microseconds(1),
       RefreshVerdict::kReused},
      {"longer", ASession(), "tab-11", absl::ZeroDuration(), RefreshVerdict::kReused},
      {"shorter", ASession(), "tab-", absl::ZeroDuration(), RefreshVerdict::kReused},
      {"nothing", ASession(), "", absl::ZeroDuration(), RefreshVerdict::kReused},
  };
  for (const auto& row : table) {
    EXPECT_EQ(Judge(row.session, row.hash, row.later), row.verdict) << row.what;
  }
}

TEST_F(SessionTest, UsingOneEndsAllThatWereGoodBesideIt) {
  const absl::Time later = clock_.Now() + absl::Minutes(5);
  const Session rotated = Rotated(ASession(), RefreshVerdict::kGood, "next", later);
  EXPECT_EQ(rotated.good_hashes, Hashes{"next"});
  EXPECT_EQ(rotated.ended_hashes, (Hashes{"tab-1", "tab-2"}));
  EXPECT_EQ(rotated.rotated_at, later);
  EXPECT_EQ(rotated.expires_at, ASession().expires_at);
  // Of the generation before nobody can be late any more: a successor was used.
  EXPECT_EQ(JudgeRefresh(rotated, "first", later), RefreshVerdict::kReused);
}

TEST_F(SessionTest, ALostReplyAddsASuccessorAndItsThirtySecondsGoOn) {
  const absl::Time later = clock_.Now() + absl::Seconds(20);
  const Session rotated = Rotated(ASession(), RefreshVerdict::kLostReply, "tab-3", later);
  EXPECT_EQ(rotated.good_hashes, (Hashes{"tab-1", "tab-2", "tab-3"}));
  EXPECT_EQ(rotated.ended_hashes, ASession().ended_hashes);
  EXPECT_EQ(rotated.rotated_at, ASession().rotated_at);
}

}  // namespace session_test
}  // namespace usher::auth

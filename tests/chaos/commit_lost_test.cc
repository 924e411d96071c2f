// The connection to PostgreSQL breaks right after COMMIT was sent.
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/chaos/chaos_test_base.h"

namespace usher::chaos {
namespace commit_lost_test {

constexpr int kRounds = 15;

using CommitLostTest = ChaosTest;

TEST_F(CommitLostTest, NobodyIsToldThatNothingWasChanged) {
  const Caller caller(house_);
  Proxy& proxy = chaos_.ToDatabase("room");
  int lost = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::string name = NewName();
    ASSERT_TRUE(Await(absl::Seconds(10), [&] {
      return caller.CreateRoom(NewName()).told() == Told::kDone;
    })) << "the pool does not recover";
    const int before = proxy.ambushed();
    proxy.Lay({.pattern = "COMMIT"});
    const Answer answer = caller.CreateRoom(name);
    proxy.TakeAmbushAway();
    if (proxy.ambushed() > before) ++lost;
    EXPECT_TRUE(answer.told() == Told::kDone || answer.told() == Told::kInDoubt) << answer.Text();
    ExpectHonest(answer, RoomsNamed(house_, name) == 1);
  }
  EXPECT_GT(lost, kRounds / 2) << "the COMMITs were not seen";
}

// A single statement is its own transaction, and may travel in a batch.
TEST_F(CommitLostTest, NorOfAStatementThatTravelsAlone) {
  const Caller caller(house_);
  Proxy& proxy = chaos_.ToDatabase("user");
  for (int round = 0; round < kRounds; ++round) {
    ASSERT_TRUE(Await(absl::Seconds(10), [&] {
      return caller.Change("user", NewName()).told() == Told::kDone;
    })) << "the connections do not recover";
    const std::string name = NewName();
    const int before = proxy.ambushed();
    proxy.Lay({.pattern = name});
    const Answer answer = caller.Change("user", name);
    EXPECT_TRUE(Await(absl::Seconds(5), [&] { return proxy.ambushed() > before; }));
    proxy.TakeAmbushAway();
    EXPECT_TRUE(answer.told() == Told::kDone || answer.told() == Told::kInDoubt) << answer.Text();
  }
}

}  // namespace commit_lost_test
}  // namespace usher::chaos

// SIGSTOP of auth while the other four are asked.
#include <signal.h>

#include <map>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/chaos/chaos_test_base.h"

namespace usher::chaos {
namespace peer_frozen_test {

constexpr absl::Duration kLongestCall = absl::Seconds(1);
constexpr absl::Duration kFrozen = absl::Seconds(3);
// What a creation may still try when its caller has gone, to know what became of it
// (user_sagas.cc).
constexpr absl::Duration kBeyondTheClient = absl::Seconds(2);
constexpr absl::Duration kLate = absl::Milliseconds(1500);

class PeerFrozenTest : public ChaosTest {
 protected:
  PeerFrozenTest() {
    for (const char* service : {"user", "room", "company"}) {
      chaos_.RestartWith(service,
                         {absl::StrCat("--longest_call=", absl::FormatDuration(kLongestCall))});
    }
  }
};

TEST_F(PeerFrozenTest, WhatNeedsItEndsInTimeAndTheRestGoesOn) {
  const Caller caller(house_, kLongestCall + kBeyondTheClient + 2 * kLate);
  const std::string room = caller.CreateRoom(NewName()).id;
  ASSERT_NE(room, "");

  std::map<std::string, Answer> creations;
  house_.process("auth").Freeze();
  const absl::Time until = absl::Now() + kFrozen;
  std::thread creator([&] {
    do {
      const std::string email = NewEmail();
      creations[email] = caller.CreateUser(email);
    } while (absl::Now() < until);
  });
  std::thread joiner([&] {
    do {
      const Answer answer = caller.CreateJoinLink(room);
      EXPECT_TRUE(answer.told() == Told::kInDoubt || answer.told() == Told::kNotChanged)
          << answer.Text();
      EXPECT_LE(answer.took, kLongestCall + kLate) << answer.Text();
    } while (absl::Now() < until);
  });
  do {
    for (const char* service : {"user", "room", "company", "business-logic"}) {
      const Answer answer = caller.Read(service);
      EXPECT_EQ(answer.told(), Told::kDone) << service << ": " << answer.Text();
    }
  } while (absl::Now() < until);
  creator.join();
  joiner.join();
  house_.process("auth").Signal(SIGCONT);

  ExpectAllIsWell(caller);
  for (const auto& [email, answer] : creations) {
    EXPECT_TRUE(answer.told() == Told::kInDoubt || answer.told() == Told::kNotChanged)
        << answer.Text();
    EXPECT_LE(answer.took, kLongestCall + kBeyondTheClient + kLate) << answer.Text();
    ExpectHonest(answer, UserExists(house_, email));
  }
  EXPECT_FALSE(creations.empty());
}

TEST_F(PeerFrozenTest, OthersDoNotWaitForThoseWhoWaitForIt) {
  const Caller caller(house_, kLongestCall + kLate);
  Trouble creations(8, absl::ZeroDuration(), [&] { caller.CreateUser(NewEmail()); });
  EXPECT_TRUE(IsUndisturbed([&] { return caller.Read("user").status; },
                            [&](bool on) {
                              house_.process("auth").Signal(on ? SIGSTOP : SIGCONT);
                              creations.Set(on);
                            }));
}

}  // namespace peer_frozen_test
}  // namespace usher::chaos

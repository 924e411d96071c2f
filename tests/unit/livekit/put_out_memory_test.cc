#include "deploy/engines/livekit/put_out_memory.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace usher::livekit {
namespace put_out_memory_test {

const absl::Time kNow = absl::FromUnixSeconds(1893456000);

TEST(PutOutMemory, ATokenOfBeforeIsRefusedAndALaterOneIsNot) {
  PutOutMemory memory;
  memory.PutOut("room", "anna", kNow);
  EXPECT_TRUE(memory.Refuses("room", "anna", kNow - absl::Hours(1)));
  EXPECT_TRUE(memory.Refuses("room", "anna", kNow));
  EXPECT_FALSE(memory.Refuses("room", "anna", kNow + absl::Seconds(1)));
}

TEST(PutOutMemory, OthersAndOtherRoomsAreNotMeant) {
  PutOutMemory memory;
  memory.PutOut("room", "anna", kNow);
  EXPECT_FALSE(memory.Refuses("room", "ben", kNow));
  EXPECT_FALSE(memory.Refuses("other", "anna", kNow));
}

TEST(PutOutMemory, WithoutARoomAllAreMeant) {
  PutOutMemory memory;
  memory.PutOut("", "anna", kNow);
  EXPECT_TRUE(memory.Refuses("room", "anna", kNow));
  EXPECT_TRUE(memory.Refuses("other", "anna", kNow));
}

TEST(PutOutMemory, ForgetsWhenTheTokenHasEnded) {
  PutOutMemory memory;
  memory.PutOut("room", "anna", kNow, kNow + absl::Hours(2));
  memory.Forget(kNow + absl::Hours(2) - absl::Seconds(1));
  EXPECT_TRUE(memory.Refuses("room", "anna", kNow));
  memory.Forget(kNow + absl::Hours(2));
  EXPECT_FALSE(memory.Refuses("room", "anna", kNow));
  EXPECT_EQ(memory.size(), 0);
}

TEST(PutOutMemory, OutlivesTheTokensThatTheServerItselfHandsOut) {
  PutOutMemory memory;
  memory.PutOut("room", "anna", kNow, kNow + absl::Seconds(1));
  memory.Forget(kNow + absl::Minutes(10));
  EXPECT_TRUE(memory.Refuses("room", "anna", kNow));
}

TEST(PutOutMemory, SomebodyWhoIsPutOutTwiceIsRememberedForTheLongerTime) {
  PutOutMemory memory;
  memory.PutOut("room", "anna", kNow, kNow + absl::Hours(5));
  memory.PutOut("room", "anna", kNow + absl::Hours(1), kNow + absl::Hours(2));
  memory.Forget(kNow + absl::Hours(4));
  EXPECT_EQ(memory.size(), 1);
  EXPECT_TRUE(memory.Refuses("room", "anna", kNow + absl::Minutes(30)));
}

TEST(PutOutMemory, IsBoundedAndForgetsFirstWhoseTokenEndsFirst) {
  PutOutMemory memory(/*most=*/3);
  for (int i = 0; i < 5; ++i) {
    memory.PutOut("room", absl::StrCat(i), kNow, kNow + absl::Hours(10 - i));
  }
  EXPECT_EQ(memory.size(), 3);
  EXPECT_TRUE(memory.Refuses("room", "0", kNow));
  EXPECT_FALSE(memory.Refuses("room", "4", kNow));
}

}  // namespace put_out_memory_test
}  // namespace usher::livekit

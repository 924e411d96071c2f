#include "services/room/room_options.h"

#include <gtest/gtest.h>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "tests/support/status_matchers.h"

ABSL_DECLARE_FLAG(uint32_t, most_room_permissions);
ABSL_DECLARE_FLAG(uint32_t, most_sub_rooms);

namespace usher::room {
namespace room_options_test {

// It could be made, and never be shown.
TEST(RoomOptions, NoLimitAllowsARoomThatNoAnswerHolds) {
  const absl::FlagSaver saver;
  EXPECT_OK(ReadRoomOptions());
  absl::SetFlag(&FLAGS_most_room_permissions, 50000);
  EXPECT_FALSE(ReadRoomOptions().ok());
  absl::SetFlag(&FLAGS_most_room_permissions, 20000);
  EXPECT_OK(ReadRoomOptions());
  absl::SetFlag(&FLAGS_most_sub_rooms, 4000);
  EXPECT_FALSE(ReadRoomOptions().ok());
}

}  // namespace room_options_test
}  // namespace usher::room

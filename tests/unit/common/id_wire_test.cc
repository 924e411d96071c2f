#include "common/rpc/id_wire.h"

#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "tests/support/status_matchers.h"

namespace usher {
namespace {

constexpr char kId[] = "01900000-0000-7000-8000-00000000abcd";

TEST(IdWire, TakesAnIdInEitherCase) {
  EXPECT_THAT(UserIdFromWire("userId", kId), IsOkAndHolds(UserId(kId)));
  EXPECT_THAT(UserIdFromWire("userId", absl::AsciiStrToUpper(kId)), IsOkAndHolds(UserId(kId)));
  EXPECT_THAT(RoomIdFromWire("roomId", absl::AsciiStrToUpper(kId)), IsOkAndHolds(RoomId(kId)));
}

TEST(IdWire, SaysWhatIsNoId) {
  for (const char* text : {"abc", "01900000-0000-7000-8000-00000000abc", "{}"}) {
    EXPECT_THAT(UserIdFromWire("userId", text), HasReplyCode(::common::USER_ID_INVALID)) << text;
    EXPECT_THAT(RoomIdFromWire("roomId", text), HasReplyCode(::common::ROOM_ID_INVALID)) << text;
  }
  EXPECT_THAT(std::string(RoomIdFromWire("roomId", "abc").status().message()),
              ::testing::HasSubstr("roomId"));
}

TEST(IdWire, TellsAnIdThatIsNotGivenFromOneInAListThatIsEmpty) {
  EXPECT_THAT(UserIdFromWire("userId", ""), HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_THAT(RoomIdFromWire("roomId", ""), HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_THAT(ParseUserId("userIdList", ""), HasReplyCode(::common::USER_ID_INVALID));
  EXPECT_THAT(ParseRoomId("filterRoomIds", ""), HasReplyCode(::common::ROOM_ID_INVALID));
}

}  // namespace
}  // namespace usher

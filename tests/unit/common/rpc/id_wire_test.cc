#include "common/rpc/id_wire.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "tests/support/status_matchers.h"

namespace usher {
namespace id_wire_test {

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

TEST(IdWire, TheIdOfACompanyIsReadInLettersOfAnySize) {
  for (const char* text : {"acme-1", "ACME-1", "Acme-1"}) {
    EXPECT_EQ(ParseCompanyId(text), CompanyId("acme-1")) << text;
    EXPECT_THAT(CompanyIdFromWire("companyId", text), IsOkAndHolds(CompanyId("acme-1"))) << text;
    EXPECT_EQ(OptionalCompanyIdFromWire(text), CompanyId("acme-1")) << text;
  }
  // The longest in bytes: U+212A, the sign for Kelvin, is a k in three.
  std::string kelvins;
  for (int i = 0; i < 63; ++i) kelvins += "\u212a";
  EXPECT_EQ(ParseCompanyId(kelvins), CompanyId(std::string(63, 'k')));
}

TEST(IdWire, WhatNoCompanyCanBeCalledIsAnsweredLikeACompanyThatDoesNotExist) {
  for (const std::string& text :
       {std::string("ab"), std::string("a--b"), std::string(" acme"), std::string("acme\u00a0"),
        std::string("ac\u00adme"), std::string("caf\u00e9"), std::string("\xff\xfe\xfd"),
        std::string("acme\0", 5), std::string(64, 'a'), std::string(4 << 20, 'A')}) {
    EXPECT_EQ(ParseCompanyId(text), std::nullopt) << text.substr(0, 64);
    EXPECT_THAT(CompanyIdFromWire("companyId", text), HasReplyCode(::common::NOT_FOUND));
    EXPECT_EQ(OptionalCompanyIdFromWire(text), CompanyId());
  }
}

TEST(IdWire, ACompanyThatIsNotNamedIsToldFromOneThatCannotExist) {
  EXPECT_EQ(ParseCompanyId(""), std::nullopt);
  EXPECT_THAT(CompanyIdFromWire("companyId", ""), HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_EQ(OptionalCompanyIdFromWire(""), std::nullopt);
}

}  // namespace id_wire_test
}  // namespace usher

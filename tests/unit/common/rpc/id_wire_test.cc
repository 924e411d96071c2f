#include "common/rpc/id_wire.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

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

TEST(IdWire, ACompanyIsNamedByItsId) {
  EXPECT_EQ(ParseCompanyId("acme"), CompanyId("acme"));
  for (const char* text : {"", "ab", "ACME", "a--b", "caf\u00e9"}) {
    EXPECT_EQ(ParseCompanyId(text), std::nullopt) << text;
  }
  EXPECT_EQ(ParseCompanyId(std::string(64, 'a')), std::nullopt);
}

TEST(IdWire, PeopleWriteTheIdOfACompanyInLettersOfAnySize) {
  EXPECT_EQ(ParseCompanyIdOfPeople("acme"), CompanyId("acme"));
  EXPECT_EQ(ParseCompanyIdOfPeople("ACME"), CompanyId("acme"));
  EXPECT_EQ(ParseCompanyIdOfPeople(""), std::nullopt);
  EXPECT_EQ(ParseCompanyIdOfPeople("caf\u00e9"), std::nullopt);
  // The longest in bytes: U+212A, the sign for Kelvin, is a k in three.
  std::string kelvins;
  for (int i = 0; i < 63; ++i) kelvins += "\u212a";
  EXPECT_EQ(ParseCompanyIdOfPeople(kelvins), CompanyId(std::string(63, 'k')));
  EXPECT_EQ(ParseCompanyIdOfPeople(std::string(4 << 20, 'A')), std::nullopt);
}

TEST(IdWire, WhatNoCompanyCanBeCalledIsNotFoundAndNothingIsMissing) {
  EXPECT_THAT(CompanyIdFromWire("company_id", "acme"), IsOkAndHolds(CompanyId("acme")));
  EXPECT_THAT(CompanyIdFromWire("company_id", ""), HasReplyCode(::common::REQUEST_EMPTY));
  for (const char* raw : {"Acme", "ab", "a b"}) {
    EXPECT_THAT(CompanyIdFromWire("company_id", raw), HasReplyCode(::common::NOT_FOUND)) << raw;
  }
}

}  // namespace
}  // namespace usher

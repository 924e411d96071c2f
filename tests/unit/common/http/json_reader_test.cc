#include "common/http/json_reader.h"

#include <authentication/authenticationService.pb.h>
#include <companyService/companyService.pb.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <roomService/roomService.pb.h>
#include <user/userService.pb.h>
#include <usher/audit/v1/audit.pb.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "common/http/json_text.h"

namespace usher::http {
namespace json_reader_test {

using ::authentication::AuthenticationRequest;
using ::roomService::RoomListRequest;
using ::roomService::RoomUpdateRequest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

template <class Message>
Message Read(absl::string_view json) {
  Message message;
  const absl::Status status = ReadJson(json, &message);
  EXPECT_TRUE(status.ok()) << status << "\n" << json;
  return message;
}

template <class Message = AuthenticationRequest>
std::string WhyNot(absl::string_view json) {
  Message message;
  const absl::Status status = ReadJson(json, &message);
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << json;
  return std::string(status.message());
}

TEST(JsonReaderTest, ThePhpSdksRequestIsRead) {
  const auto request = Read<AuthenticationRequest>(
      R"({"authorizationCodeCredentials":{"clientId":"api\/client","code":"a\/b+c=","companyId":"acme"},)"
      R"("metadata":[],"permissions":{"2":true,"3":false}})");
  EXPECT_EQ(request.authorizationcodecredentials().clientid(), "api/client");
  EXPECT_EQ(request.authorizationcodecredentials().code(), "a/b+c=");
  EXPECT_TRUE(request.metadata().empty());
  EXPECT_THAT(request.permissions(), UnorderedElementsAre(Pair(2, true), Pair(3, false)));
}

TEST(JsonReaderTest, EscapesAreUndoneBeyondTheFirstPlaneToo) {
  const auto request = Read<::user::UserProfileUpdateRequest>(
      R"({"userProfile":{"firstname":"J\u00fcrgen","lastname":"\ud83d\ude00\u4e2d","title":"\"\\\/\b\f\n\r\t"}})");
  EXPECT_EQ(request.userprofile().firstname(), "J\u00fcrgen");
  EXPECT_EQ(request.userprofile().lastname(), "\U0001F600\u4e2d");
  EXPECT_EQ(request.userprofile().title(), "\"\\/\b\f\n\r\t");
}

TEST(JsonReaderTest, TextMayComeAsUtf8) {
  EXPECT_EQ(Read<::common::UserProfile>("{\"firstname\":\"J\u00fcrgen \U0001F600\"}").firstname(),
            "J\u00fcrgen \U0001F600");
}

TEST(JsonReaderTest, HalvesOfSurrogatePairsAreNoText) {
  for (const char* text : {R"(\ud83d)", R"(\ude00)", R"(\ud83dx)", R"(\ud83d\u0041)", R"(\ud83d\n)",
                           R"(\ude00\ud83d)"}) {
    EXPECT_THAT(WhyNot<::common::UserProfile>(absl::StrCat(R"({"title":")", text, R"("})")),
                HasSubstr("malformed escape"));
  }
}

TEST(JsonReaderTest, LongNumbersComeAsStringOrNumber) {
  for (const char* expiry : {"\"-1\"", "-1", "-1.0", "-1e0"}) {
    EXPECT_EQ(
        Read<::authentication::GuestAccessCredentials>(absl::StrCat(R"({"expiry":)", expiry, "}"))
            .expiry(),
        -1)
        << expiry;
  }
  EXPECT_EQ(Read<::common::AccessToken>(R"({"expiresAt":9223372036854775807})").expiresat(),
            9223372036854775807);
  EXPECT_EQ(Read<::common::AccessToken>(R"({"expiresAt":"-9223372036854775808"})").expiresat(),
            std::numeric_limits<int64_t>::min());
}

TEST(JsonReaderTest, NumbersThatDoNotFitAreRefused) {
  for (const char* limit : {"-1", "4294967296", "1.5", "1e10", "\"\"", "\" 1\"", "\"+1\"",
                            "\"0x1\"", "true", "[1]", "01", "1.", ".5", "+1", "1e", "NaN"}) {
    EXPECT_THAT(WhyNot<RoomListRequest>(absl::StrCat(R"({"limit":)", limit, "}")),
                HasSubstr("no JSON of this call"))
        << limit;
  }
  EXPECT_EQ(Read<RoomListRequest>(R"({"limit":4294967295,"offset":"7"})").limit(), 4294967295U);
}

TEST(JsonReaderTest, BytesComeInEitherAlphabetPaddedOrNot) {
  const std::string token("\xfb\xff\xbf\x01", 4);
  for (const char* text : {"+/+/AQ==", "-_-_AQ==", "-_-_AQ", "+/+/AQ", R"(+\/+\/AQ==)"}) {
    EXPECT_EQ(Read<::common::AccessInfo>(absl::StrCat(R"({"accessToken":")", text, R"("})"))
                  .accesstoken(),
              token)
        << text;
  }
  EXPECT_THAT(WhyNot<::common::AccessInfo>(R"({"accessToken":"a*b"})"),
              HasSubstr("accessToken is no base64"));
  EXPECT_THAT(WhyNot<::common::AccessInfo>(R"({"accessToken":"AQ=x"})"),
              HasSubstr("accessToken is no base64"));
}

TEST(JsonReaderTest, EnumsComeByNameOrNumber) {
  EXPECT_EQ(Read<AuthenticationRequest>(R"({"accountStatus":"LOCKED"})").accountstatus(),
            ::authentication::LOCKED);
  EXPECT_EQ(Read<AuthenticationRequest>(R"({"accountStatus":3})").accountstatus(),
            ::authentication::LOCKED);
  EXPECT_THAT(
      Read<::authentication::ListAuthenticationsRequest>(R"({"accountStatus":["LOCKED",1]})")
          .accountstatus(),
      ElementsAre(::authentication::LOCKED, ::authentication::ACTIVATED));
}

TEST(JsonReaderTest, ValuesThatAnEnumDoesNotHaveAreNotTakenForItsDefault) {
  EXPECT_THAT(WhyNot(R"({"accountStatus":"LOKCED"})"),
              HasSubstr("accountStatus has no such value"));
  EXPECT_THAT(WhyNot(R"({"accountStatus":true})"), HasSubstr("accountStatus"));
  // The rules of the domain judge numbers, as they do those that come by gRPC.
  EXPECT_EQ(
      static_cast<int>(Read<AuthenticationRequest>(R"({"accountStatus":77})").accountstatus()), 77);
}

TEST(JsonReaderTest, UnknownFieldsAreIgnoredAtAnyDepth) {
  const auto request = Read<RoomUpdateRequest>(
      R"({"skipFlags":[1,{"a":[true,null,"\u00e4"]}],"room":{"later":{"x":-1.5e3},"displayName":"a"},)"
      R"("roomId":"r","groupBySubroom":false})");
  EXPECT_EQ(request.room().displayname(), "a");
  EXPECT_EQ(request.roomid(), "r");
}

TEST(JsonReaderTest, FieldsGoByTheirNameInTheProtocolOrInCamelCase) {
  EXPECT_TRUE(ReadJson("{}", std::make_unique<::usher::audit::v1::ListRequest>().get()).ok());
  const auto* const descriptor = ::usher::audit::v1::Entry::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    if (descriptor->field(i)->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING ||
        descriptor->field(i)->is_repeated()) {
      continue;
    }
    for (const std::string& name :
         {descriptor->field(i)->name(), descriptor->field(i)->json_name()}) {
      const auto entry = Read<::usher::audit::v1::Entry>(absl::StrCat("{\"", name, "\":\"x\"}"));
      EXPECT_EQ(entry.GetReflection()->GetString(entry, descriptor->field(i)), "x") << name;
    }
  }
}

TEST(JsonReaderTest, NullIsNotSet) {
  const auto request = Read<RoomUpdateRequest>(
      R"({"accessInfo":null,"room":{"metadata":null,"displayName":null},"roomId":null})");
  EXPECT_FALSE(request.has_accessinfo());
  EXPECT_TRUE(request.has_room());
  EXPECT_EQ(request.roomid(), "");
}

TEST(JsonReaderTest, AnEmptyListIsAnEmptyMapAndAFullOneIsNone) {
  EXPECT_TRUE(Read<RoomUpdateRequest>(R"({"room":{"metadata":[ ],"permissions":[]}})").has_room());
  EXPECT_THAT(WhyNot<RoomUpdateRequest>(R"({"room":{"metadata":["a"]}})"),
              HasSubstr("metadata is a map"));
  EXPECT_THAT(WhyNot<RoomUpdateRequest>(R"({"room":[]})"), HasSubstr("room is an object"));
}

TEST(JsonReaderTest, MapsOfMessagesAreRead) {
  const auto request = Read<RoomUpdateRequest>(
      R"({"roomId":"r","room":{"permissions":{"guest":{"remove":true},"u":{"join":true}},)"
      R"("metadata":{"guest":""},"subRooms":{"s":{"sort":2}}}})");
  EXPECT_TRUE(request.room().permissions().at("guest").remove());
  EXPECT_TRUE(request.room().permissions().at("u").join());
  EXPECT_EQ(request.room().metadata().at("guest"), "");
  EXPECT_EQ(request.room().subrooms().at("s").sort(), 2U);
}

TEST(JsonReaderTest, KeysOfMapsHaveTheirType) {
  EXPECT_THAT(WhyNot(R"({"permissions":{"two":true}})"),
              HasSubstr("permissions has whole numbers as keys"));
  EXPECT_THAT(WhyNot(R"({"permissions":{"2":null}})"), HasSubstr("no JSON of this call"));
}

TEST(JsonReaderTest, WrongTypesAreRefusedByTheNameOfTheirField) {
  EXPECT_THAT(WhyNot(R"({"requestId":7})"), HasSubstr("requestId is a string"));
  EXPECT_THAT(WhyNot<::common::AccessInfo>(R"({"includeMetadata":"true"})"),
              HasSubstr("includeMetadata is true or false"));
  EXPECT_THAT(WhyNot<RoomListRequest>(R"({"filterRoomIds":"r"})"),
              HasSubstr("filterRoomIds is a list"));
  EXPECT_THAT(WhyNot<RoomListRequest>(R"({"filterRoomIds":[null]})"),
              HasSubstr("filterRoomIds is a string"));
  EXPECT_THAT(WhyNot<RoomListRequest>(R"({"accessInfo":"t"})"),
              HasSubstr("accessInfo is an object"));
}

TEST(JsonReaderTest, FieldsThatStandTwiceAreRefused) {
  EXPECT_THAT(WhyNot(R"({"requestId":"a","requestId":"b"})"), HasSubstr("requestId stands twice"));
}

TEST(JsonReaderTest, WhatIsNoJsonIsRefused) {
  for (const absl::string_view json : {"",
                                       " ",
                                       "{",
                                       "}",
                                       "[]",
                                       "null",
                                       "7",
                                       "\"\"",
                                       "{}{}",
                                       "{} x",
                                       "{\"a\"}",
                                       "{\"a\":}",
                                       "{\"a\":1,}",
                                       "{,}",
                                       "{'a':1}",
                                       "{a:1}",
                                       "{\"a\":tru}",
                                       "{\"a\":nul}",
                                       "{\"a\":[1,]}",
                                       "{\"a\":[1 2]}",
                                       "{\"a\":\"\n\"}",
                                       "{\"a\":\"\\x\"}",
                                       "{\"a\":\"\\u12g4\"}",
                                       "{\"a\":\"\\",
                                       "{\"a\":\"",
                                       "{\"a\":\"\xff\"}",
                                       "{\"a\":\"\xed\xa0\x80\"}",
                                       "{\"a\":\"\xc0\xaf\"}",
                                       "{/**/}",
                                       "{\"a\":-}",
                                       "\xef\xbb\xbf{}",
                                       "{\"a\":Infinity}"}) {
    EXPECT_THAT(WhyNot(json), HasSubstr("no JSON of this call")) << json;
  }
}

TEST(JsonReaderTest, WhatIsNestedTooDeepIsRefusedAndNotFollowed) {
  const auto nested = [](int depth) {
    return absl::StrCat("{\"x\":", std::string(static_cast<size_t>(depth), '['),
                        std::string(static_cast<size_t>(depth), ']'), "}");
  };
  EXPECT_TRUE(
      ReadJson(nested(kDeepestJson - 1), std::make_unique<AuthenticationRequest>().get()).ok());
  EXPECT_THAT(WhyNot(nested(kDeepestJson)), HasSubstr("nested too deep"));
  EXPECT_THAT(WhyNot(std::string(1'000'000, '{')), HasSubstr("no JSON of this call"));
  EXPECT_THAT(WhyNot(absl::StrCat("{\"x\":", std::string(1'000'000, '['))),
              HasSubstr("nested too deep"));
}

TEST(JsonReaderTest, WhatIsWrongIsToldWithoutItsValue) {
  const std::string why =
      WhyNot(R"({"usernamePasswordCredentials":{"password":"correct horse","username":7}})");
  EXPECT_THAT(why, HasSubstr("username is a string"));
  EXPECT_THAT(why, Not(HasSubstr("horse")));
}

TEST(JsonReaderTest, OneFieldCanBeReadByItself) {
  const auto& field = *RoomUpdateRequest::descriptor()->FindFieldByName("accessInfo");
  ::common::AccessInfo access;
  ASSERT_TRUE(
      ReadJsonField(R"({"room":{"metadata":{"a":"b"}},"accessInfo":{"requestId":"r"},"x":[]})",
                    field, &access)
          .ok());
  EXPECT_EQ(access.requestid(), "r");
  EXPECT_FALSE(ReadJsonField(R"({"accessInfo":{},"accessInfo":{}})", field, &access).ok());
  EXPECT_FALSE(ReadJsonField(R"({"room":{)", field, &access).ok());
}

}  // namespace json_reader_test
}  // namespace usher::http

#include "common/http/json_writer.h"

#include <authentication/authenticationService.pb.h>
#include <companyService/companyService.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>
#include <roomService/roomService.pb.h>
#include <user/userService.pb.h>

#include <string>

namespace usher::http {
namespace json_writer_test {

std::string Written(const google::protobuf::Message& message) {
  std::string json;
  WriteJson(message, &json);
  return json;
}

TEST(JsonWriterTest, DefaultValuesAreLeftOutAboveAllTheCodeOk) {
  ::roomService::RoomPermissionsReply reply;
  reply.mutable_replyinfo()->set_requestid("r");
  reply.mutable_replyinfo()->set_statuscode(::common::OK);
  reply.mutable_permissions()->set_join(true);
  EXPECT_EQ(Written(reply), R"({"replyInfo":{"requestId":"r"},"permissions":{"join":true}})");
}

TEST(JsonWriterTest, TheReplyInfoIsThereEvenWhenItIsEmpty) {
  ::roomService::RoomUpdateReply reply;
  reply.mutable_replyinfo();
  EXPECT_EQ(Written(reply), R"({"replyInfo":{}})");
}

TEST(JsonWriterTest, EmptyListsAndMapsArePrinted) {
  ::user::UserListReply users;
  users.mutable_replyinfo();
  EXPECT_EQ(Written(users), R"({"replyInfo":{},"users":{},"userIdList":[]})");
  (*users.mutable_users())["u"].set_email("u@acme.example");
  users.add_useridlist("u");
  EXPECT_EQ(
      Written(users),
      R"({"replyInfo":{},"users":{"u":{"email":"u@acme.example","metadata":{}}},"userIdList":["u"]})");
}

TEST(JsonWriterTest, EnumsGoByNameBytesAsBase64LongNumbersAsStrings) {
  ::authentication::AuthenticationReply reply;
  reply.mutable_replyinfo()->set_statuscode(::common::TOKEN_OUTDATED);
  reply.set_accesstoken(std::string("\xfb\xff\xbf\x01", 4));
  reply.set_expiresat(1764150000000);
  (*reply.mutable_permissions())[2] = true;
  reply.set_accountstatus(::authentication::LOCKED);
  EXPECT_EQ(Written(reply),
            R"({"replyInfo":{"statusCode":"TOKEN_OUTDATED"},"accessToken":"+/+/AQ==",)"
            R"("expiresAt":"1764150000000","permissions":{"2":true},"accountStatus":"LOCKED",)"
            R"("accessibleAccounts":[]})");
}

TEST(JsonWriterTest, NumbersThatAnEnumDoesNotNameStayNumbers) {
  ::common::ReplyInfo info;
  info.set_statuscode(static_cast<::common::ReplyStatusCode>(77));
  EXPECT_EQ(Written(info), R"({"statusCode":77})");
}

TEST(JsonWriterTest, TextIsEscapedWhereJsonAsksForIt) {
  ::common::UserProfile profile;
  profile.set_title(std::string("\"\\/\b\n\x01\0\x7f", 8));
  profile.set_firstname("J\u00fcrgen \U0001F600");
  EXPECT_EQ(Written(profile),
            "{\"firstname\":\"J\u00fcrgen "
            "\U0001F600\",\"title\":\"\\\"\\\\/\\u0008\\n\\u0001\\u0000\x7f\"}");
}

TEST(JsonWriterTest, FieldsThatWereWrittenAsBytesAreShown) {
  ::roomService::RoomListReply rooms;
  rooms.mutable_replyinfo()->set_requestid("r");
  (*rooms.mutable_rooms())["a"].set_displayname("A");
  const std::string whole = Written(rooms);
  // As the list of rooms makes its replies (docs/adr/0013).
  ::roomService::RoomListReply as_bytes;
  as_bytes.mutable_replyinfo()->set_requestid("r");
  ::roomService::RoomListReply only_rooms;
  *only_rooms.mutable_rooms() = rooms.rooms();
  as_bytes.GetReflection()->MutableUnknownFields(&as_bytes)->ParseFromString(
      only_rooms.SerializeAsString());
  ASSERT_TRUE(as_bytes.rooms().empty());
  EXPECT_EQ(Written(as_bytes), whole);
}

TEST(JsonWriterTest, MessagesWithAJsonOfTheirOwnAreNotForUs) {
  EXPECT_TRUE(IsWritableAsJson(*::roomService::RoomsUpdateRequest::descriptor()));
  EXPECT_FALSE(IsWritableAsJson(*google::protobuf::Timestamp::descriptor()));
  EXPECT_FALSE(IsWritableAsJson(*google::protobuf::DoubleValue::descriptor()));
}

}  // namespace json_writer_test
}  // namespace usher::http

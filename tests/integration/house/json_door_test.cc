// The five servers as clients of JSON over HTTP/1.1 meet them.
#include <gmock/gmock.h>
#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/base/id.h"
#include "common/http/json_reader.h"
#include "common/http/json_writer.h"
#include "tests/support/house.h"
#include "tests/support/own_server.h"
#include "tests/support/raw_http.h"

namespace usher {
namespace json_door_test {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::Duration kPatience = absl::Seconds(30);

// As PHP's json_encode writes a string: "/" escaped.
std::string Php(absl::string_view text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"/", "\\/"}}), "\"");
}

std::string Json(const google::protobuf::Message& message) {
  std::string json;
  http::WriteJson(message, &json);
  return json;
}

class JsonDoorTest : public ::testing::Test {
 protected:
  HttpAnswer Post(const std::string& server, absl::string_view path, absl::string_view json,
                  absl::string_view headers = "") {
    return RawHttp(house_.Socket(server, "json")).Ask(HttpPost(path, json, headers));
  }
  template <class Reply>
  Reply Asked(const std::string& server, absl::string_view path, absl::string_view json,
              absl::string_view headers = "") {
    const HttpAnswer answer = Post(server, path, json, headers);
    EXPECT_EQ(answer.status, 200) << answer.body;
    Reply reply;
    EXPECT_TRUE(http::ReadJson(answer.body, &reply).ok()) << answer.body;
    return reply;
  }
  // What the PHP SDK begins with.
  std::string SignIn() {
    const Tenant& acme = house_.acme();
    return Asked<::authentication::AuthenticationReply>(
               "auth", "/authenticationService/authenticate",
               absl::StrCat(R"({"authorizationCodeCredentials":{"clientId":)", Php(acme.client_id),
                            R"(,"code":)", Php(acme.code), R"(,"companyId":)", Php(acme.company),
                            R"(},"metadata":[],"permissions":[],"skipFlags":["a"]})"))
        .accesstoken();
  }
  std::string Access(absl::string_view request_id = "") {
    return absl::StrCat(R"("accessInfo":{"accessToken":)", Php(absl::Base64Escape(token_)),
                        R"(,"requestId":")", request_id, R"(","includeMetadata":false})");
  }

  House& house_ = House::Get();
  std::string token_ = SignIn();
};

TEST_F(JsonDoorTest, ThePublishedPhpClientSignsInAndIsAuthenticated) {
  ASSERT_FALSE(token_.empty());
  const HttpAnswer answer = Post(
      "auth", "/authenticationService/isAuthenticated",
      absl::StrCat(R"({"accessToken":)", Php(absl::Base64Escape(token_)), R"(,"requestId":"r1"})"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body,
            R"({"requestId":"r1","statusMessage":"You were authenticated successfully"})");
  EXPECT_EQ(answer.headers.at("x-request-id"), "r1");
}

TEST_F(JsonDoorTest, ARoomIsMadeListedAndLeftByItsGuest) {
  const auto made = Asked<::roomService::RoomCreateReply>(
      "room", "/json/v1/roomService/create",
      absl::StrCat("{", Access(),
                   R"(,"room":{"displayName":"Caf\u00e9 \ud83d\ude00","metadata":[]}})"));
  ASSERT_FALSE(made.roomid().empty());
  const HttpAnswer listed = Post(
      "room", "/roomService/list",
      absl::StrCat("{", Access(), R"(,"filterRoomIds":[")", made.roomid(), R"("],"limit":10})"));
  EXPECT_THAT(listed.body, HasSubstr("\"displayName\":\"Caf\u00e9 \U0001F600\""));
  EXPECT_THAT(listed.body, HasSubstr("\"metadata\":{}"));
  EXPECT_THAT(listed.body, Not(HasSubstr("\"OK\"")));
  // Guests are detached so.
  const HttpAnswer detached =
      Post("room", "/roomService/update",
           absl::StrCat(
               "{", Access(), R"(,"roomId":")", made.roomid(),
               R"(","room":{"permissions":{"guest":{"remove":true}},"metadata":{"guest":""}}})"));
  EXPECT_THAT(detached.body, HasSubstr("{\"replyInfo\":{\"requestId\":\""));
  EXPECT_EQ(detached.status, 200);
}

TEST_F(JsonDoorTest, AnErrorInBandIsA200) {
  const HttpAnswer answer = Post("room", "/roomService/destroy",
                                 absl::StrCat("{", Access(), R"(,"roomId":")", NewUuid(), R"("})"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(R"("statusCode":"ROOM_)"));
}

TEST_F(JsonDoorTest, BothDoorsSayTheSame) {
  const auto same = [&](auto stub_call, auto request, auto reply, const std::string& server,
                        const std::string& path) {
    request.mutable_accessinfo()->set_requestid("same");
    request.mutable_accessinfo()->set_accesstoken(token_);
    grpc::ClientContext context;
    ASSERT_TRUE(stub_call(&context, request, &reply).ok());
    const auto over_json = Asked<decltype(reply)>(server, path, Json(request));
    EXPECT_EQ(over_json.DebugString(), reply.DebugString());
  };
  same([&](auto* context, const auto& request,
           auto* reply) { return house_.user().userList(context, request, reply); },
       ::user::UserListRequest(), ::user::UserListReply(), "user", "/userService/list");
  same([&](auto* context, const auto& request,
           auto* reply) { return house_.company().companyList(context, request, reply); },
       ::companyService::CompanyListRequest(), ::companyService::CompanyListReply(), "company",
       "/companyService/list");
  ::roomService::RoomPermissionsRequest nowhere;
  nowhere.set_roomid(NewUuid());
  same([&](auto* context, const auto& request,
           auto* reply) { return house_.room().Permissions(context, request, reply); },
       nowhere, ::roomService::RoomPermissionsReply(), "room", "/roomService/permissions");
  same([&](auto* context, const auto& request,
           auto* reply) { return house_.business_logic().favoritesList(context, request, reply); },
       ::businessLogicService::FavoritesListRequest(), ::businessLogicService::FavoritesListReply(),
       "business-logic", "/businessLogicService/favorites/list");
}

TEST_F(JsonDoorTest, WhatWasMadeByOneDoorIsNotMadeAgainByTheOther) {
  const std::string key = NewUuid();
  ::roomService::RoomCreateRequest request;
  request.mutable_accessinfo()->set_accesstoken(token_);
  request.mutable_room()->set_displayname("Once");
  const auto made = Asked<::roomService::RoomCreateReply>(
      "room", "/roomService/create", Json(request), absl::StrCat("idempotency-key: ", key, "\r\n"));
  ASSERT_FALSE(made.roomid().empty());
  grpc::ClientContext context;
  context.AddMetadata("idempotency-key", key);
  ::roomService::RoomCreateReply again;
  ASSERT_TRUE(house_.room().Create(&context, request, &again).ok());
  EXPECT_EQ(again.roomid(), made.roomid());
}

TEST_F(JsonDoorTest, EveryPathOfTheProtocolIsServedByItsServer) {
  const std::map<std::string, std::string> servers = {{"authenticationService", "auth"},
                                                      {"userService", "user"},
                                                      {"companyService", "company"},
                                                      {"roomService", "room"},
                                                      {"businessLogicService", "business-logic"}};
  const auto& pool = *google::protobuf::DescriptorPool::generated_pool();
  int paths = 0;
  for (const char* file :
       {"authentication/authenticationService.proto", "user/userService.proto",
        "companyService/companyService.proto", "roomService/roomService.proto",
        "businessLogicService/businessLogicService.proto", "usher/token/v1/claims.proto"}) {
    const auto* const found = pool.FindFileByName(file);
    ASSERT_NE(found, nullptr) << file;
    for (int i = 0; i < found->service_count(); ++i) {
      for (int j = 0; j < found->service(i)->method_count(); ++j) {
        const auto& options = found->service(i)->method(j)->options();
        if (!options.HasExtension(google::api::http)) continue;
        const std::string& path = options.GetExtension(google::api::http).post();
        const std::vector<std::string> parts = absl::StrSplit(path, '/');
        ASSERT_GT(parts.size(), 2U) << path;
        const HttpAnswer answer = Post(servers.at(parts[1]), path, "{}");
        EXPECT_EQ(answer.status, 200) << path << "\n" << answer.body;
        EXPECT_EQ(Post(servers.at(parts[1]), "/json/v1" + path, "{}").status, 200) << path;
        ++paths;
      }
    }
  }
  EXPECT_GE(paths, 30);
}

TEST_F(JsonDoorTest, InternalCallsHaveNoPath) {
  EXPECT_EQ(Post("auth", "/usher.internal.v1.AuthInternal/ensureUser", "{}").status, 404);
  EXPECT_EQ(Post("room", "/roomService.roomService/List", "{}").status, 404);
}

TEST_F(JsonDoorTest, AServerThatStopsAnswersWhatItHasAndEndsInTime) {
  OwnServer server({.flags = {"--json_listen=127.0.0.1:0"}});
  RawHttp idle(server.Address("JSON"));
  EXPECT_EQ(idle.Ask(HttpPost("/companyService/available", R"({"displayName":"x"})")).status, 200);
  server.process().Signal(SIGTERM);
  EXPECT_TRUE(idle.AwaitEnd(kPatience));
  EXPECT_EQ(server.process().Wait(kPatience), 0);
}

TEST_F(JsonDoorTest, SlowClientsKeepNobodyWaiting) {
  OwnServer server({.flags = {"--json_listen=127.0.0.1:0"}});
  std::vector<RawHttp> slow;
  for (int i = 0; i < 300; ++i) {
    slow.emplace_back(server.Address("JSON"));
    slow.back().Send("POST /companyService/available HTTP/1.1\r\nHost: ");
  }
  RawHttp quick(server.Address("JSON"));
  for (int i = 0; i < 50; ++i) {
    const absl::Time begun = absl::Now();
    EXPECT_EQ(quick.Ask(HttpPost("/companyService/available", R"({"displayName":"x"})")).status,
              200);
    EXPECT_LT(absl::Now() - begun, absl::Seconds(5));
  }
  EXPECT_EQ(slow.front().Answer().status, 408);
}

TEST_F(JsonDoorTest, AStrangersAddressComesFromTheProxyThatIsTrusted) {
  OwnServer server({.flags = {"--json_listen=127.0.0.1:0", "--trusted_proxies=127.0.0.1"}});
  RawHttp(server.Address("JSON"))
      .Ask(HttpPost("/companyService/available", R"({"displayName":"x"})",
                    "X-Forwarded-For: 203.0.113.9\r\n"));
  EXPECT_TRUE(server.AwaitLog("\"peer\":\"203.0.113.9\""));
}

}  // namespace json_door_test
}  // namespace usher

#include "common/http/door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/call/longest_event.h"
#include "common/status/reply_error.h"
#include "tests/unit/common/http/door_test_base.h"

namespace usher::http {
namespace door_test {

using ::testing::HasSubstr;

using DoorTest = DoorTestBase;

TEST_F(DoorTest, ACallIsAnsweredByTheBodyThatServesGrpc) {
  server_.rpc().list = [](const Caller& caller, const auto& request, auto& reply) {
    (*reply.mutable_companies())["acme"].set_ownerid(caller.call().user.value());
    reply.add_orderedcompanyids(absl::StrCat(request.limit()));
    return absl::OkStatus();
  };
  Start();
  const HttpAnswer answer = Post(kList, R"(,"limit":7)");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "application/json");
  EXPECT_THAT(answer.body, HasSubstr(R"("orderedCompanyIDs":["7"])"));
  EXPECT_THAT(answer.body, HasSubstr(R"("companies":{"acme":{)"));
  EXPECT_THAT(answer.body, HasSubstr(absl::StrCat(R"({"replyInfo":{"requestId":")",
                                                  answer.headers.at("x-request-id"), R"("})")));
}

TEST_F(DoorTest, WhatIsDecidedIsA200WithItsCodeByName) {
  server_.rpc().list = [](const auto&, const auto&, auto&) {
    return ReplyError(::common::NOT_FOUND, "no such company");
  };
  Start();
  const HttpAnswer answer = Post(kList);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body,
              HasSubstr(R"("statusCode":"NOT_FOUND","statusMessage":"no such company")"));
}

TEST_F(DoorTest, WhatIsNotDecidedHasTheStatusOfItsCode) {
  const std::vector<std::pair<absl::Status, std::pair<int, int>>> failures = {
      {Overloaded("the queue"), {429, 8}},
      {Unreachable("the database"), {503, 14}},
      {OutOfTime("waiting"), {504, 4}},
      {absl::UnimplementedError("later"), {501, 12}},
      {absl::InternalError("a fault"), {500, 13}},
      {absl::CancelledError("gone"), {500, 13}},
  };
  std::atomic<size_t> at{0};
  server_.rpc().list = [&](const auto&, const auto&, auto&) { return failures[at].first; };
  Start();
  for (; at < failures.size(); ++at) {
    const auto& [status, code] = failures[at].second;
    const HttpAnswer answer = Post(kList);
    EXPECT_EQ(answer.status, status);
    EXPECT_THAT(answer.body, HasSubstr(absl::StrCat("\"code\":", code, ",")));
    EXPECT_THAT(answer.body, testing::StartsWith("{\"error\":\""));
    EXPECT_THAT(answer.body, HasSubstr("\"message\":\""));
    EXPECT_FALSE(answer.headers.at("x-request-id").empty());
  }
}

TEST_F(DoorTest, ARequestIdComesBackInTheHeaderInAscii) {
  Start();
  const HttpAnswer answer =
      Connect().Ask(HttpPost(kList, absl::StrCat(R"({"accessInfo":{"accessToken":")", Token(),
                                                 R"(","requestId":"a \u00fc"}})")));
  EXPECT_EQ(answer.headers.at("x-request-id"), "a %C3%BC");
  EXPECT_THAT(answer.body, HasSubstr("\"requestId\":\"a \u00fc\""));
}

TEST_F(DoorTest, ATokenIsAskedForAndMayComeInAHeader) {
  Start();
  EXPECT_THAT(Connect().Ask(HttpPost(kList, "{}")).body, HasSubstr("ACCESS_INFO_MISSING"));
  EXPECT_THAT(Connect().Ask(HttpPost(kList, R"({"accessInfo":{"accessToken":"AAAA"}})")).body,
              HasSubstr("AUTHENTICATION_ERROR"));
  const auto with_header = [&](const std::string& value) {
    return Connect()
        .Ask(HttpPost(kList, "{}", absl::StrCat("Authorization: ", value, "\r\n")))
        .body;
  };
  EXPECT_THAT(with_header("Bearer " + Token()), testing::Not(HasSubstr("statusCode")));
  EXPECT_THAT(with_header("bearer " + absl::WebSafeBase64Escape(server_.Token())),
              testing::Not(HasSubstr("statusCode")));
  EXPECT_THAT(with_header("Bearer ???"), HasSubstr("AUTHENTICATION_ERROR"));
  EXPECT_THAT(with_header("Basic " + Token()), HasSubstr("ACCESS_INFO_MISSING"));
  // The one in the body counts.
  const HttpAnswer both = Post(kList, "", "Authorization: Bearer AAAA\r\n");
  EXPECT_THAT(both.body, testing::Not(HasSubstr("statusCode")));
}

TEST_F(DoorTest, LargeRequestsAreReadInTheIntakeAlike) {
  std::atomic<size_t> ids{0};
  server_.rpc().list = [&](const auto&, const auto& request, auto&) {
    ids = static_cast<size_t>(request.companyidlist_size());
    return absl::OkStatus();
  };
  Start();
  std::string list = R"(,"companyIdList":[")";
  for (int i = 0; i < 4000; ++i) absl::StrAppend(&list, i, R"(","x)");
  list += R"("],"skipFlags":7)";
  EXPECT_EQ(Post(kList, list).status, 200);
  EXPECT_EQ(ids.load(), 4001U);
  // Without a token nothing of it is read but that.
  const std::string stranger = absl::StrCat(R"({"accessInfo":{})", list, "}");
  EXPECT_THAT(Connect().Ask(HttpPost(kList, stranger)).body, HasSubstr("ACCESS_INFO_MISSING"));
  const HttpAnswer with_header = Connect().Ask(
      HttpPost(kList, stranger, absl::StrCat("Authorization: Bearer ", Token(), "\r\n")));
  EXPECT_THAT(with_header.body, testing::Not(HasSubstr("statusCode")));
  EXPECT_EQ(Connect().Ask(HttpPost(kList, stranger + "x")).status, 400);
}

TEST_F(DoorTest, AKeyOfOneDoorIsKnownAtTheOther) {
  std::vector<std::string> hashes;
  server_.rpc().create = [&](const Caller& caller, const auto&, auto&) {
    hashes.push_back(caller.call().idempotency.key + " " + caller.call().idempotency.request_hash);
    return absl::OkStatus();
  };
  Start();
  EXPECT_EQ(Post(kCreate, R"(,"company":{"displayName":"Acme"})", "Idempotency-Key: k\r\n").status,
            200);
  ::companyService::CompanyCreateRequest request;
  request.mutable_accessinfo()->set_accesstoken(server_.Token());
  request.mutable_company()->set_displayname("Acme");
  grpc::ClientContext context;
  context.AddMetadata("idempotency-key", "k");
  ::companyService::CompanyCreateReply reply;
  ASSERT_TRUE(server_.stub().companyCreate(&context, request, &reply).ok());
  ASSERT_EQ(hashes.size(), 2U);
  EXPECT_EQ(hashes[0], hashes[1]);
}

TEST_F(DoorTest, DeadlineTraceAndAddressAreThoseOfTheCall) {
  CallContext seen;
  server_.rpc().list = [&](const Caller& caller, const auto&, auto&) {
    seen = caller.call();
    return absl::OkStatus();
  };
  Start();
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  Post(kList, "", absl::StrCat("grpc-timeout: 3S\r\ntraceparent: ", trace, "\r\n"));
  EXPECT_EQ(seen.peer, "127.0.0.1");
  EXPECT_THAT(seen.traceparent, HasSubstr("4bf92f3577b34da6a3ce929d0e0e4736"));
  EXPECT_LT(seen.deadline, absl::Now() + absl::Seconds(3));
  EXPECT_GT(seen.deadline, absl::Now() + absl::Seconds(1));
}

TEST_F(DoorTest, ACallWhoseTimeIsUpIsA504) {
  Start();
  const HttpAnswer answer = Post(kList, "", "grpc-timeout: 1n\r\n");
  EXPECT_EQ(answer.status, 504);
  EXPECT_THAT(answer.body, HasSubstr("\"code\":4,"));
}

// Its thread does what a polling thread does, and is watched as one.
TEST_F(DoorTest, WhatKeepsItsThreadFromAllOthersIsMeasured) {
  const absl::Duration longer = rpc::PollerEvent::Longest() + absl::Milliseconds(20);
  server_.rpc().available = [longer](const auto&, const auto&, auto&) {
    const absl::Time until = absl::Now() + longer;
    while (absl::Now() < until) {
    }
    return absl::OkStatus();
  };
  Start();
  EXPECT_EQ(Connect().Ask(HttpPost(kAvailable, "{}")).status, 200);
  EXPECT_GE(rpc::PollerEvent::Longest(), longer);
}

}  // namespace door_test
}  // namespace usher::http

#include "common/rpc/gate/gate.h"

#include <gmock/gmock.h>

#include <future>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "tests/support/gate_test_base.h"

namespace usher::rpc {
namespace gate_test {

using ::companyService::CompanyListReply;
using ::companyService::CompanyListRequest;
using ::testing::IsEmpty;

class GateTest : public GateTestBase {};

TEST_F(GateTest, HandsTheBodyTheCallerOfTheToken) {
  server_.rpc().list = [](const Caller& caller, const auto&, auto&) {
    EXPECT_EQ(caller.user(), UserId(token::kUser));
    EXPECT_EQ(caller.company(), CompanyId("acme"));
    EXPECT_TRUE(caller.Has(Permission::kUserShow));
    EXPECT_EQ(caller.call().rpc, "test.list");
    EXPECT_EQ(caller.call().user, UserId(token::kUser));
    EXPECT_EQ(caller.call().company, CompanyId("acme"));
    EXPECT_EQ(caller.call().peer, "127.0.0.1");
    EXPECT_FALSE(caller.call().access_token.empty());
    EXPECT_LE(caller.call().deadline, absl::Now() + absl::Seconds(10));
    return absl::OkStatus();
  };
  server_.Start();
  const Answer answer = List(server_.Token());
  ExpectDecided(answer, ::common::OK);
  EXPECT_EQ(answer.info.requestid(), "request-1");
  EXPECT_THAT(answer.info.statusmessage(), IsEmpty());
}

TEST_F(GateTest, RefusesACallWithoutToken) {
  server_.rpc().list = [](const auto&, const auto&, auto&) -> absl::Status {
    ADD_FAILURE() << "the body ran";
    return absl::OkStatus();
  };
  server_.Start();
  ExpectDecided(List(""), ::common::ACCESS_INFO_MISSING);
  grpc::ClientContext context;
  CompanyListReply reply;
  ASSERT_TRUE(server_.stub().companyList(&context, CompanyListRequest(), &reply).ok());
  EXPECT_EQ(reply.replyinfo().statuscode(), ::common::ACCESS_INFO_MISSING);
}

TEST_F(GateTest, RefusesATokenThatIsNotGood) {
  server_.Start();
  std::string tampered = server_.Token();
  tampered.back() = static_cast<char>(tampered.back() ^ 1);
  ExpectDecided(List(tampered), ::common::AUTHENTICATION_ERROR);
  ExpectDecided(List("nonsense"), ::common::AUTHENTICATION_ERROR);
  ExpectDecided(List(std::string(100000, 'x')), ::common::AUTHENTICATION_ERROR);
}

TEST_F(GateTest, RefusesAnExpiredToken) {
  server_.Start();
  const std::string token = server_.Token();
  ExpectDecided(List(token), ::common::OK);
  server_.clock().Advance(absl::Hours(1));
  ExpectDecided(List(token), ::common::TOKEN_OUTDATED);
}

TEST_F(GateTest, RefusesATokenOfAnotherType) {
  server_.Start();
  const std::string join = server_.Token([](token::AccessToken& token) {
    token.type = token::TokenType::kJoin;
    token.only_room = RoomId(token::kRoom);
  });
  const std::string activation =
      server_.Token([](token::AccessToken& token) { token.type = token::TokenType::kActivation; });
  ExpectDecided(List(join), ::common::AUTHENTICATION_ERROR);
  ExpectDecided(List(activation), ::common::AUTHENTICATION_ERROR);
  ExpectDecided(Update(join), ::common::OK);  // takes them
  ExpectDecided(Update(activation), ::common::AUTHENTICATION_ERROR);
}

TEST_F(GateTest, AGuestIsRefusedByEveryMethodThatDoesNotSayThatGuestsMay) {
  server_.rpc().list = [](const auto&, const auto&, auto&) -> absl::Status {
    ADD_FAILURE() << "the body ran";
    return absl::OkStatus();
  };
  server_.Start();
  const std::string guest = server_.Token([](token::AccessToken& token) {
    token.guest = true;
    token.permissions = kCompanyAdministrator;
  });
  ExpectDecided(List(guest), ::common::INSUFFICIENT_PERMISSIONS);
  ExpectDecided(List(guest), ::common::INSUFFICIENT_PERMISSIONS);  // known by now
  ExpectDecided(Update(guest), ::common::OK);                      // takes them
}

TEST_F(GateTest, KnowsTheOperatorsCompany) {
  server_.rpc().list = [](const Caller& caller, const auto&, auto&) {
    return caller.IsPlatformAdministrator() ? absl::OkStatus() : PermissionMissing("it");
  };
  server_.Start();
  const auto in = [this](const char* company) {
    return server_.Token([company](token::AccessToken& token) {
      token.company = CompanyId(company);
      token.permissions = {Permission::kCompanyAdmin};
    });
  };
  ExpectDecided(List(in("operator")), ::common::OK);
  ExpectDecided(List(in("acme")), ::common::INSUFFICIENT_PERMISSIONS);
}

TEST_F(GateTest, HasNoInternalMethodsOnThePublicPort) {
  server_.rpc().destroy = [](const auto&, const auto&, auto&) -> absl::Status {
    ADD_FAILURE() << "the body ran";
    return absl::OkStatus();
  };
  server_.Start();
  ::companyService::CompanyDestroyRequest request;
  request.mutable_accessinfo()->set_accesstoken(server_.Token());
  grpc::ClientContext context;
  ::common::ReplyInfo reply;
  EXPECT_EQ(server_.stub().companyDestroy(&context, request, &reply).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(GateTest, LetsAnybodyMakeAnOpenCall) {
  server_.rpc().available = [](const CallContext& call, const auto& request, auto& reply) {
    EXPECT_TRUE(call.user.empty());
    reply.set_companyid(request.displayname());
    return absl::OkStatus();
  };
  server_.Start();
  ::companyService::CompanyAvailableRequest request;
  request.set_displayname("Acme");
  grpc::ClientContext context;
  ::companyService::CompanyAvailableReply reply;
  ASSERT_TRUE(server_.stub().companyAvailable(&context, request, &reply).ok());
  EXPECT_EQ(reply.companyid(), "Acme");
  EXPECT_TRUE(CanonicalUuid(reply.replyinfo().requestid()).has_value());
}

TEST_F(GateTest, PassesTheClientsDeadlineOn) {
  absl::Time deadline;
  server_.rpc().list = [&](const Caller& caller, const auto&, auto&) {
    deadline = caller.call().deadline;
    return absl::OkStatus();
  };
  server_.Start();
  const absl::Time before = absl::Now();
  ExpectDecided(List(server_.Token(), "r", absl::Seconds(5)), ::common::OK);
  EXPECT_GT(deadline, before + absl::Seconds(3));
  EXPECT_LT(deadline, before + absl::Seconds(7));
}

TEST_F(GateTest, TakesAnIdempotencyKeyOfVisibleAscii) {
  std::vector<IdempotencyKey> keys;
  server_.rpc().create = [&](const Caller& caller, const auto&, auto&) {
    keys.push_back(caller.call().idempotency);
    return absl::OkStatus();
  };
  server_.Start();
  ExpectDecided(Create(std::nullopt), ::common::OK);
  ExpectDecided(Create("key-1"), ::common::OK);
  ExpectDecided(Create(std::string(128, '~')), ::common::OK);
  ExpectDecided(Create("key-1", "Another"), ::common::OK);
  ASSERT_EQ(keys.size(), 4u);
  EXPECT_THAT(keys[0].key, IsEmpty());
  EXPECT_EQ(keys[1].key, "key-1");
  EXPECT_EQ(keys[1].request_hash.size(), 64u);
  EXPECT_EQ(keys[2].request_hash, keys[1].request_hash);
  EXPECT_NE(keys[3].request_hash, keys[1].request_hash);
}

TEST_F(GateTest, RefusesAnIdempotencyKeyOfAnotherForm) {
  server_.rpc().create = [](const auto&, const auto&, auto&) -> absl::Status {
    ADD_FAILURE() << "the body ran";
    return absl::OkStatus();
  };
  server_.Start();
  for (const std::string& key : {std::string(), std::string(129, 'k'), std::string("a b")}) {
    ExpectDecided(Create(key), ::common::PROTOCOL_ERROR);
  }
}

TEST_F(GateTest, IgnoresAnIdempotencyKeyWhereNothingIsCreated) {
  server_.rpc().list = [](const Caller& caller, const auto&, auto&) {
    EXPECT_THAT(caller.call().idempotency.key, IsEmpty());
    return absl::OkStatus();
  };
  server_.Start();
  CompanyListRequest request;
  request.mutable_accessinfo()->set_accesstoken(server_.Token());
  grpc::ClientContext context;
  context.AddMetadata("idempotency-key", "key");
  CompanyListReply reply;
  ASSERT_TRUE(server_.stub().companyList(&context, request, &reply).ok());
  EXPECT_EQ(reply.replyinfo().statuscode(), ::common::OK);
}

TEST_F(GateTest, TellsASlowBodyThatTheClientWentAway) {
  absl::Notification entered;
  absl::Notification cancelled;
  server_.rpc().update = [&](const Caller& caller, const auto&, auto&) {
    entered.Notify();
    while (!caller.call().IsCancelled()) absl::SleepFor(absl::Milliseconds(1));
    cancelled.Notify();
    return absl::CancelledError("the client went away");
  };
  server_.Start();
  ::companyService::CompanyUpdateRequest request;
  request.mutable_accessinfo()->set_accesstoken(server_.Token());
  grpc::ClientContext context;
  auto call = std::async(std::launch::async, [&] {
    ::common::ReplyInfo reply;
    return server_.stub().companyUpdate(&context, request, &reply);
  });
  entered.WaitForNotification();
  context.TryCancel();
  EXPECT_EQ(call.get().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(cancelled.WaitForNotificationWithTimeout(absl::Seconds(30)));
}

TEST_F(GateTest, AnswersManyCallsAtOnce) {
  server_.rpc().list = [](const auto&, const CompanyListRequest& request, CompanyListReply& reply) {
    reply.add_orderedcompanyids(request.companyidfrom());
    return absl::OkStatus();
  };
  server_.Start();
  std::vector<std::thread> clients;
  for (int t = 0; t < 8; ++t) {
    clients.emplace_back([this, t] {
      for (int i = 0; i < 50; ++i) {
        CompanyListRequest request;
        request.mutable_accessinfo()->set_accesstoken(server_.Token());
        request.set_companyidfrom(absl::StrCat(t, "/", i));
        grpc::ClientContext context;
        CompanyListReply reply;
        EXPECT_TRUE(server_.stub().companyList(&context, request, &reply).ok());
        ASSERT_EQ(reply.orderedcompanyids_size(), 1);
        EXPECT_EQ(reply.orderedcompanyids(0), request.companyidfrom());
      }
    });
  }
  for (std::thread& client : clients) client.join();
}

}  // namespace gate_test
}  // namespace usher::rpc

// In which order the gate looks at a call, and on which thread: no transport, no server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <sstream>
#include <string>
#include <thread>

#include "common/rpc/gate/largest_reply.h"
#include "common/status/reply_error.h"
#include "tests/support/gate_pipeline_test_base.h"

namespace usher::rpc {
namespace gate_pipeline_test {

using ::companyService::CompanyCreateReply;
using ::companyService::CompanyDestroyRequest;
using ::companyService::CompanyListReply;
using ::companyService::CompanyListRequest;
using ::testing::HasSubstr;

constexpr size_t kLarge = Gate::kLargestRequestOfPoller + 1;

TEST_F(GatePipelineTest, ASmallRequestIsReadByThePollingThread) {
  FakeIncoming incoming(ARequest(Token()));
  Handle("test.create", incoming);
  EXPECT_EQ(CodeOf(incoming), ::common::OK);
  EXPECT_EQ(incoming.request_reader(), std::this_thread::get_id());
}

TEST_F(GatePipelineTest, ALargeRequestIsReadByAnotherThread) {
  FakeIncoming incoming(ARequest(Token(), kLarge));
  Handle("test.create", incoming);
  EXPECT_EQ(CodeOf(incoming), ::common::OK);
  EXPECT_NE(incoming.request_reader(), std::this_thread::get_id());
  EXPECT_NE(incoming.access_info_reader(), std::this_thread::get_id());
  EXPECT_EQ(incoming.reply<CompanyCreateReply>().replyinfo().requestid(), "r");
}

// C2.
TEST_F(GatePipelineTest, ALargeRequestIsDecodedOnlyForWhoMayCall) {
  for (const std::string& token : {std::string(), std::string("nonsense")}) {
    FakeIncoming incoming(ARequest(token, kLarge));
    Handle("test.create", incoming);
    EXPECT_EQ(CodeOf(incoming),
              token.empty() ? ::common::ACCESS_INFO_MISSING : ::common::AUTHENTICATION_ERROR);
    EXPECT_FALSE(incoming.was_read());
    EXPECT_EQ(incoming.reply<CompanyCreateReply>().replyinfo().requestid(), "r");
  }
}

TEST_F(GatePipelineTest, ARequestBeyondTheLargestOfItsMethodIsNotRead) {
  FakeIncoming incoming(ARequest(Token(), 256 * 1024));
  Handle("test.create", incoming);
  EXPECT_EQ(CodeOf(incoming), ::common::MAX_SIZE_EXCEEDED);
  EXPECT_FALSE(incoming.was_read());
}

TEST_F(GatePipelineTest, AnInternalMethodIsNotReadWhereNobodyHasACertificate) {
  FakeIncoming incoming(CompanyDestroyRequest::default_instance());
  Handle("test.destroy", incoming);
  EXPECT_EQ(incoming.outcome().grpc_status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_FALSE(incoming.was_read());

  CompanyDestroyRequest request;
  request.mutable_accessinfo()->set_requestid("a\nb");
  FakeIncoming with_bad_id(request);
  Handle("test.destroy", with_bad_id);
  EXPECT_EQ(with_bad_id.outcome().grpc_status.error_code(), grpc::StatusCode::UNIMPLEMENTED);

  FakeIncoming from_peer(CompanyDestroyRequest::default_instance());
  from_peer.certificate_names = {"usher-user"};
  Handle("test.destroy", from_peer);
  EXPECT_EQ(CodeOf(from_peer), ::common::OK);
}

TEST_F(GatePipelineTest, AnotherServiceIsToldWhenAFailureChangedNothing) {
  for (const absl::Status& failure :
       {Unreachable("the database"), InDoubt("the database did not say"), OutOfTime("waiting")}) {
    rpc_.destroy = [&](const auto&, const auto&, auto&) { return failure; };
    FakeIncoming from_peer(CompanyDestroyRequest::default_instance());
    from_peer.certificate_names = {"usher-user"};
    Handle("test.destroy", from_peer);
    EXPECT_EQ(from_peer.said_that_nothing_changed(), absl::IsUnavailable(failure)) << failure;
  }
  rpc_.list = [](const auto&, const auto&, auto&) { return Unreachable("the database"); };
  CompanyListRequest request;
  request.mutable_accessinfo()->set_accesstoken(Token());
  FakeIncoming from_client(request);
  Handle("test.list", from_client);
  EXPECT_FALSE(from_client.said_that_nothing_changed());
}

TEST_F(GatePipelineTest, WhatAServiceAsksIsLoggedUnderTheIdOfItsOwnRequest) {
  std::string seen;
  rpc_.destroy = [&](const CallContext& call, const auto&, auto&) {
    seen = call.request_id;
    return absl::OkStatus();
  };
  FakeIncoming from_peer(CompanyDestroyRequest::default_instance());
  from_peer.certificate_names = {"usher-user"};
  from_peer.headers["usher-request-id"] = "request-7";
  Handle("test.destroy", from_peer);
  EXPECT_EQ(seen, "request-7");
}

TEST_F(GatePipelineTest, AServicesWordAboutItsClientCountsAndNobodyElses) {
  std::string seen;
  rpc_.destroy = [&](const CallContext& call, const auto&, auto&) {
    seen = call.peer;
    return absl::OkStatus();
  };
  FakeIncoming from_peer(CompanyDestroyRequest::default_instance());
  from_peer.certificate_names = {"usher-user"};
  from_peer.headers["usher-client-address"] = "198.51.100.7";
  Handle("test.destroy", from_peer);
  EXPECT_EQ(seen, "198.51.100.7");
  rpc_.available = [&](const CallContext& call, const auto&, auto&) {
    seen = call.peer;
    return absl::OkStatus();
  };
  FakeIncoming from_client(::companyService::CompanyAvailableRequest::default_instance());
  from_client.headers["usher-client-address"] = "198.51.100.7";
  from_client.headers["x-forwarded-for"] = "198.51.100.8";
  Handle("test.available", from_client);
  EXPECT_EQ(seen, "192.0.2.1");
}

// A service asks for its client by calls that clients make as well: a new password, say, which
// would otherwise count, in the audit and where guesses are slowed down, for the service's address.
TEST_F(GatePipelineTest, AServicesWordAboutItsClientCountsForCallsThatClientsMakeAsWell) {
  CallContext seen;
  rpc_.available = [&](const CallContext& call, const auto&, auto&) {
    seen = call;
    return absl::OkStatus();
  };
  const auto come_with = [&](std::vector<std::string> certificate_names) {
    FakeIncoming incoming(::companyService::CompanyAvailableRequest::default_instance());
    incoming.certificate_names = std::move(certificate_names);
    incoming.headers["usher-client-address"] = "198.51.100.7";
    Handle("test.available", incoming);
  };
  come_with({"usher-user"});
  EXPECT_EQ(seen.peer, "198.51.100.7");
  EXPECT_EQ(seen.source, kInternalSource);
  for (const std::vector<std::string>& names : {std::vector<std::string>(), {"somebody-else"}}) {
    come_with(names);
    EXPECT_EQ(seen.peer, "192.0.2.1");
    EXPECT_EQ(seen.source, "192.0.2.1");
  }
}

class GateBehindAProxyTest : public GatePipelineTest {
 protected:
  GateBehindAProxyTest()
      : GatePipelineTest({.trusted_proxies = *TrustedProxies::Parse("192.0.2.1")}) {}
};

TEST_F(GateBehindAProxyTest, ACallCountsForTheClientThatTheProxySpeaksFor) {
  CallContext seen;
  rpc_.available = [&](const CallContext& call, const auto&, auto&) {
    seen = call;
    return absl::OkStatus();
  };
  FakeIncoming incoming(::companyService::CompanyAvailableRequest::default_instance());
  incoming.headers["x-forwarded-for"] = "203.0.113.9, 2001:db8:1:2:3::4";
  Handle("test.available", incoming);
  EXPECT_EQ(seen.peer, "2001:db8:1:2:3::4");
  EXPECT_EQ(seen.source, "2001:db8:1:2::/64");
}

// S11.
TEST_F(GatePipelineTest, OnAStaleFeedOnlyWhatChangesNothingGoesOn) {
  token::FeedState stale;
  stale.NoteCompleteRound(stale.Now() - absl::Minutes(2));
  token::TokenVerifier verifier(keys_, revocations_, stale, clock_, 100);
  Gate gate(verifier, lanes_, registry_, clock_, {});
  TestRpc rpc(gate);
  const auto handle = [&](const std::string& name, FakeIncoming& incoming) {
    for (const Method& method : gate.methods()) {
      if (method.spec.name == name) gate.Handle(const_cast<Method&>(method), incoming);
    }
    ASSERT_TRUE(incoming.WaitForAnswer());
  };
  FakeIncoming change(ARequest(Token()));
  handle("test.create", change);
  EXPECT_EQ(change.outcome().grpc_status.error_code(), grpc::StatusCode::UNAVAILABLE);
  CompanyListRequest request;
  request.mutable_accessinfo()->set_accesstoken(Token());
  FakeIncoming read(request);
  handle("test.list", read);
  EXPECT_EQ(CodeOf(read), ::common::OK);
}

// C15.
TEST_F(GatePipelineTest, ATokenThatWasNotSeenBeforeIsVerifiedByAnotherThread) {
  std::thread::id judged_by;
  rpc_.list = [&](const auto&, const auto&, auto&) {
    judged_by = std::this_thread::get_id();
    return absl::OkStatus();
  };
  Method method(MethodNamed("test.list").descriptor, {.name = "test.inline", .lane = Lane::kInline},
                Admission::kToken, {}, registry_);
  method.SetTypes<CompanyListRequest, CompanyListReply>();
  method.body = MethodNamed("test.list").body;
  CompanyListRequest request;
  request.mutable_accessinfo()->set_accesstoken(Token());
  FakeIncoming first(request);
  gate_.Handle(method, first);
  ASSERT_TRUE(first.WaitForAnswer());
  EXPECT_EQ(CodeOf(first), ::common::OK);
  EXPECT_NE(judged_by, std::this_thread::get_id());
  FakeIncoming second(request);
  gate_.Handle(method, second);
  ASSERT_TRUE(second.WaitForAnswer());
  EXPECT_EQ(judged_by, std::this_thread::get_id());
}

TEST_F(GatePipelineTest, TheTokenIsLookedAtBeforeTheIdempotencyKey) {
  FakeIncoming incoming(ARequest(""));
  incoming.headers["idempotency-key"] = "not visible\n";
  Handle("test.create", incoming);
  EXPECT_EQ(CodeOf(incoming), ::common::ACCESS_INFO_MISSING);
  FakeIncoming known(ARequest(Token()));
  known.headers["idempotency-key"] = "not visible\n";
  Handle("test.create", known);
  EXPECT_EQ(CodeOf(known), ::common::PROTOCOL_ERROR);
}

TEST_F(GatePipelineTest, TheRequestIsHashedInTheLane) {
  std::string hash;
  rpc_.create = [&](const Caller& caller, const auto&, auto&) {
    hash = caller.call().idempotency.request_hash;
    return absl::OkStatus();
  };
  FakeIncoming incoming(ARequest(Token()));
  incoming.headers["idempotency-key"] = "key";
  Handle("test.create", incoming);
  EXPECT_EQ(hash.size(), 64u);
}

TEST_F(GatePipelineTest, WhatIsNoMessageIsAnsweredAndCounted) {
  FakeIncoming incoming(std::string("\xff\xff\xff"));
  Handle("test.list", incoming);
  EXPECT_EQ(CodeOf(incoming), ::common::PROTOCOL_ERROR);
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, registry_.Collect());
  EXPECT_THAT(text.str(),
              HasSubstr(R"(usher_calls_total{code="PROTOCOL_ERROR",rpc="test.list"} 1)"));
}

}  // namespace gate_pipeline_test
}  // namespace usher::rpc

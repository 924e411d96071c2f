// The internal ports: mutual TLS between two services, for real.
#include "common/rpc/peer/peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "tests/support/a_caller.h"
#include "tests/support/gate_server.h"
#include "tests/support/peer_test_base.h"
#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace peer_test {

TEST_F(PeerTest, AnswersAServiceThatMayCall) {
  Start();
  Peer peer("company", Address(), Tls("user"));
  EXPECT_OK(Destroy(peer));
}

TEST_F(PeerTest, RefusesAServiceThatMayNot) {
  server_.rpc().destroy = [](const auto&, const auto&, auto&) -> absl::Status {
    ADD_FAILURE() << "the body ran";
    return absl::OkStatus();
  };
  Start();
  for (const char* service : {"room", "company"}) {
    Peer peer("company", Address(), Tls(service));
    EXPECT_THAT(Destroy(peer), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS)) << service;
  }
}

TEST_F(PeerTest, RefusesTheCertificateOfAnotherAuthority) {
  Start();
  Peer peer("company", Address(), Tls("user", "theirs"));
  EXPECT_THAT(
      Destroy(peer, absl::Seconds(2)).code(),
      ::testing::AnyOf(absl::StatusCode::kUnavailable, absl::StatusCode::kDeadlineExceeded));
}

TEST_F(PeerTest, RefusesAClientWithoutACertificate) {
  Start();
  InternalTls none = Tls("user");
  none.certificate.clear();
  none.key.clear();
  Peer peer("company", Address(), none);
  EXPECT_FALSE(Destroy(peer, absl::Seconds(2)).ok());
}

TEST_F(PeerTest, RefusesAServerThatIsAnotherService) {
  Start();
  Peer peer("room", Address(), Tls("user"));  // company answers there
  EXPECT_THAT(Destroy(peer, absl::Seconds(2)), IsUndecided(absl::StatusCode::kUnavailable));
}

TEST_F(PeerTest, BringsBackWhatThePeerDecided) {
  server_.rpc().destroy = [](const auto&, const auto&, auto&) {
    return ReplyError(::common::ROOM_NOT_FOUND, "there is no such room");
  };
  Start();
  Peer peer("company", Address(), Tls("user"));
  const absl::Status status = Destroy(peer);
  EXPECT_THAT(status, HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_EQ(status.message(), "there is no such room");
}

TEST_F(PeerTest, SaysThatAPeerIsOutOfReach) {
  Peer peer("company", "unix:/tmp/no_such_socket", Tls("user"));
  EXPECT_THAT(Destroy(peer), IsUndecided(absl::StatusCode::kUnavailable));
}

TEST_F(PeerTest, CallsGoToAllAddressesOfAName) {
  std::atomic<int> first = 0;
  std::atomic<int> second = 0;
  GateServer other;
  server_.rpc().destroy = [&](const auto&, const auto&, auto&) {
    ++first;
    return absl::OkStatus();
  };
  other.rpc().destroy = [&](const auto&, const auto&, auto&) {
    ++second;
    return absl::OkStatus();
  };
  server_.StartInternal("127.0.0.1:0", Tls("company"));
  other.StartInternal("127.0.0.1:0", Tls("company"));
  Peer peer("company",
            absl::StrCat("ipv4:", server_.server().ports()[0].address, ",",
                         other.server().ports()[0].address),
            Tls("user"));
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (first == 0 || second == 0) {
    EXPECT_OK(Destroy(peer));
    ASSERT_LT(absl::Now(), until) << first << " and " << second;
  }
  server_.Stop();
}

TEST_F(PeerTest, PassesTheClientsAddressAndTheRequestIdOn) {
  std::map<std::string, std::string> headers;
  const RawCompany company(Address(), Tls("company"), [&](grpc::ServerContext* context) {
    headers.clear();
    for (const auto& [name, value] : context->client_metadata()) {
      headers.emplace(std::string(name.data(), name.size()),
                      std::string(value.data(), value.size()));
    }
    return grpc::Status::OK;
  });
  Peer peer("company", Address(), Tls("user"));
  CallContext call = ACaller().Until(absl::Now() + absl::Seconds(20)).BuildCall();
  call.peer = "192.0.2.7";
  call.request_id = "a request";
  const auto send = [&] {
    return peer
        .Call<CompanyService>(Effect::kReads, call, &CompanyService::Stub::companyDestroy,
                              CompanyDestroyRequest())
        .status();
  };
  ASSERT_OK(send());
  EXPECT_EQ(headers[kClientAddressHeader], "192.0.2.7");
  EXPECT_EQ(headers[kRequestIdHeader], "a request");
  // What no header can carry is left out, and fails nothing.
  call.request_id = "p\xc3\xa9";
  ASSERT_OK(send());
  EXPECT_EQ(headers.count(kRequestIdHeader), 0u);
}

TEST_F(PeerTest, FindsAPeerThatComesBack) {
  Start();
  Peer peer("company", Address(), Tls("user"));
  ASSERT_OK(Destroy(peer));
  server_.Stop();
  EXPECT_FALSE(Destroy(peer).ok());
  GateServer again;
  again.StartInternal(Address(), Tls("company"));
  absl::Status status = Destroy(peer);
  const absl::Time until = absl::Now() + absl::Seconds(20);
  while (!status.ok() && absl::Now() < until) status = Destroy(peer);
  EXPECT_OK(status);
}

TEST_F(PeerTest, LeavesTimeToAnswerItsOwnCaller) {
  absl::Time deadline;
  server_.rpc().destroy = [&](const CallContext& call, const auto&, auto&) {
    deadline = call.deadline;
    return absl::OkStatus();
  };
  Start();
  Peer peer("company", Address(), Tls("user"));
  const absl::Time mine = absl::Now() + absl::Seconds(5);
  const CallContext call = ACaller().Until(mine).BuildCall();
  ASSERT_OK(peer.Call<CompanyService>(Effect::kReads, call, &CompanyService::Stub::companyDestroy,
                                      CompanyDestroyRequest())
                .status());
  EXPECT_LT(deadline, mine);
}

TEST_F(PeerTest, PassesTheTraceOn) {
  std::string trace;
  server_.rpc().destroy = [&](const CallContext& call, const auto&, auto&) {
    trace = call.traceparent;
    return absl::OkStatus();
  };
  Start();
  Peer peer("company", Address(), Tls("user"));
  CallContext call = ACaller().Until(absl::Now() + absl::Seconds(20)).BuildCall();
  call.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  ASSERT_OK(peer.Call<CompanyService>(Effect::kReads, call, &CompanyService::Stub::companyDestroy,
                                      CompanyDestroyRequest())
                .status());
  EXPECT_EQ(trace, call.traceparent);
}

}  // namespace peer_test
}  // namespace usher::rpc

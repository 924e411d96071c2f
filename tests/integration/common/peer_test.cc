// The internal ports: mutual TLS between two services, for real.
#include "common/rpc/peer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "tests/support/a_caller.h"
#include "tests/support/folders.h"
#include "tests/support/gate_server.h"
#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace {

using ::companyService::CompanyDestroyRequest;

std::string Content(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

class PeerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = "/tmp/usher_peer_XXXXXX";
    folder_ = new std::string(mkdtemp(pattern.data()));
    for (const char* ca : {"ours", "theirs"}) {
      ASSERT_EQ(std::system(absl::StrCat(SourceFolder(), "/deploy/local/certificates ", *folder_,
                                         "/", ca, " company user room")
                                .c_str()),
                0);
    }
  }
  static void TearDownTestSuite() {
    std::filesystem::remove_all(*folder_);
    delete folder_;
  }

  static InternalTls Tls(const std::string& service, const std::string& ca = "ours") {
    const std::string folder = absl::StrCat(*folder_, "/", ca, "/");
    return {Content(folder + "ca.pem"), Content(absl::StrCat(folder, service, ".pem")),
            Content(absl::StrCat(folder, service, ".key"))};
  }
  static std::string Address() { return absl::StrCat("unix:", *folder_, "/socket"); }

  void Start() { server_.StartInternal(Address(), Tls("company")); }
  static absl::Status Destroy(Peer& peer, absl::Duration patience = absl::Seconds(20)) {
    const CallContext call = ACaller().Until(absl::Now() + patience).BuildCall();
    return peer
        .Call<CompanyService>(call, &CompanyService::Stub::companyDestroy, CompanyDestroyRequest())
        .status();
  }

  static std::string* folder_;
  GateServer server_;
};

std::string* PeerTest::folder_ = nullptr;

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
  ASSERT_OK(peer.Call<CompanyService>(call, &CompanyService::Stub::companyDestroy,
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
  ASSERT_OK(peer.Call<CompanyService>(call, &CompanyService::Stub::companyDestroy,
                                      CompanyDestroyRequest())
                .status());
  EXPECT_EQ(trace, call.traceparent);
}

}  // namespace
}  // namespace usher::rpc

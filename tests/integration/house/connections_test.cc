// What strangers can do to a server by connecting to it.
#include <gmock/gmock.h>
#include <grpc/health/v1/health.grpc.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/own_server.h"
#include "tests/support/raw_connection.h"

namespace usher {
namespace connections_test {

using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(30);

class ConnectionsTest : public ::testing::Test {
 protected:
  House& house_ = House::Get();
};

// C1, S1.
TEST_F(ConnectionsTest, AStormOfConnectionsBeyondTheDescriptorsLeavesThePortListening) {
  OwnServer server({.before = {"/usr/bin/prlimit", "--nofile=256:256"}});
  const auto before = server.NewChannel();
  ASSERT_TRUE(IsServing(before, kPatience));
  {
    std::vector<RawConnection> storm;
    for (int i = 0; i < 400; ++i) {
      storm.emplace_back(server.Address("public"));
      if (storm.back().connected()) storm.back().SendPreface();
    }
    const absl::Time until = absl::Now() + absl::Seconds(10);
    for (const RawConnection& connection : storm) connection.AwaitAnswer(until - absl::Now());
    EXPECT_TRUE(IsServing(before, kPatience)) << "who was there is not served any more";
    EXPECT_TRUE(IsServing(house_.channel("company"), kPatience));
  }
  EXPECT_TRUE(IsServing(server.NewChannel(), kPatience)) << server.Log();
  EXPECT_TRUE(server.process().IsRunning());
  EXPECT_THAT(server.Log(), HasSubstr("connections are refused"));
}

// An innocent set-up: the shell's or systemd's soft limit is 1024, the hard one far higher.
TEST_F(ConnectionsTest, TheSoftLimitOfDescriptorsIsRaisedToTheHardOneAndToldAtTheStart) {
  OwnServer server({.before = {"/usr/bin/prlimit", "--nofile=128:700"}});
  EXPECT_THAT(server.Log(), HasSubstr("\"descriptors\":\"700\""));
  std::vector<RawConnection> many;
  for (int i = 0; i < 300; ++i) {
    many.emplace_back(server.Address("public"));
    ASSERT_TRUE(many.back().connected());
    many.back().SendPreface();
  }
  EXPECT_TRUE(IsServing(server.NewChannel(), kPatience));
}

// F "39 idle"
TEST_F(ConnectionsTest, AConnectionWithoutCallsIsClosed) {
  OwnServer server({.flags = {"--connection_idle=1s"}});
  const RawConnection idle(server.Address("public"));
  ASSERT_TRUE(idle.connected());
  idle.SendPreface();
  EXPECT_TRUE(idle.AwaitEnd(kPatience));
}

TEST_F(ConnectionsTest, AnOldConnectionIsToldToGoAndCallsGoOnOverANewOne) {
  OwnServer server({.flags = {"--connection_age=1s"}});
  const RawConnection old(server.Address("public"));
  old.SendPreface();
  const auto channel = server.NewChannel();
  ASSERT_TRUE(IsServing(channel, kPatience));
  EXPECT_TRUE(old.AwaitFrame(/*GOAWAY*/ 7, kPatience));
  const absl::Time until = absl::Now() + absl::Milliseconds(500);
  while (absl::Now() < until) EXPECT_TRUE(IsServing(channel, kPatience));
}

TEST_F(ConnectionsTest, AnAddressHasItsShareOfTheConnectionsOfAllPortsAndNoMore) {
  OwnServer server(
      {.flags = {"--connections_of_address=8", "--trusted_proxies=", "--json_listen=127.0.0.1:0"}});
  std::vector<RawConnection> many;
  int taken = 0;
  for (int i = 0; i < 12; ++i) {
    many.emplace_back(server.Address("public"));
    many.back().SendPreface();
    taken += int{many.back().AwaitFrame(/*SETTINGS*/ 4, kPatience)};
  }
  EXPECT_EQ(taken, 8);
  EXPECT_TRUE(RawConnection(server.Address("JSON")).AwaitEnd(kPatience));
  // Whoever has a certificate of ours is no stranger: there the server waits for it.
  EXPECT_FALSE(RawConnection(server.Address("internal")).AwaitEnd(absl::Milliseconds(100)));
  EXPECT_THAT(server.Log(), HasSubstr("their address has too many"));
  many.clear();
  EXPECT_TRUE(IsServing(server.NewChannel(), kPatience)) << "what is closed still counts";
}

TEST_F(ConnectionsTest, ATrustedProxyMayHaveManyConnections) {
  OwnServer server({.flags = {"--connections_of_address=1", "--trusted_proxies=127.0.0.1"}});
  std::vector<RawConnection> many;
  for (int i = 0; i < 20; ++i) {
    many.emplace_back(server.Address("public"));
    many.back().SendPreface();
  }
  for (const RawConnection& connection : many) {
    EXPECT_TRUE(connection.AwaitFrame(/*SETTINGS*/ 4, kPatience));
  }
}

// C3.
TEST_F(ConnectionsTest, ACompressedRequestIsRefusedBeforeItIsUnpacked) {
  for (const grpc_compression_algorithm algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    ::grpc::health::v1::HealthCheckRequest request;
    request.set_service(std::string(1024 * 1024, 'x'));
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    ::grpc::health::v1::HealthCheckResponse response;
    const grpc::Status status = ::grpc::health::v1::Health::NewStub(house_.channel("company"))
                                    ->Check(&context, request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << status.error_message();
  }
}

}  // namespace connections_test
}  // namespace usher

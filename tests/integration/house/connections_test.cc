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

#include "common/rpc/health_rpc.h"

#include <grpc/health/v1/health.grpc.pb.h>

#include <thread>

#include "tests/support/gate_server.h"

namespace usher::rpc {
namespace health_rpc_test {

using ::grpc::health::v1::Health;
using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

class HealthRpcTest : public ::testing::Test {
 protected:
  explicit HealthRpcTest(size_t most_watches = HealthRpc::kMostWatches)
      : server_({}, Real(), {}, most_watches) {
    server_.Start();
    stub_ = Health::NewStub(server_.channel());
  }

  static const Clock& Real() {
    static const SystemClock clock;
    return clock;
  }
  grpc::Status Check(const std::string& service, HealthCheckResponse* response) {
    HealthCheckRequest request;
    request.set_service(service);
    grpc::ClientContext context;
    return stub_->Check(&context, request, response);
  }
  HealthCheckResponse::ServingStatus Status(const std::string& service) {
    HealthCheckResponse response;
    EXPECT_TRUE(Check(service, &response).ok());
    return response.status();
  }
  std::unique_ptr<grpc::ClientReader<HealthCheckResponse>> Watch(grpc::ClientContext* context,
                                                                 const std::string& service) {
    HealthCheckRequest request;
    request.set_service(service);
    // A bound for a watch that is never told anything.
    context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    return stub_->Watch(context, request);
  }
  static HealthCheckResponse::ServingStatus Next(grpc::ClientReader<HealthCheckResponse>& watch) {
    HealthCheckResponse response;
    return watch.Read(&response) ? response.status() : HealthCheckResponse::UNKNOWN;
  }

  GateServer server_;
  std::unique_ptr<Health::Stub> stub_;
};

TEST_F(HealthRpcTest, ServesOnceItIsTold) {
  EXPECT_EQ(Status(""), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(Status("companyService.CompanyService"), HealthCheckResponse::NOT_SERVING);
  server_.health().SetServing(true);
  EXPECT_EQ(Status(""), HealthCheckResponse::SERVING);
  EXPECT_EQ(Status("companyService.CompanyService"), HealthCheckResponse::SERVING);
  server_.health().SetServing(false);
  EXPECT_EQ(Status(""), HealthCheckResponse::NOT_SERVING);
}

TEST_F(HealthRpcTest, DoesNotKnowOtherServices) {
  HealthCheckResponse response;
  EXPECT_EQ(Check("roomService.roomService", &response).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(HealthRpcTest, TellsWatchersOfEveryChange) {
  grpc::ClientContext context;
  const auto watch = Watch(&context, "");
  EXPECT_EQ(Next(*watch), HealthCheckResponse::NOT_SERVING);
  server_.health().SetServing(true);
  EXPECT_EQ(Next(*watch), HealthCheckResponse::SERVING);
  server_.health().SetServing(false);
  EXPECT_EQ(Next(*watch), HealthCheckResponse::NOT_SERVING);
  context.TryCancel();
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(HealthRpcTest, TellsWatchersOfUnknownServicesThatTheyAre) {
  grpc::ClientContext context;
  const auto watch = Watch(&context, "no.such.service");
  EXPECT_EQ(Next(*watch), HealthCheckResponse::SERVICE_UNKNOWN);
  context.TryCancel();
  watch->Finish();
}

// It would be read by the polling thread, and a watch would keep the name: anybody's 4 MiB, 16,384
// times.
TEST_F(HealthRpcTest, NeitherReadsNorKeepsANameThatIsLongerThanAnyService) {
  const std::string name(2000, 'x');
  HealthCheckResponse response;
  EXPECT_EQ(Check(name, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  grpc::ClientContext context;
  const auto watch = Watch(&context, name);
  EXPECT_FALSE(watch->Read(&response));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

class FewWatchesTest : public HealthRpcTest {
 protected:
  FewWatchesTest() : HealthRpcTest(/*most_watches=*/8) {}

  // Whether a watch is let in, which then is there as long as its context.
  bool IsLetIn(grpc::ClientContext* context) {
    const auto watch = Watch(context, "");
    if (Next(*watch) == HealthCheckResponse::NOT_SERVING) return true;
    EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    return false;
  }
};

TEST_F(FewWatchesTest, OneAddressHasHalfOfThemAndWhoGoesMakesRoom) {
  grpc::ClientContext watching[4];
  for (grpc::ClientContext& context : watching) EXPECT_TRUE(IsLetIn(&context));
  grpc::ClientContext one_too_many;
  EXPECT_FALSE(IsLetIn(&one_too_many));
  watching[0].TryCancel();
  const absl::Time until = absl::Now() + absl::Seconds(30);
  bool let_in = false;
  while (!let_in && absl::Now() < until) {
    grpc::ClientContext next;
    let_in = IsLetIn(&next);
    next.TryCancel();
  }
  EXPECT_TRUE(let_in);
}

TEST_F(HealthRpcTest, TheServerStopsWithAnOpenWatch) {
  server_.health().SetServing(true);
  grpc::ClientContext context;
  const auto watch = Watch(&context, "");
  ASSERT_EQ(Next(*watch), HealthCheckResponse::SERVING);
  // As ServeUntilStopped does it.
  server_.health().SetServing(false);
  server_.health().EndStreams();
  const absl::Time begun = absl::Now();
  std::thread stopper([this] { server_.server().Drain(absl::Now() + absl::Seconds(60)); });
  EXPECT_EQ(Next(*watch), HealthCheckResponse::NOT_SERVING);
  HealthCheckResponse response;
  EXPECT_FALSE(watch->Read(&response));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  stopper.join();
  EXPECT_LT(absl::Now() - begun, absl::Seconds(30));
}

TEST_F(HealthRpcTest, TheServerStopsAlsoWhenNobodyEndedTheWatches) {
  grpc::ClientContext context;
  const auto watch = Watch(&context, "");
  ASSERT_EQ(Next(*watch), HealthCheckResponse::NOT_SERVING);
  server_.Stop();
  HealthCheckResponse response;
  while (watch->Read(&response)) {
  }
  EXPECT_FALSE(watch->Finish().ok());
}

TEST_F(HealthRpcTest, WatchersMayGoAwayAtAnyTime) {
  for (int i = 0; i < 20; ++i) {
    grpc::ClientContext context;
    const auto watch = Watch(&context, "");
    if (i % 2 == 0) Next(*watch);
    context.TryCancel();
    watch->Finish();
  }
  EXPECT_EQ(Status(""), HealthCheckResponse::NOT_SERVING);
}

}  // namespace health_rpc_test
}  // namespace usher::rpc

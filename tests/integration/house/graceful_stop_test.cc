// What SIGTERM does to a server that has calls to answer.
#include <gmock/gmock.h>
#include <grpc/health/v1/health.grpc.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/house.h"
#include "tests/support/own_server.h"

namespace usher {
namespace graceful_stop_test {

using ::grpc::health::v1::Health;
using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;
using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(30);

// While it lives, the creation of a room named "held" stays in the database until it is released.
class HeldCreation {
 public:
  explicit HeldCreation(ScratchDatabase& database) : database_(database) {
    database_.Run(R"sql(
      CREATE TABLE test_released (room text);
      CREATE FUNCTION test_hold() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        WHILE NOT EXISTS (SELECT 1 FROM test_released) LOOP
          PERFORM pg_sleep(0.002);
        END LOOP;
        RETURN NEW;
      END $$;
      CREATE TRIGGER test_hold BEFORE INSERT ON rooms FOR EACH ROW
        WHEN (NEW.display_name = 'held') EXECUTE FUNCTION test_hold();
    )sql");
  }
  ~HeldCreation() {
    Release();
    database_.Run(
        "DROP TRIGGER test_hold ON rooms; DROP FUNCTION test_hold; DROP TABLE test_released");
  }
  HeldCreation(const HeldCreation&) = delete;
  HeldCreation& operator=(const HeldCreation&) = delete;

  // Waits until one is there; false when none comes.
  bool AwaitOne() const {
    const absl::Time until = absl::Now() + kPatience;
    while (absl::Now() < until) {
      if (database_.Ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                        "AND wait_event = 'PgSleep'") != "0") {
        return true;
      }
    }
    return false;
  }
  void Release() { database_.Run("INSERT INTO test_released VALUES ('held')"); }

 private:
  ScratchDatabase& database_;
};

class GracefulStopTest : public ::testing::Test {
 protected:
  ::roomService::RoomCreateReply CreateHeldRoom(grpc::Status* status) {
    ::roomService::RoomCreateRequest request;
    request.mutable_accessinfo()->set_accesstoken(admin_.access_token);
    request.mutable_room()->set_displayname("held");
    grpc::ClientContext context;
    ::roomService::RoomCreateReply reply;
    *status = house_.room().Create(&context, request, &reply);
    return reply;
  }
  grpc::Status ListRooms(::roomService::RoomListReply* reply, const std::string& only = "") {
    ::roomService::RoomListRequest request;
    request.mutable_accessinfo()->set_accesstoken(admin_.access_token);
    if (!only.empty()) request.add_filterroomids(only);
    grpc::ClientContext context;
    return house_.room().List(&context, request, reply);
  }
  // Waits until calls are refused as UNAVAILABLE. Those before are answered; what comes in between
  // the decision to stop and the client's knowledge of it gRPC itself cancels (server.cc,
  // StartNewRpc).
  bool AwaitRefusal() {
    const absl::Time until = absl::Now() + kPatience;
    while (absl::Now() < until) {
      ::roomService::RoomListReply list;
      const grpc::StatusCode code = ListRooms(&list).error_code();
      if (code == grpc::StatusCode::UNAVAILABLE) return true;
      EXPECT_TRUE(code == grpc::StatusCode::OK || code == grpc::StatusCode::CANCELLED) << code;
    }
    return false;
  }
  // As a load balancer asks.
  bool IsServing(const std::string& service) {
    grpc::ClientContext context;
    HealthCheckResponse response;
    const grpc::Status status =
        Health::NewStub(house_.channel(service))->Check(&context, HealthCheckRequest(), &response);
    return status.ok() && response.status() == HealthCheckResponse::SERVING;
  }
  bool AwaitNotServing(const std::string& service) {
    const absl::Time until = absl::Now() + kPatience;
    while (absl::Now() < until) {
      if (!IsServing(service)) return true;
    }
    return false;
  }

  House& house_ = House::Get();
  const SignedIn admin_ = house_.SignIn(house_.acme());
};

TEST_F(GracefulStopTest, ARunningCallIsFinishedAndNewOnesAreRefused) {
  HeldCreation held(house_.database("room"));
  grpc::Status created;
  auto creation =
      std::async(std::launch::async, [this, &created] { return CreateHeldRoom(&created); });
  ASSERT_TRUE(held.AwaitOne()) << house_.Log("room");

  auto stop = std::async(std::launch::async, [this] { return house_.Stop("room"); });
  EXPECT_TRUE(AwaitNotServing("room"));
  EXPECT_TRUE(AwaitRefusal());
  EXPECT_EQ(stop.wait_for(std::chrono::seconds(0)), std::future_status::timeout)
      << "it has not waited for the call";

  held.Release();
  const ::roomService::RoomCreateReply room = creation.get();
  ::roomService::RoomListReply list;
  EXPECT_TRUE(created.ok()) << created.error_message();
  EXPECT_EQ(room.replyinfo().statuscode(), ::common::OK) << room.ShortDebugString();
  EXPECT_EQ(stop.get(), 0) << house_.Log("room");
  house_.Start("room");
  ASSERT_TRUE(ListRooms(&list, room.roomid()).ok());
  EXPECT_EQ(list.rooms_size(), 1);
}

TEST_F(GracefulStopTest, WhoWatchesTheHealthOfAServerIsToldThatItStops) {
  for (const std::string& service : House::Services()) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
    const auto watch =
        Health::NewStub(house_.channel(service))->Watch(&context, HealthCheckRequest());
    HealthCheckResponse response;
    ASSERT_TRUE(watch->Read(&response)) << service;
    EXPECT_EQ(response.status(), HealthCheckResponse::SERVING) << service;

    auto stop = std::async(std::launch::async, [&] { return house_.Stop(service); });
    EXPECT_TRUE(watch->Read(&response)) << service;
    EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING) << service;
    EXPECT_FALSE(watch->Read(&response)) << service;
    EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE) << service;
    EXPECT_EQ(stop.get(), 0) << service << "\n" << house_.Log(service);
    house_.Start(service);
  }
}

// gRPC serves reflection itself, on streams that stay open as long as their client likes.
TEST_F(GracefulStopTest, AForgottenReflectionClientDoesNotHoldItUp) {
  OwnServer server({.flags = {"--reflection", "--longest_drain=60s"}});
  grpc::GenericStub stub(server.NewChannel());
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  const auto stream = stub.PrepareCall(
      &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  const auto done = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  stream->StartCall(nullptr);
  ASSERT_TRUE(done());
  grpc::Slice empty;
  stream->Write(grpc::ByteBuffer(&empty, 1), nullptr);
  ASSERT_TRUE(done());
  grpc::ByteBuffer answer;
  stream->Read(&answer, nullptr);
  ASSERT_TRUE(done());  // it runs
  const absl::Time asked = absl::Now();
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Wait(kPatience), 0) << server.Log();
  EXPECT_LT(absl::Now() - asked, absl::Seconds(20)) << "that was the drain";
  grpc::Status status;
  stream->Finish(&status, nullptr);
  done();
}

TEST_F(GracefulStopTest, WhateverHangsTheProcessEndsFiveSecondsAfterTheDrain) {
  HeldCreation held(house_.database("room"));
  OwnServer server(
      {.service = "room",
       .flags = {"--longest_drain=1s", "--longest_call=60s", "--statement_timeout=60s"}});
  auto creation = std::async(std::launch::async, [&] {
    ::roomService::RoomCreateRequest request;
    request.mutable_accessinfo()->set_accesstoken(admin_.access_token);
    request.mutable_room()->set_displayname("held");
    grpc::ClientContext context;
    ::roomService::RoomCreateReply reply;
    return ::roomService::roomService::NewStub(server.NewChannel())
        ->Create(&context, request, &reply);
  });
  ASSERT_TRUE(held.AwaitOne()) << server.Log();
  const absl::Time asked = absl::Now();
  server.process().Signal(SIGTERM);
  const int code = server.process().Wait(absl::Seconds(60));
  EXPECT_LT(absl::Now() - asked, absl::Seconds(20));
  // 1 where it had to be ended; the line says in which stage.
  if (code != 0) {
    EXPECT_EQ(code, 1);
    EXPECT_THAT(server.Log(), HasSubstr("the stop took too long"));
  }
  EXPECT_FALSE(creation.get().ok());
}

// Before the first connect succeeds.
TEST_F(GracefulStopTest, AServerThatWaitsForASilentDatabaseEndsAtOnce) {
  const int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name = {};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(name);
  ASSERT_EQ(bind(silent, reinterpret_cast<sockaddr*>(&name), size), 0);
  ASSERT_EQ(listen(silent, 16), 0);
  ASSERT_EQ(getsockname(silent, reinterpret_cast<sockaddr*>(&name), &size), 0);
  for (const std::string& mode : {std::string("--log_level=info"), std::string("--migrate")}) {
    OwnServer server(
        {.flags = {absl::StrCat("--database=host=127.0.0.1 dbname=x port=", ntohs(name.sin_port)),
                   mode},
         .await_serving = false});
    const int asked = accept(silent, nullptr, nullptr);  // it waits for an answer now
    ASSERT_GE(asked, 0);
    server.process().Signal(SIGTERM);
    // Without its work, migrating has failed; a server that never served has lost nothing.
    EXPECT_EQ(server.process().Wait(absl::Seconds(20)), mode == "--migrate" ? 1 : 0)
        << server.Log();
    close(asked);
  }
  close(silent);
}

}  // namespace graceful_stop_test
}  // namespace usher

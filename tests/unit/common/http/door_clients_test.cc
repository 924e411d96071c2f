// Clients of the JSON door who are many, who read slowly, and who leave.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "tests/unit/common/http/door_test_base.h"

namespace usher::http {
namespace door_clients_test {

using DoorClientsTest = DoorTestBase;

TEST_F(DoorClientsTest, WhoGoesAwayIsNoticedByCallsThatTakeLong) {
  absl::Notification begun;
  absl::Notification ended;
  std::atomic<bool> noticed{false};
  server_.rpc().update = [&](const Caller& caller, const auto&, auto&) {
    begun.Notify();
    for (int i = 0; i < 10'000 && !noticed; ++i) {
      noticed = caller.call().IsCancelled();
      absl::SleepFor(absl::Milliseconds(1));
    }
    ended.Notify();
    return absl::OkStatus();
  };
  Start();
  {
    RawHttp client = Connect();
    client.Send(
        HttpPost(kUpdate, absl::StrCat(R"({"accessInfo":{"accessToken":")", Token(), R"("}})")));
    begun.WaitForNotification();
  }
  ended.WaitForNotification();
  EXPECT_TRUE(noticed.load());
}

TEST_F(DoorClientsTest, CallsThatRunAreFinishedWhenTheServerStops) {
  absl::Notification begun;
  absl::Notification go_on;
  server_.rpc().update = [&](const auto&, const auto&, auto&) {
    begun.Notify();
    go_on.WaitForNotification();
    return absl::OkStatus();
  };
  Start();
  RawHttp idle = Connect();
  EXPECT_EQ(idle.Ask(HttpPost(kAvailable, "{}")).status, 200);
  RawHttp client = Connect();
  client.Send(
      HttpPost(kUpdate, absl::StrCat(R"({"accessInfo":{"accessToken":")", Token(), R"("}})")));
  begun.WaitForNotification();
  std::thread drain([&] { server_.server().Drain(absl::Now() + absl::Seconds(30)); });
  EXPECT_TRUE(idle.AwaitEnd());
  go_on.Notify();
  const HttpAnswer answer = client.Answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.AwaitEnd());
  drain.join();
  EXPECT_EQ(server_.door().counters().connections.load(), 0U);
}

TEST_F(DoorClientsTest, WhoAsksAndStopsSendingIsAnswered) {
  Start();
  RawHttp client = Connect();
  client.Send(HttpPost(kAvailable, "{}"));
  client.EndSending();
  EXPECT_EQ(client.Answer().status, 200);
  EXPECT_TRUE(client.AwaitEnd());
}

TEST_F(DoorClientsTest, ManyClientsAreAnsweredAtOnce) {
  Start();
  std::vector<RawHttp> clients;
  for (int i = 0; i < 64; ++i) clients.push_back(Connect());
  for (int round = 0; round < 20; ++round) {
    for (RawHttp& client : clients) {
      client.Send(
          HttpPost(kList, absl::StrCat(R"({"accessInfo":{"accessToken":")", Token(), R"("}})")));
    }
    for (RawHttp& client : clients) ASSERT_EQ(client.Answer().status, 200);
  }
  EXPECT_EQ(server_.door().counters().requests.load(), 64U * 20U);
  EXPECT_GT(server_.door().counters().received.load(), 0U);
  EXPECT_GT(server_.door().counters().sent.load(), 0U);
}

TEST_F(DoorClientsTest, ALargeAnswerReachesASlowReader) {
  server_.rpc().list = [](const auto&, const auto&, auto& reply) {
    for (int i = 0; i < 300; ++i) {
      (*reply.mutable_companies())[absl::StrCat(i)].set_displayname(std::string(10'000, 'x'));
    }
    return absl::OkStatus();
  };
  Start();
  const HttpAnswer answer = Post(kList);
  EXPECT_EQ(answer.status, 200);
  EXPECT_GT(answer.body.size(), 3'000'000U);
}

}  // namespace door_clients_test
}  // namespace usher::http

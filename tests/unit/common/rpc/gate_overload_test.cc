// The gate when there is too much to do, and when the server stops.
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "tests/support/gate_server.h"

namespace usher::rpc {
namespace gate_overload_test {

grpc::Status List(GateServer& server, absl::Duration patience = absl::InfiniteDuration()) {
  ::companyService::CompanyListRequest request;
  request.mutable_accessinfo()->set_accesstoken(server.Token());
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
  ::companyService::CompanyListReply reply;
  return server.stub().companyList(&context, request, &reply);
}

TEST(GateOverload, RefusesACallThatDoesNotFitTheQueue) {
  GateServer server({.store_threads = 1, .store_queue = 0});
  server.rpc().list = [](const auto&, const auto&, auto&) -> absl::Status {
    ADD_FAILURE() << "the body ran";
    return absl::OkStatus();
  };
  server.Start();
  const grpc::Status status = List(server);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_NE(status.error_message().find("try again"), std::string::npos);
}

grpc::StatusCode HashOfAStranger(GateServer& server, absl::Duration patience) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
  ::roomService::RoomListReply reply;
  return ::roomService::RoomService::NewStub(server.channel())
      ->List(&context, {}, &reply)
      .error_code();
}

grpc::StatusCode HashOfAKnownCaller(GateServer& server) {
  ::roomService::RoomPermissionsRequest request;
  request.mutable_accessinfo()->set_accesstoken(server.Token());
  grpc::ClientContext context;
  ::roomService::RoomPermissionsReply reply;
  return ::roomService::RoomService::NewStub(server.channel())
      ->Permissions(&context, request, &reply)
      .error_code();
}

// A stranger who is refused may come again at once.
TEST(GateOverload, TellsAStrangerLateThatTooManyWaitToBeHashedAndAKnownCallerAtOnce) {
  GateServer server({.store_threads = 1, .hash_threads = 1, .hash_queue = 0});
  server.Start();
  std::atomic<bool> stranger_told{false};
  std::thread stranger([&] {
    const absl::Time began = absl::Now();
    EXPECT_EQ(HashOfAStranger(server, absl::Seconds(60)), grpc::StatusCode::RESOURCE_EXHAUSTED);
    stranger_told = true;
    EXPECT_GE(absl::Now() - began, Gate::kLongestRefusal);
  });
  while (server.lanes().hash.refused() == 0) std::this_thread::yield();
  EXPECT_EQ(HashOfAKnownCaller(server), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_FALSE(stranger_told);
  stranger.join();
}

TEST(GateOverload, TellsAStrangerWithinTheTimeThatItWaitsThatTooManyWaitToBeHashed) {
  GateServer server({.store_threads = 1, .hash_threads = 1, .hash_queue = 0});
  server.Start();
  EXPECT_EQ(HashOfAStranger(server, absl::Milliseconds(500)), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(GateOverload, DropsACallWhoseTimeWasUpInTheQueue) {
  // By this clock the ten seconds of a call are long over.
  const FakeClock behind(absl::Now() - absl::Hours(1));
  GateServer server({.store_threads = 1}, behind);
  server.rpc().list = [](const auto&, const auto&, auto&) -> absl::Status {
    ADD_FAILURE() << "the body ran";
    return absl::OkStatus();
  };
  server.Start();
  const grpc::Status status = List(server);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_NE(status.error_message().find("waited"), std::string::npos) << status.error_message();
}

TEST(GateOverload, DoesNotDoWhatTheClientNoLongerWaitsFor) {
  absl::Notification entered;
  absl::Notification released;
  std::atomic<int> bodies{0};
  GateServer server({.store_threads = 1});
  server.rpc().list = [&](const auto&, const auto&, auto&) {
    if (++bodies == 1) {
      entered.Notify();
      released.WaitForNotification();
    }
    return absl::OkStatus();
  };
  server.Start();
  std::thread first([&] { EXPECT_TRUE(List(server).ok()); });
  entered.WaitForNotification();
  std::thread second([&] {
    EXPECT_EQ(List(server, absl::Seconds(1)).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  });
  while (server.lanes().store.waiting() == 0) std::this_thread::yield();
  // What the client waits for a second for, the server gives up a second after it arrived.
  const absl::Time given_up = absl::Now() + absl::Seconds(1.1);
  second.join();
  while (absl::Now() < given_up) std::this_thread::yield();
  released.Notify();
  first.join();
  EXPECT_TRUE(List(server).ok());  // behind the one that was given up
  EXPECT_EQ(bodies, 2);
}

TEST(GateOverload, KeepsTheLanesApart) {
  absl::Notification entered;
  absl::Notification released;
  GateServer server({.store_threads = 1, .slow_threads = 1});
  server.rpc().update = [&](const auto&, const auto&, auto&) {
    entered.Notify();
    released.WaitForNotification();
    return absl::OkStatus();
  };
  server.Start();
  std::thread slow([&] {
    ::companyService::CompanyUpdateRequest request;
    request.mutable_accessinfo()->set_accesstoken(server.Token());
    grpc::ClientContext context;
    ::common::ReplyInfo reply;
    EXPECT_TRUE(server.stub().companyUpdate(&context, request, &reply).ok());
  });
  entered.WaitForNotification();
  EXPECT_TRUE(List(server).ok());
  released.Notify();
  slow.join();
}

TEST(GateStop, LetsARunningCallFinish) {
  absl::Notification entered;
  absl::Notification released;
  GateServer server;
  server.rpc().list = [&](const auto&, const auto&, auto&) {
    entered.Notify();
    released.WaitForNotification();
    return absl::OkStatus();
  };
  server.Start();
  std::thread client([&] { EXPECT_TRUE(List(server).ok()); });
  entered.WaitForNotification();
  std::thread stopper([&] { server.server().Drain(absl::Now() + absl::Seconds(60)); });
  released.Notify();
  client.join();
  stopper.join();
  EXPECT_EQ(List(server).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(GateStop, OutlivesABodyThatTakesLongerThanTheDrain) {
  absl::Notification entered;
  absl::Notification released;
  GateServer server;
  server.rpc().list = [&](const auto&, const auto&, auto&) {
    entered.Notify();
    released.WaitForNotification();
    return absl::OkStatus();
  };
  server.Start();
  std::thread client([&] { EXPECT_FALSE(List(server).ok()); });
  entered.WaitForNotification();
  std::thread stopper([&] { server.Stop(); });
  client.join();  // cancelled by the stop, while the body still runs
  released.Notify();
  stopper.join();
}

// C17: a call that has arrived while the polling thread was busy, and whose event nobody has taken
// yet when the stop gives up waiting.
TEST(GateStop, WaitsForCallsWhoseArrivalNobodyHasSeenYet) {
  constexpr int kCalls = 4;
  absl::Notification sent;
  absl::Notification entered;
  absl::Notification released;
  std::atomic<int> bodies{0};
  GateServer server;
  server.rpc().available = [&](const auto&, const auto&, auto&) {  // on the polling thread
    const int body = ++bodies;
    // Meanwhile the others come to lie in the socket: they will arrive all at once.
    if (body == 1) sent.WaitForNotification();
    if (body == 2) {
      entered.Notify();
      released.WaitForNotification();
    }
    return absl::OkStatus();
  };
  server.Start();
  grpc::CompletionQueue queue;
  struct Call {
    grpc::ClientContext context;
    ::companyService::CompanyAvailableReply reply;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncResponseReader<::companyService::CompanyAvailableReply>>
        reader;
  };
  std::vector<Call> calls(kCalls);
  for (Call& call : calls) {
    call.context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    call.reader = server.stub().AsynccompanyAvailable(
        &call.context, ::companyService::CompanyAvailableRequest(), &queue);
    call.reader->Finish(&call.reply, &call.status, &call);
    if (&call == &calls.front()) {
      while (bodies.load() == 0) std::this_thread::yield();
    }
  }
  sent.Notify();
  entered.WaitForNotification();
  std::thread stopper([&] { server.Stop(); });
  void* tag = nullptr;
  bool ok = false;
  // The first was answered; the others are cancelled by the stop.
  for (int ended = 0; ended < kCalls; ++ended) queue.Next(&tag, &ok);
  released.Notify();
  stopper.join();
  EXPECT_TRUE(calls.front().status.ok());
  EXPECT_FALSE(calls.back().status.ok());
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
}

TEST(GateStop, MayComeBeforeTheFirstCall) {
  GateServer server;
  server.Start();
  server.Stop();
}

TEST(ServerStart, SaysWhichAddressItCannotHave) {
  GateServer server;
  server.Start();
  server::ListenOptions options;
  options.plain = server.server().ports()[0].address;
  HealthRpc health;
  const auto second = server::Server::Start(options, {}, {&health});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(second.status().message().find(options.plain), absl::string_view::npos);
}

}  // namespace gate_overload_test
}  // namespace usher::rpc

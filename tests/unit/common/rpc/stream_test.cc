// Server streams through the gate, with real clients.
#include <gmock/gmock.h>
#include <grpcpp/support/sync_stream.h>
#include <sodium.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "tests/support/gate_server.h"

namespace usher::rpc {
namespace stream_test {

using ::roomService::RoomStatusReply;
using ::roomService::RoomStatusRequest;
using ::testing::HasSubstr;
using Reader = std::unique_ptr<grpc::ClientReader<RoomStatusReply>>;

class StreamTest : public ::testing::Test {
 protected:
  explicit StreamTest(GateOptions options = {})
      : server_({.store_threads = 2, .slow_threads = 2}, RealClock(), std::move(options)) {
    server_.rpc().follow = [this](const Caller&, const auto&, Stream<RoomStatusReply> stream) {
      const absl::MutexLock lock(&mutex_);
      streams_.push_back(std::move(stream));
      return absl::OkStatus();
    };
  }

  static const Clock& RealClock() {
    static const SystemClock clock;
    return clock;
  }

  Reader Open(grpc::ClientContext* context, const std::string& token) {
    static const grpc::internal::RpcMethod method("/roomService.RoomService/Status",
                                                  grpc::internal::RpcMethod::SERVER_STREAMING);
    RoomStatusRequest request;
    request.mutable_accessinfo()->set_accesstoken(token);
    request.mutable_accessinfo()->set_requestid("r");
    context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    return Reader(grpc::internal::ClientReaderFactory<RoomStatusReply>::Create(
        (channel_ == nullptr ? server_.channel() : channel_).get(), method, context, request));
  }
  // The stream that the body was given as the `number`th.
  Stream<RoomStatusReply> Opened(size_t number = 0) {
    const auto is_there = [this, number]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return streams_.size() > number;
    };
    const absl::MutexLock lock(&mutex_);
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&is_there), absl::Seconds(30)));
    return streams_.at(number);
  }
  static RoomStatusReply AReply(const std::string& text) {
    RoomStatusReply reply;
    reply.mutable_replyinfo()->set_statusmessage(text);
    return reply;
  }

  absl::Mutex mutex_;
  std::vector<Stream<RoomStatusReply>> streams_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<grpc::Channel> channel_;  // in place of the server's, where there is one
  GateServer server_;
};

TEST_F(StreamTest, BringsWhatIsSentInItsOrderAndEndsWhenItIsClosed) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, server_.Token());
  const auto stream = Opened();
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(stream.Send(AReply(absl::StrCat(i))));
  stream.Close(absl::OkStatus());
  EXPECT_TRUE(stream.closed());
  EXPECT_FALSE(stream.Send(AReply("late")));
  RoomStatusReply reply;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(reader->Read(&reply));
    EXPECT_EQ(reply.replyinfo().statusmessage(), absl::StrCat(i));
  }
  EXPECT_FALSE(reader->Read(&reply));
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(StreamTest, IsRefusedLikeACallWithoutAGoodToken) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, "nonsense");
  RoomStatusReply reply;
  ASSERT_TRUE(reader->Read(&reply));
  EXPECT_EQ(reply.replyinfo().statuscode(), ::common::AUTHENTICATION_ERROR);
  EXPECT_EQ(reply.replyinfo().requestid(), "r");
  EXPECT_FALSE(reader->Read(&reply));
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(StreamTest, MayBeSentOnByManyThreads) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, server_.Token());
  const auto stream = Opened();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) stream.Send(AReply("x"));
    });
  }
  RoomStatusReply reply;
  int read = 0;
  while (read < 800 && reader->Read(&reply)) ++read;
  EXPECT_EQ(read, 800);
  for (std::thread& thread : threads) thread.join();
  stream.Close(absl::OkStatus());
  EXPECT_FALSE(reader->Read(&reply));
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(StreamTest, AClientThatReadsTooSlowlyIsCutOffHoldsLittleAndIsToldWhy) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, server_.Token());
  const auto stream = Opened();
  int sent = 0;
  while (sent < 10000 && stream.Send(AReply(std::string(100 * 1024, 'x')))) ++sent;
  EXPECT_LT(sent, 200);
  EXPECT_TRUE(stream.closed());
  EXPECT_EQ(stream.waiting(), 0u);
  RoomStatusReply reply;
  while (reader->Read(&reply)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(StreamTest, EndsWhenItsTokenIsRevoked) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, server_.Token());
  const auto stream = Opened();
  server_.gate().JudgeStreams();
  EXPECT_FALSE(stream.closed());
  server_.revocations().Add({.sequence = 1,
                             .kind = token::RevocationKind::kUser,
                             .company = CompanyId("acme"),
                             .subject = token::kUser,
                             .issued_until = absl::InfiniteFuture(),
                             .reason = token::RevocationReason::kAccountInactive});
  server_.gate().JudgeStreams();
  RoomStatusReply reply;
  EXPECT_FALSE(reader->Read(&reply));
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(status.error_message(), HasSubstr("ACCOUNT_STATUS_ERROR"));
  EXPECT_TRUE(stream.closed());
}

// Else ten thousand of them would take the places of the tokens of calls, second by second.
TEST_F(StreamTest, ToBeJudgedTakesNoPlaceAmongTheTokensThatAreRemembered) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, server_.Token());
  const auto stream = Opened();
  const uint64_t hits = server_.verifier().cache_hits();
  server_.gate().JudgeStreams();
  EXPECT_FALSE(stream.closed());
  EXPECT_EQ(server_.verifier().cache_hits(), hits);
  stream.Close(absl::OkStatus());
}

TEST_F(StreamTest, EndsWhenItsTokenExpires) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, server_.Token());
  Opened();
  server_.clock().Advance(absl::Hours(2));
  server_.gate().JudgeStreams();
  RoomStatusReply reply;
  EXPECT_FALSE(reader->Read(&reply));
  EXPECT_THAT(reader->Finish().error_message(), HasSubstr("TOKEN_OUTDATED"));
}

TEST_F(StreamTest, EndsWhenTheServerStops) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, server_.Token());
  Opened();
  server_.gate().EndStreams();
  const absl::Time begun = absl::Now();
  server_.server().Drain(absl::Now() + absl::Seconds(60));
  EXPECT_LT(absl::Now() - begun, absl::Seconds(30));
  RoomStatusReply reply;
  EXPECT_FALSE(reader->Read(&reply));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(StreamTest, OutlivesTheServerInTheHandsOfWhoHoldsIt) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, server_.Token());
  const auto stream = Opened();
  server_.Stop();
  EXPECT_TRUE(stream.closed());
  EXPECT_FALSE(stream.Send(AReply("late")));
  stream.Close(absl::OkStatus());
  RoomStatusReply reply;
  EXPECT_FALSE(reader->Read(&reply));
  EXPECT_FALSE(reader->Finish().ok());
}

class StreamLimitTest : public StreamTest {
 protected:
  StreamLimitTest() : StreamTest({.most_streams = 3, .most_streams_of_one = 2}) {}
};

TEST_F(StreamLimitTest, OneCallerHasSoManyAndTheProcessSoMany) {
  server_.Start();
  grpc::ClientContext contexts[4];
  const Reader first = Open(&contexts[0], server_.Token());
  const Reader second = Open(&contexts[1], server_.Token());
  Opened(1);
  const Reader third = Open(&contexts[2], server_.Token());
  RoomStatusReply reply;
  EXPECT_FALSE(third->Read(&reply));
  EXPECT_EQ(third->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  Opened(0).Close(absl::OkStatus());
  const Reader fourth = Open(&contexts[3], server_.Token());
  Opened(2).Close(absl::OkStatus());
  EXPECT_FALSE(fourth->Read(&reply));
  EXPECT_TRUE(fourth->Finish().ok());
  Opened(1).Close(absl::OkStatus());
}

class StreamMemoryTest : public StreamTest {
 protected:
  StreamMemoryTest() : StreamTest({.most_stream_bytes_of_one = 1024 * 1024}) {}

  // A client's windows, which do not grow, hold little of what it does not read.
  void StartForSlowReaders() {
    server_.Start();
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channel_ = grpc::CreateCustomChannel(server_.server().ports()[0].address,
                                         grpc::InsecureChannelCredentials(), arguments);
  }
  std::string TokenOf(const char* user) const {
    return server_.Token([user](token::AccessToken& token) { token.user = UserId(user); });
  }
  // How much fits until it is cut off.
  static size_t Fill(const Stream<RoomStatusReply>& stream) {
    constexpr size_t kPiece = 10 * 1024;
    size_t sent = 0;
    while (stream.waiting() < 1000 && stream.Send(AReply(std::string(kPiece, 'x')))) {
      sent += kPiece;
    }
    return sent;
  }
};

// A megabyte each would be two hundred, for each user who writes what they do not read.
TEST_F(StreamMemoryTest, WhatWaitsForOneCallerIsBoundedWhateverStreamsTheyHave) {
  StartForSlowReaders();
  grpc::ClientContext contexts[4];
  const Reader first = Open(&contexts[0], server_.Token());
  const auto full = Opened(0);
  for (int i = 0; i < 80; ++i) ASSERT_TRUE(full.Send(AReply(std::string(10 * 1024, 'x'))));
  const Reader second = Open(&contexts[1], server_.Token());
  EXPECT_LT(Fill(Opened(1)), 700 * 1024u);
  EXPECT_TRUE(Opened(1).closed());
  EXPECT_LE(server_.gate().stream_bytes().taken(), 1024 * 1024u);
  // Nobody else is meant, and what little there is of one who reads is not counted.
  const Reader of_another = Open(&contexts[2], TokenOf("018f0000-0000-7000-8000-000000000042"));
  EXPECT_TRUE(Opened(2).Send(AReply(std::string(100 * 1024, 'x'))));
  const Reader third = Open(&contexts[3], server_.Token());
  EXPECT_TRUE(Opened(3).Send(AReply("x")));
  for (grpc::ClientContext& context : contexts) context.TryCancel();
  for (const Reader* reader : {&first, &second, &of_another, &third}) (*reader)->Finish();
  server_.Stop();
  EXPECT_EQ(server_.gate().stream_bytes().taken(), 0u);
}

// C10: what one polling thread deletes, no other one may touch. The pauses make their events
// overlap.
TEST_F(StreamTest, WithSeveralPollersNoneTouchesWhatAnotherDeleted) {
  StreamCall::SetPause([] { absl::SleepFor(absl::Microseconds(randombytes_uniform(1500))); });
  server_.Start(/*pollers=*/4);
  server_.health().SetServing(true);
  std::atomic<bool> done{false};
  std::thread sender([&] {
    while (!done.load()) {
      std::vector<Stream<RoomStatusReply>> streams;
      {
        const absl::MutexLock lock(&mutex_);
        streams = streams_;
      }
      for (const auto& stream : streams) stream.Send(AReply("x"));
      if (randombytes_uniform(4) == 0 && !streams.empty()) {
        streams[randombytes_uniform(static_cast<uint32_t>(streams.size()))].Close(absl::OkStatus());
      }
      std::this_thread::yield();
    }
  });
  std::vector<std::thread> clients;
  for (int t = 0; t < 4; ++t) {
    clients.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        grpc::ClientContext context;
        const Reader reader = Open(&context, server_.Token());
        RoomStatusReply reply;
        if (i % 3 != 0) reader->Read(&reply);
        context.TryCancel();
        reader->Finish();
      }
    });
  }
  for (std::thread& client : clients) client.join();
  done.store(true);
  sender.join();
  server_.Stop();
  StreamCall::SetPause(nullptr);
}

}  // namespace stream_test
}  // namespace usher::rpc

// Server streams through the gate, with real clients.
#include <gmock/gmock.h>
#include <sodium.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/unit/common/rpc/stream_test_base.h"

namespace usher::rpc {
namespace stream_test {

using ::testing::HasSubstr;

using StreamTest = StreamTestBase;

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

class StreamLimitTest : public StreamTestBase {
 protected:
  StreamLimitTest() : StreamTestBase({.most_streams = 3, .most_streams_of_one = 2}) {}
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

class StreamMemoryTest : public StreamTestBase {
 protected:
  StreamMemoryTest() : StreamTestBase({.most_stream_bytes_of_one = 1024 * 1024}) {}

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

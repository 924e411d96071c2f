// What the tests of server streams stand on: a body that keeps what it is given, and real clients.
#pragma once

#include <grpcpp/support/sync_stream.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "tests/support/gate_server.h"

namespace usher::rpc {

class StreamTestBase : public ::testing::Test {
 protected:
  using RoomStatusReply = ::roomService::RoomStatusReply;
  using Reader = std::unique_ptr<grpc::ClientReader<RoomStatusReply>>;

  explicit StreamTestBase(GateOptions options = {})
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
    ::roomService::RoomStatusRequest request;
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

}  // namespace usher::rpc

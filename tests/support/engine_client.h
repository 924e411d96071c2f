// A media engine, as far as tests play one: a stream of commands that a thread reads, and reports.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>
#include <usher/engine/v1/engine.grpc.pb.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace usher {

inline constexpr absl::Duration kEnginePatience = absl::Seconds(30);

// An open stream of commands. Ends with the object.
class CommandStream {
 public:
  CommandStream(::usher::engine::v1::EngineService::Stub& stub, const std::string& token,
                const std::string& engine) {
    ::usher::engine::v1::WatchCommandsRequest request;
    request.mutable_accessinfo()->set_accesstoken(token);
    request.set_engine_id(engine);
    reader_ = stub.watchCommands(&context_, request);
    thread_ = std::thread([this] { Read(); });
  }
  ~CommandStream() {
    context_.TryCancel();
    thread_.join();
  }

  // Waits until a command comes that is `wanted`; false when there is none for so long.
  bool Await(absl::FunctionRef<bool(const ::usher::engine::v1::Command&)> wanted,
             absl::Duration patience = kEnginePatience) {
    const absl::MutexLock lock(&mutex_);
    const auto is_there = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      for (const auto& command : commands_) {
        if (wanted(command)) return true;
      }
      return false;
    };
    return mutex_.AwaitWithTimeout(absl::Condition(&is_there), patience);
  }
  // Until the stream is open.
  bool AwaitWelcome() {
    return Await([](const auto& command) { return command.has_welcome(); });
  }
  // How the stream ended; OK when it goes on after so long.
  grpc::Status AwaitEnd(absl::Duration patience = kEnginePatience) {
    const absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&ended_), patience);
    return status_;
  }
  std::vector<::usher::engine::v1::Command> commands() const {
    const absl::MutexLock lock(&mutex_);
    return commands_;
  }

 private:
  void Read() {
    ::usher::engine::v1::Command command;
    while (reader_->Read(&command)) {
      const absl::MutexLock lock(&mutex_);
      commands_.push_back(command);
    }
    const grpc::Status status = reader_->Finish();
    const absl::MutexLock lock(&mutex_);
    status_ = status;
    ended_ = true;
  }

  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<::usher::engine::v1::Command>> reader_;
  mutable absl::Mutex mutex_;
  std::vector<::usher::engine::v1::Command> commands_ ABSL_GUARDED_BY(mutex_);
  grpc::Status status_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Thread-safe. Replies are empty with their gRPC status in `statusMessage` when a call was not
// decided.
class EngineClient {
 public:
  EngineClient(const std::shared_ptr<grpc::Channel>& channel, std::string token, std::string name)
      : stub_(::usher::engine::v1::EngineService::NewStub(channel)),
        token_(std::move(token)),
        name_(std::move(name)) {}

  std::unique_ptr<CommandStream> Watch() {
    return std::make_unique<CommandStream>(*stub_, token_, name_);
  }

  ::usher::engine::v1::ReportReply Report(::usher::engine::v1::ReportRequest request) {
    ::usher::engine::v1::ReportReply reply;
    grpc::ClientContext context;
    Sign(&context, request);
    Note(stub_->report(&context, request, &reply), reply);
    return reply;
  }
  ::usher::engine::v1::AcknowledgeReply Acknowledge(const std::vector<std::string>& ids) {
    ::usher::engine::v1::AcknowledgeRequest request;
    for (const std::string& id : ids) request.add_command_ids(id);
    ::usher::engine::v1::AcknowledgeReply reply;
    grpc::ClientContext context;
    Sign(&context, request);
    Note(stub_->acknowledge(&context, request, &reply), reply);
    return reply;
  }
  ::usher::engine::v1::FindRightsReply FindRights(::usher::engine::v1::FindRightsRequest request) {
    ::usher::engine::v1::FindRightsReply reply;
    grpc::ClientContext context;
    Sign(&context, request);
    Note(stub_->findRights(&context, request, &reply), reply);
    return reply;
  }

 private:
  template <class Request>
  void Sign(grpc::ClientContext* context, Request& request) const {
    context->set_deadline(absl::ToChronoTime(absl::Now() + kEnginePatience));
    request.mutable_accessinfo()->set_accesstoken(token_);
    request.set_engine_id(name_);
  }
  template <class Reply>
  static void Note(const grpc::Status& status, Reply& reply) {
    if (status.ok()) return;
    reply.mutable_replyinfo()->set_statuscode(::common::INTERNAL_ERROR);
    reply.mutable_replyinfo()->set_statusmessage(status.error_message());
  }

  const std::unique_ptr<::usher::engine::v1::EngineService::Stub> stub_;
  const std::string token_;
  const std::string name_;
};

}  // namespace usher

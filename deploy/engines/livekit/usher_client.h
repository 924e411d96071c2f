// What the adapter asks of usher, as one engine of one company (docs/engines.md).
#pragma once

#include <authentication/authenticationService.grpc.pb.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <usher/engine/v1/engine.grpc.pb.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace usher::livekit {

// kUnavailable where no answer came, kFailedPrecondition with usher's words where it was a no.
class Usher {
 public:
  using Command = ::usher::engine::v1::Command;

  virtual ~Usher() = default;
  virtual absl::StatusOr<::usher::engine::v1::ReportReply> Report(
      ::usher::engine::v1::ReportRequest request) = 0;
  virtual absl::StatusOr<::usher::engine::v1::FindRightsReply> FindRights(
      ::usher::engine::v1::FindRightsRequest request) = 0;
  virtual absl::Status Acknowledge(const std::vector<std::string>& command_ids) = 0;

  // Hands over commands until the stream ends, and answers why it did.
  virtual absl::Status Watch(const std::function<void(Command)>& take) = 0;
  // Ends Watch, also one that is yet to begin.
  virtual void StopWatching() = 0;
};

struct UsherOptions {
  std::string company;
  std::string client_id;
  std::string code_file;  // read for each sign-in, so that a new one counts without a restart
  std::string engine_id;
  absl::Duration longest_call = absl::Seconds(5);
};

// Thread-safe. Signs in when it has to: before a token ends, and after one was refused.
class GrpcUsher final : public Usher {
 public:
  GrpcUsher(UsherOptions options, const std::shared_ptr<grpc::Channel>& auth,
            const std::shared_ptr<grpc::Channel>& room, const Clock& clock);

  absl::StatusOr<::usher::engine::v1::ReportReply> Report(
      ::usher::engine::v1::ReportRequest request) override;
  absl::StatusOr<::usher::engine::v1::FindRightsReply> FindRights(
      ::usher::engine::v1::FindRightsRequest request) override;
  absl::Status Acknowledge(const std::vector<std::string>& command_ids) override;
  absl::Status Watch(const std::function<void(Command)>& take) override;
  void StopWatching() override;

 private:
  // With access info and engine ID put in. `call`: of a stub.
  template <class Request, class Reply, class Call>
  absl::StatusOr<Reply> Ask(Request request, Call call);
  absl::StatusOr<::common::AccessInfo> Access();
  absl::Status SignIn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SetDeadline(grpc::ClientContext* context) const;
  // The next call signs in again.
  void ForgetToken();

  const UsherOptions options_;
  const Clock& clock_;
  const std::unique_ptr<::authentication::AuthenticationService::Stub> auth_;
  const std::unique_ptr<::usher::engine::v1::EngineService::Stub> engines_;

  absl::Mutex mutex_;  // held while somebody signs in: the others would have to do so as well
  std::string token_ ABSL_GUARDED_BY(mutex_);
  absl::Time renew_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();

  absl::Mutex stream_mutex_;
  grpc::ClientContext* stream_ ABSL_GUARDED_BY(stream_mutex_) = nullptr;
  bool stopped_ ABSL_GUARDED_BY(stream_mutex_) = false;
};

}  // namespace usher::livekit

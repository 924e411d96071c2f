#include "deploy/engines/livekit/usher_client.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/printable.h"
#include "common/base/secret.h"
#include "common/status/try.h"
#include "common/token/key_file.h"

namespace usher::livekit {
namespace {

using ::usher::engine::v1::AcknowledgeReply;
using ::usher::engine::v1::AcknowledgeRequest;
using ::usher::engine::v1::FindRightsReply;
using ::usher::engine::v1::FindRightsRequest;
using ::usher::engine::v1::ReportReply;
using ::usher::engine::v1::ReportRequest;

constexpr absl::Duration kRenewBefore = absl::Minutes(5);  // the end of a token
constexpr size_t kLongestDetail = 200;                     // bytes

bool IsRefusedToken(const grpc::Status& status, const ::common::ReplyInfo& info) {
  return status.error_code() == grpc::StatusCode::UNAUTHENTICATED ||
         info.statuscode() == ::common::AUTHENTICATION_ERROR ||
         info.statuscode() == ::common::TOKEN_OUTDATED;
}

absl::Status StatusOf(const grpc::Status& status, const ::common::ReplyInfo& info) {
  if (status.ok() && info.statuscode() == ::common::OK) return absl::OkStatus();
  if (!status.ok()) {
    return absl::UnavailableError(
        absl::StrCat("gRPC status ", status.error_code(), ": ",
                     PrintableOf(status.error_message(), kLongestDetail)));
  }
  return absl::FailedPreconditionError(
      absl::StrCat(::common::ReplyStatusCode_Name(info.statuscode()), ": ",
                   PrintableOf(info.statusmessage(), kLongestDetail)));
}

}  // namespace

GrpcUsher::GrpcUsher(UsherOptions options, const std::shared_ptr<grpc::Channel>& auth,
                     const std::shared_ptr<grpc::Channel>& room, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      auth_(::authentication::AuthenticationService::NewStub(auth)),
      engines_(::usher::engine::v1::EngineService::NewStub(room)) {}

void GrpcUsher::SetDeadline(grpc::ClientContext* context) const {
  context->set_deadline(absl::ToChronoTime(absl::Now() + options_.longest_call));
}

absl::Status GrpcUsher::SignIn() {
  ASSIGN_OR_RETURN(const Secret code, token::LoadSecretFile(options_.code_file));
  ::authentication::AuthenticationRequest request;
  auto& credentials = *request.mutable_authorizationcodecredentials();
  credentials.set_companyid(options_.company);
  credentials.set_clientid(options_.client_id);
  credentials.set_code(std::string(code.Reveal()));
  ::authentication::AuthenticationReply reply;
  grpc::ClientContext context;
  SetDeadline(&context);
  const grpc::Status status = auth_->authenticate(&context, request, &reply);
  WipeText(*credentials.mutable_code());
  RETURN_IF_ERROR(StatusOf(status, reply.replyinfo()));
  const absl::Time now = clock_.Now();
  const absl::Time ends = absl::FromUnixSeconds(reply.expiresat());
  token_ = reply.accesstoken();
  renew_at_ = std::max(ends - kRenewBefore, now + (ends - now) / 2);
  return absl::OkStatus();
}

absl::StatusOr<::common::AccessInfo> GrpcUsher::Access() {
  const absl::MutexLock lock(&mutex_);
  if (clock_.Now() >= renew_at_) RETURN_IF_ERROR(SignIn());
  ::common::AccessInfo access;
  access.set_accesstoken(token_);
  access.set_requestid(absl::StrCat("engine ", options_.engine_id));
  return access;
}

template <class Request, class Reply, class Call>
absl::StatusOr<Reply> GrpcUsher::Ask(Request request, Call call) {
  ASSIGN_OR_RETURN(*request.mutable_accessinfo(), Access());
  request.set_engine_id(options_.engine_id);
  Reply reply;
  grpc::ClientContext context;
  SetDeadline(&context);
  const grpc::Status status = call(&context, request, &reply);
  if (IsRefusedToken(status, reply.replyinfo())) ForgetToken();
  RETURN_IF_ERROR(StatusOf(status, reply.replyinfo()));
  return reply;
}

absl::StatusOr<ReportReply> GrpcUsher::Report(ReportRequest request) {
  return Ask<ReportRequest, ReportReply>(std::move(request),
                                         [this](auto* context, const auto& asked, auto* reply) {
                                           return engines_->report(context, asked, reply);
                                         });
}

absl::StatusOr<FindRightsReply> GrpcUsher::FindRights(FindRightsRequest request) {
  return Ask<FindRightsRequest, FindRightsReply>(
      std::move(request), [this](auto* context, const auto& asked, auto* reply) {
        return engines_->findRights(context, asked, reply);
      });
}

absl::Status GrpcUsher::Acknowledge(const std::vector<std::string>& command_ids) {
  AcknowledgeRequest request;
  for (const std::string& id : command_ids) request.add_command_ids(id);
  return Ask<AcknowledgeRequest, AcknowledgeReply>(
             std::move(request),
             [this](auto* context, const auto& asked, auto* reply) {
               return engines_->acknowledge(context, asked, reply);
             })
      .status();
}

void GrpcUsher::ForgetToken() {
  const absl::MutexLock lock(&mutex_);
  renew_at_ = absl::InfinitePast();
}

absl::Status GrpcUsher::Watch(const std::function<void(Command)>& take) {
  ::usher::engine::v1::WatchCommandsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_accessinfo(), Access());
  request.set_engine_id(options_.engine_id);
  grpc::ClientContext context;
  {
    const absl::MutexLock lock(&stream_mutex_);
    if (stopped_) return absl::CancelledError("the adapter stops");
    stream_ = &context;
  }
  const auto reader = engines_->watchCommands(&context, request);
  ::common::ReplyInfo refusal;
  Command command;
  while (reader->Read(&command)) {
    if (command.replyinfo().statuscode() != ::common::OK) {
      refusal = command.replyinfo();
      continue;
    }
    take(std::move(command));
    command = Command();
  }
  const grpc::Status status = reader->Finish();
  {
    const absl::MutexLock lock(&stream_mutex_);
    stream_ = nullptr;
  }
  if (IsRefusedToken(status, refusal)) ForgetToken();
  RETURN_IF_ERROR(StatusOf(status, refusal));
  return absl::UnavailableError("the stream of commands ended");
}

void GrpcUsher::StopWatching() {
  const absl::MutexLock lock(&stream_mutex_);
  stopped_ = true;
  if (stream_ != nullptr) stream_->TryCancel();
}

}  // namespace usher::livekit

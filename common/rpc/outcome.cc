#include "common/rpc/outcome.h"

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"

namespace usher::rpc {
namespace {

grpc::StatusCode GrpcCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kAborted:
      return grpc::StatusCode::UNAVAILABLE;
    case absl::StatusCode::kResourceExhausted:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case absl::StatusCode::kDeadlineExceeded:
      return grpc::StatusCode::DEADLINE_EXCEEDED;
    case absl::StatusCode::kCancelled:
      return grpc::StatusCode::CANCELLED;
    case absl::StatusCode::kUnimplemented:
      return grpc::StatusCode::UNIMPLEMENTED;
    default:
      return grpc::StatusCode::INTERNAL;
  }
}

const char* GrpcName(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNAVAILABLE:
      return "grpc UNAVAILABLE";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return "grpc RESOURCE_EXHAUSTED";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "grpc DEADLINE_EXCEEDED";
    case grpc::StatusCode::CANCELLED:
      return "grpc CANCELLED";
    case grpc::StatusCode::UNIMPLEMENTED:
      return "grpc UNIMPLEMENTED";
    default:
      return "grpc INTERNAL";
  }
}

}  // namespace

Outcome OutcomeOf(const absl::Status& status) {
  Outcome outcome;
  if (status.ok()) {
    outcome.code_name = "OK";
    return outcome;
  }
  if (const auto code = ReplyCodeOf(status); code.has_value()) {
    outcome.reply_code = *code;
    outcome.reply_text = std::string(status.message());
    outcome.code_name = ::common::ReplyStatusCode_Name(*code);
    return outcome;
  }
  outcome.decided = false;
  const grpc::StatusCode code = GrpcCode(status.code());
  outcome.code_name = GrpcName(code);
  if (code == grpc::StatusCode::INTERNAL) {
    outcome.internal_text = status.ToString();
    outcome.grpc_status = grpc::Status(code, "a fault inside usher; its log has the details");
  } else if (absl::IsAborted(status)) {
    outcome.internal_text = status.ToString();
    outcome.grpc_status = grpc::Status(
        code, "another change was in the way of this one; nothing was changed, try again");
  } else {
    outcome.grpc_status = grpc::Status(code, std::string(status.message()));
  }
  return outcome;
}

absl::Status StatusOfReply(const ::common::ReplyInfo& info) {
  if (info.statuscode() == ::common::OK) return absl::OkStatus();
  return ReplyError(info.statuscode(), info.statusmessage());
}

namespace {

absl::Status StatusOfRead(grpc::StatusCode code, const std::string& service) {
  switch (code) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::CANCELLED:  // by the peer, which is stopping; we do not cancel
      return Unreachable(absl::StrCat("the ", service, " service"));
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return OutOfTime(absl::StrCat("waiting for the ", service, " service"));
    default:
      return RemoteError(service);
  }
}

absl::Status StatusOfChange(grpc::StatusCode code, const std::string& service) {
  switch (code) {
    // Answers of gRPC's that stand in front of every body.
    case grpc::StatusCode::UNIMPLEMENTED:
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::PERMISSION_DENIED:
      return RemoteError(service);
    // The peer may have carried it out and been lost on the way back, or fallen ill behind it.
    default:
      return InDoubt(
          absl::StrCat("the ", service, " service was asked, and did not say how it went"));
  }
}

}  // namespace

absl::Status StatusOfGrpc(const grpc::Status& status, const std::string& service, Effect effect) {
  const grpc::StatusCode code = status.error_code();
  if (code == grpc::StatusCode::OK) return absl::OkStatus();
  // A full queue, which is in front of every body, or changes that were rolled back (Overloaded).
  if (code == grpc::StatusCode::RESOURCE_EXHAUSTED) {
    return Overloaded(absl::StrCat("the ", service, " service"));
  }
  return effect == Effect::kReads ? StatusOfRead(code, service) : StatusOfChange(code, service);
}

}  // namespace usher::rpc

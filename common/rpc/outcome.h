// How a call ends: what the client is told, and what the log.
#pragma once

#include <common/replyInfo.pb.h>
#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/status.h"

namespace usher::rpc {

struct Outcome {
  bool decided = true;
  ::common::ReplyStatusCode reply_code = ::common::OK;  // when decided
  std::string reply_text;                               // when decided
  grpc::Status grpc_status;                             // OK exactly when decided
  std::string code_name;      // "OK", "ROOM_NOT_FOUND", "grpc UNAVAILABLE"
  std::string internal_text;  // for the log alone; faults of ours
};

// The only mapping of failures to the wire (docs/contract.md, "Outcome"). A fault of ours
// (kInternal, kUnknown) shows the client a fixed text, and so does kAborted, which carries a
// driver's.
Outcome OutcomeOf(const absl::Status& status);

// What a call to another service does there; decides what its failure means.
enum class Effect {
  kReads,    // leaves nothing behind: however it fails, nothing was changed
  kChanges,  // leaves something behind: once it was sent, only an answer tells whether it did
};

// The way back: what another service answered, or gRPC in its place once the request was sent.
absl::Status StatusOfReply(const ::common::ReplyInfo& info);
absl::Status StatusOfGrpc(const grpc::Status& status, const std::string& service, Effect effect);

}  // namespace usher::rpc

// How large an answer may be: the one place for this bound. Lists are held to it while they are
// read, so that one which will be refused is not made first.
#pragma once

#include <google/protobuf/message_lite.h>

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace usher::rpc {

// Bytes of a whole message: what gRPC clients take unless they are told otherwise
// (GRPC_DEFAULT_MAX_RECV_MESSAGE_LENGTH in grpc/impl/codegen/grpc_types.h). A larger one ends at
// the client as RESOURCE_EXHAUSTED, after all the work was done.
inline constexpr size_t kLargestReply = size_t{4} * 1024 * 1024;

// Of these, for the ReplyInfo, which the gate fills in last: a request ID of 128 bytes, the code,
// and a text that no failure of ours makes longer than this.
inline constexpr size_t kLargestReplyInfo = 1024;

// What is left for everything else in the message.
inline constexpr size_t kLargestContent = kLargestReply - kLargestReplyInfo;

// For whoever has written a list: `too_large`, and an empty reply, when it has no room left for its
// ReplyInfo.
absl::Status HoldToLargest(const absl::Status& too_large, google::protobuf::MessageLite* reply);

// MAX_SIZE_EXCEEDED. `instead` tells how to ask for less: "ask for fewer rooms with limit".
absl::Status ReplyTooLarge(absl::string_view instead);

}  // namespace usher::rpc

#include "common/rpc/gate/largest_reply.h"

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"

namespace usher::rpc {

absl::Status HoldToLargest(const absl::Status& too_large, google::protobuf::MessageLite* reply) {
  if (reply->ByteSizeLong() <= kLargestContent) return absl::OkStatus();
  reply->Clear();
  return too_large;
}

absl::Status ReplyTooLarge(absl::string_view instead) {
  return ReplyError(::common::MAX_SIZE_EXCEEDED,
                    absl::StrCat("the answer would be larger than 4 MiB; ", instead));
}

}  // namespace usher::rpc

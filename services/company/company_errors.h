// The failures of the company service, each once.
#pragma once

#include "absl/status/status.h"
#include "common/rpc/gate/largest_reply.h"

namespace usher::company {

inline absl::Status ReplyTooLarge() {
  return rpc::ReplyTooLarge(
      "ask for fewer companies with limit and companyIdFrom or companyIdList, without "
      "includeMetadata, or with returnObjectIdsOnly");
}

}  // namespace usher::company

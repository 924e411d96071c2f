// The failures of permission groups, each once.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/status/reply_error.h"
#include "services/business_logic/permission_group.h"

namespace usher::business_logic {

// Only an operator can have written so much: no request asks for some of them alone.
inline absl::Status PermissionGroupsTooLarge() {
  return rpc::ReplyTooLarge("ask your operator for fewer permission groups, or shorter names");
}

inline absl::Status TooManyPermissionGroups() {
  return ReplyError(::common::QUOTA_EXCEEDED,
                    absl::StrCat("a company has at most ", kMostPermissionGroups,
                                 " permission groups; remove some first"));
}

inline absl::Status PermissionGroupNotFound() {
  return ReplyError(::common::NOT_FOUND, "there is no such permission group in this company");
}

}  // namespace usher::business_logic

#include "services/auth/directory/directory_errors.h"

#include "common/status/reply_error.h"

namespace usher::auth {

absl::Status DirectoryFailed() {
  return ReplyError(::common::REMOTE_ERROR,
                    "the company's directory cannot be asked right now; try again later");
}

}  // namespace usher::auth

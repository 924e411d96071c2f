// usher.session.v1: messages to domain types.
#pragma once

#include <usher/session/v1/session.pb.h>

#include "absl/status/statusor.h"
#include "services/auth/session/sign_out.h"

namespace usher::auth {

// USER_ID_INVALID.
absl::StatusOr<SignOutWish> FromWire(const ::usher::session::v1::EndAllRequest& request);

}  // namespace usher::auth

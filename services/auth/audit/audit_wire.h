// Reading the audit: messages to domain types and back.
#pragma once

#include <usher/audit/v1/audit.pb.h>

#include "absl/status/statusor.h"
#include "services/auth/audit/audit_trail.h"

namespace usher::auth {

// USER_ID_INVALID for an actor that is no UUID, RANGE_ERROR for times before 1970 or the wrong way
// round and for limits, PROTOCOL_ERROR for kinds and outcomes that do not exist and for a page that
// is none of ours, and the errors of text_rules.h.
absl::StatusOr<AuditWish> FromWire(const ::usher::audit::v1::ListRequest& request);

// MAX_SIZE_EXCEEDED where they do not fit into one message.
absl::Status ToWire(const AuditPage& page, ::usher::audit::v1::ListReply* reply);

}  // namespace usher::auth

// What a company begins and ends with, where users are kept.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/user/user.h"

namespace usher::user {

// Thread-safe. Both may be repeated. Errors: sql_error.h.
class TenantStore {
 public:
  virtual ~TenantStore() = default;

  // Writes the first user of a company that nobody can sign in to yet, unless the user is there.
  virtual absl::Status EnsureFirst(const CallContext& call, const UserKey& key,
                                   const User& user) = 0;
  // Deletes a part of what the company has. True when nothing is left.
  virtual absl::StatusOr<bool> Clear(const CallContext& call, const CompanyId& company) = 0;
};

}  // namespace usher::user

// What auth keeps of accounts that are in a directory, besides their methods (method_store.h).
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "services/auth/method/method.h"

namespace usher::auth {

// Thread-safe. Errors: sql_error.h.
class DirectoryStore {
 public:
  virtual ~DirectoryStore() = default;

  // From now on the method is that entry's alone: puts `id` where its secret would be, unless there
  // is another one already. False then, and where there is no such method.
  virtual absl::StatusOr<bool> Pin(const CallContext& call, const CompanyId& company,
                                   const MethodKey& method, const std::string& id) = 0;

  // Whether somebody has seen to it that the user of the method has a profile.
  virtual absl::StatusOr<bool> HasProfile(const CallContext& call, const CompanyId& company,
                                          const MethodKey& method) = 0;
  virtual absl::Status NoteProfile(const CallContext& call, const CompanyId& company,
                                   const MethodKey& method) = 0;

  // Active ldap methods of the company with live sessions that nobody has claimed for as long as
  // `period`, those first that have waited longest; with their secrets. They are claimed by it.
  virtual absl::StatusOr<std::vector<Method>> ClaimDue(const CallContext& call,
                                                       const CompanyId& company,
                                                       absl::Duration period, size_t most) = 0;
  // As if they had not been claimed.
  virtual absl::Status GiveBack(const CallContext& call, const CompanyId& company,
                                const std::vector<Method>& methods) = 0;
};

}  // namespace usher::auth

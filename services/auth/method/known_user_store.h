// Where users and companies are kept as auth knows them.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/auth/method/revocation_store.h"
#include "services/auth/method/user_change.h"

namespace usher::auth {

// Thread-safe. Every change writes its audit row, and a revocation row for whatever it ends, in its
// own transaction. Errors besides those named: sql_error.h.
class KnownUserStore {
 public:
  virtual ~KnownUserStore() = default;

  // Nothing when auth does not know the user; a tombstone is kDeleted.
  virtual absl::StatusOr<std::optional<UserStanding>> FindUser(const CallContext& call,
                                                               const CompanyId& company,
                                                               const UserId& user,
                                                               absl::Time now) = 0;
  // Makes sure that the user, and its method where given, exist; may be repeated. UserRuledOut,
  // UserExists (without that method), PrincipalTaken, CompanyNotFound.
  virtual absl::Status EnsureUser(const CallContext& call, const CompanyId& company,
                                  const UserId& user, const std::optional<Method>& method) = 0;
  // True when the user is there. Otherwise leaves a tombstone, so that it never will be.
  virtual absl::StatusOr<bool> SettleUser(const CallContext& call, const CompanyId& company,
                                          const UserId& user) = 0;
  // Locks the user and writes what `decide` answers. UserNotFound; fails as `decide` does.
  virtual absl::StatusOr<Ended> RemoveUser(const CallContext& call, const CompanyId& company,
                                           const UserId& user, const DecideChange& decide) = 0;

  // Makes an active company with its first users, one method each. False when it is there already:
  // nothing is changed then.
  virtual absl::StatusOr<bool> InsertCompany(const CallContext& call, const CompanyId& company,
                                             const std::vector<Method>& methods) = 0;
};

}  // namespace usher::auth

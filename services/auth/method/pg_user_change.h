// What one change of a user reads and writes in its transaction (MethodStore::ChangeUser,
// KnownUserStore::RemoveUser). What it comes to is judged in user_change.h.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/db/transaction.h"
#include "services/auth/method/revocation_store.h"
#include "services/auth/method/user_change.h"

namespace usher::auth {

// Lives as long as the transaction. Locks in the order company, user, methods, feed, as everybody
// does, so that two do not wait for each other.
class PgUserChange {
 public:
  PgUserChange(db::Transaction& tx, const CallContext& call, const CompanyId& company,
               const UserId& user)
      : tx_(tx), call_(call), company_(company), user_(user) {}

  // `could_unmake`: the company is locked too, and looked through for another administrator.
  // `named`: the method that the change is about. UserNotFound.
  absl::StatusOr<LockedUser> Lock(bool could_unmake, const std::optional<MethodKey>& named);
  // PrincipalTaken, for somebody who was quicker. NoSessionToKeep.
  absl::StatusOr<Ended> Write(const UserWrite& write);

 private:
  absl::Status EndSessions(const UserWrite& write);
  // Tells the feed of those that moved to other companies.
  absl::StatusOr<Ended> RevokeMoved(const UserWrite& write);
  absl::Status DropReset(const MethodKey& key);
  absl::Status Overwrite(const Method& method);
  absl::StatusOr<std::vector<SessionId>> FindSessions(const MethodKey& method, bool only_signing,
                                                      size_t most);

  db::Transaction& tx_;
  const CallContext& call_;
  const CompanyId& company_;
  const UserId& user_;
};

}  // namespace usher::auth

// What one change of a user does in its transaction (MethodStore::ChangeUser and RemoveUser).
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/db/transaction.h"
#include "services/auth/method/method_store.h"
#include "services/auth/method/revocation_log.h"

namespace usher::auth {

// Lives as long as the transaction. Locks in the order company, user, methods, sessions, feed, as
// everybody does, so that two do not wait for each other.
class PgUserChange {
 public:
  PgUserChange(db::Transaction& tx, const CallContext& call, const CompanyId& company,
               const UserId& user)
      : tx_(tx), call_(call), company_(company), user_(user) {}

  absl::StatusOr<Ended> Apply(const UserChange& change);
  absl::StatusOr<Ended> Remove(PermissionSet held);

 private:
  struct Held {
    PermissionSet permissions;
    bool any_locked = false;
  };

  absl::StatusOr<AccountStatus> LockUser();
  absl::StatusOr<Held> FindHeld();
  absl::StatusOr<bool> HasAdministrator();
  absl::Status RemoveAll(token::RevocationReason reason);
  absl::Status SetUserStatus(AccountStatus before, AccountStatus after);
  absl::Status Edit(const MethodEdit& edit, const UserChange& change);
  absl::Status Insert(const MethodEdit& edit);
  absl::Status Overwrite(const MethodEdit& edit, Method method);
  absl::Status RemoveMethod(const MethodKey& key);
  absl::Status EndSessionsOfUser(token::RevocationReason reason);
  absl::Status EndSessionsOfMethod(const MethodKey& key, token::RevocationReason reason);
  // Tokens with rights that the method has no more are dead; its sessions go on.
  absl::Status OutdateTokens(const MethodKey& key);
  void NoteSessions(const db::Rows& ids, token::RevocationReason reason, bool final = true);
  void NoteUser(token::RevocationReason reason, bool final);
  absl::StatusOr<Ended> Finish(const std::string& detail);

  db::Transaction& tx_;
  const CallContext& call_;
  const CompanyId& company_;
  const UserId& user_;
  std::vector<Ending> endings_;
};

}  // namespace usher::auth

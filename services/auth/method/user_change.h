// What a change of a user comes to: judged here, without I/O, while a store holds the locks.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/token/revocations.h"
#include "services/auth/mail/outbox_mail.h"
#include "services/auth/method/method.h"

namespace usher::auth {

// Of one user in one company; sessions are none. All of them, with all the metadata that they may
// have, fit into one reply (docs/contract.md, "Identity").
inline constexpr size_t kMostMethods = 50;

// A secret of the user that the caller has shown, sealed as it was found then.
struct ShownSecret {
  MethodKey method;
  std::string sealed;
};

// What one update does to one method.
struct MethodEdit {
  MethodKey key;
  bool remove = false;
  bool may_insert = false;  // a method that is not there is made; else MethodNotFound
  std::string principal;
  std::string sealed_secret;         // empty: stays
  std::optional<ShownSecret> shown;  // must still be the one that is kept
  // Not the user has shown it, it is only what is replaced: whoever chose the new secret may be
  // anybody who administers the account or reads its mail, and other companies do not believe them.
  bool shown_by_nobody = false;
  PermissionChange permissions;
  AccountStatus status = AccountStatus::kDefault;
  text::Metadata metadata;        // entry by entry; an empty value deletes
  std::string redirect_uri;       // empty: stays
  std::string display_name;       // empty: stays
  std::optional<MailDraft> mail;  // queued along with it
};

// One authenticationUpdate: all of it or nothing.
struct UserChange {
  CompanyId company;
  UserId user;
  // What the user held when the caller was found to dominate it.
  PermissionSet held;
  bool may_lift_lock = false;  // otherwise what is LOCKED is left alone
  bool remove_all = false;     // before all else
  std::optional<AccountStatus> user_status;
  bool end_sessions = false;  // all of them, and all tokens of the user
  SessionId kept_session;     // with end_sessions: one of the user's that goes on; empty: none
  std::optional<MethodEdit> edit;
};

// The removal of a user for good.
struct UserRemoval {
  CompanyId company;
  UserId user;
  PermissionSet held;          // as in UserChange
  bool may_lift_lock = false;  // as in UserChange
};

// A user under its lock, and what else a judgement rests on.
struct LockedUser {
  AccountStatus status = AccountStatus::kActivated;  // kDeleted: a tombstone
  std::vector<Method> methods;                       // all of them, with their secrets
  bool name_is_taken = false;  // somebody else has the method that the change names
  // Whether somebody else is an administrator of the company (IsAdministrator). Looked at where
  // CouldUnmakeAdministrator says so, and while nobody else can be unmade.
  bool other_administrator = true;
  absl::Time now;  // the database's
};

// What becomes of the sessions that a method has opened.
struct SessionsWrite {
  MethodKey method;
  token::RevocationReason reason = token::RevocationReason::kSignedOut;
  bool over = true;  // false: they go on, and their tokens until now are dead
  // What all tokens of the user are told where the sessions are too many to be named.
  token::RevocationReason if_many = token::RevocationReason::kSignedOut;
};

// What all tokens of the user are told, also those that somebody else signed for it.
struct TokensWrite {
  token::RevocationReason reason = token::RevocationReason::kSignedOut;
  bool final = false;  // as in RevocationDraft (revocation_store.h)
};

// What is to be written, in this order.
struct UserWrite {
  std::vector<SessionsWrite> sessions;
  SessionId kept_session;  // goes on, whatever becomes of the others of its method; empty: none
  std::optional<TokensWrite> tokens;
  std::optional<AccountStatus> status;  // of the user
  std::vector<MethodKey> removed;
  std::optional<Method> inserted;
  std::optional<Method> overwritten;
  std::string detail;  // for the audit row; empty: there is nothing to write
};

// A failure leaves the user as it was. May be asked several times, as a transaction may be run
// again.
using DecideChange = std::function<absl::StatusOr<UserWrite>(const LockedUser&)>;

// Whether an administrator of the company could be lost by it.
bool CouldUnmakeAdministrator(const UserChange& change);

// A company keeps at least one: a person or an API client with an active method that does not
// expire and holds GRANT_PERMISSIONS. A guest access never counts (docs/contract.md, "No
// escalation").
bool IsAdministrator(AccountStatus user_status, const std::vector<Method>& methods);

// UserNotFound, ChangedMeanwhile (holds something else than it did), CurrentSecretWrong (the one
// that was shown is not the present one any more), MethodNotFound, PrincipalTaken,
// TooManyMethods, LastAdministrator, StatusIsLocked, MAX_SIZE_EXCEEDED for the metadata.
absl::StatusOr<UserWrite> Judge(const LockedUser& user, const UserChange& change);

// ChangedMeanwhile, LastAdministrator, StatusIsLocked. Nothing to write for a tombstone.
absl::StatusOr<UserWrite> Judge(const LockedUser& user, const UserRemoval& removal);

}  // namespace usher::auth

// Where methods, and users and companies as auth knows them, are kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/token/revocations.h"
#include "services/auth/method/method.h"

namespace usher::auth {

// What one update does to one method.
struct MethodEdit {
  MethodKey key;
  bool remove = false;
  bool may_insert = false;  // a method that is not there is made; else MethodNotFound
  std::string principal;
  std::string sealed_secret;  // empty: stays
  PermissionChange permissions;
  AccountStatus status = AccountStatus::kDefault;
  text::Metadata metadata;   // entry by entry; an empty value deletes
  std::string redirect_uri;  // empty: stays
  std::string display_name;  // empty: stays
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
  std::optional<MethodEdit> edit;
};

// All of it has to hold. Empty lists let everything pass.
struct MethodFilter {
  // Where to look. Empty: everywhere, which takes `only_user`.
  std::vector<CompanyId> companies;
  UserId only_user;                       // empty: anybody
  bool only_eligible_for_switch = false;  // ACTIVATED, of a kind that one can switch with
  std::vector<std::string> principal_keys;
  std::vector<UserId> users;
  std::vector<AccountStatus> statuses;
  // Sessions are listed only where kRefreshToken is named.
  std::vector<KeyType> key_types;
  absl::Time now;  // sessions that have ended by then are left out
  uint32_t limit = 100;
  uint32_t offset = 0;  // both in users, ordered by ID
  // Of each user the newest ones, unless principal_keys name them: an API key that signs in every
  // minute opens tens of thousands, which no message holds.
  uint32_t most_sessions = 100;
  size_t most_bytes = rpc::kLargestContent;  // of a reply, for the methods of a page
};

struct MethodPage {
  uint64_t users = 0;           // that match, on all pages
  std::vector<Method> methods;  // by user ID, the oldest first; without secrets
};

// What a change ended: already in the feed, and to be applied to this process at once.
using Ended = std::vector<token::Revocation>;

// Thread-safe. Every change writes its audit row, and a revocation row for whatever it ends, in its
// own transaction. Errors besides those named: sql_error.h.
//
// Whoever opens or renews a session must, in that transaction, lock the rows of company, user and
// method FOR SHARE and look at their status again: else a session could slip in beside the change
// that was to end it.
class MethodStore {
 public:
  virtual ~MethodStore() = default;

  // For signing in. Nothing when there is no such method, or its user has been removed.
  virtual absl::StatusOr<std::optional<MethodStanding>> FindMethod(const CallContext& call,
                                                                   const CompanyId& company,
                                                                   const MethodKey& key) = 0;
  // Nothing when auth does not know the user; a tombstone is kDeleted.
  virtual absl::StatusOr<std::optional<UserStanding>> FindUser(const CallContext& call,
                                                               const CompanyId& company,
                                                               const UserId& user,
                                                               absl::Time now) = 0;
  // Rehashing: puts `sealed` in the place of `before`, and does nothing when that has changed.
  virtual absl::Status ReplaceSecret(const CallContext& call, const CompanyId& company,
                                     const MethodKey& key, const std::string& before,
                                     const std::string& sealed) = 0;

  // Methods of a user, and the newest session that has not ended by `now` as a method of type
  // refresh_token; the oldest first, without secrets.
  virtual absl::StatusOr<std::vector<Method>> ListOfUser(const CallContext& call,
                                                         const CompanyId& company,
                                                         const UserId& user, absl::Time now) = 0;
  // ReplyTooLarge, without having read them, for methods that surely take more than
  // filter.most_bytes; what just does not fit is for the one who writes them to find out.
  virtual absl::StatusOr<MethodPage> List(const CallContext& call, const MethodFilter& filter) = 0;

  // Makes method.user with one method. Honours the call's idempotency key: answers the user that
  // the first call made. PrincipalTaken, CompanyNotFound.
  virtual absl::StatusOr<UserId> InsertUserWithMethod(const CallContext& call,
                                                      const Method& method) = 0;
  // UserNotFound, MethodNotFound, PrincipalTaken (it is another user's), LastAdministrator,
  // StatusIsLocked, ChangedMeanwhile, MAX_SIZE_EXCEEDED for the metadata.
  virtual absl::StatusOr<Ended> ChangeUser(const CallContext& call, const UserChange& change) = 0;
  // Signs out one session of the user, or of a guest who came in through the user's access.
  // MethodNotFound.
  virtual absl::StatusOr<Ended> EndSession(const CallContext& call, const CompanyId& company,
                                           const UserId& user, const SessionId& session) = 0;

  // Makes sure that the user, and its method where given, exist; may be repeated. UserRuledOut,
  // UserExists (without that method), PrincipalTaken, CompanyNotFound.
  virtual absl::Status EnsureUser(const CallContext& call, const CompanyId& company,
                                  const UserId& user, const std::optional<Method>& method) = 0;
  // True when the user is there. Otherwise leaves a tombstone, so that it never will be.
  virtual absl::StatusOr<bool> SettleUser(const CallContext& call, const CompanyId& company,
                                          const UserId& user) = 0;
  // Removes the user for good. Nothing ended when it had been removed before. UserNotFound,
  // LastAdministrator, ChangedMeanwhile (`held` as in UserChange).
  virtual absl::StatusOr<Ended> RemoveUser(const CallContext& call, const CompanyId& company,
                                           const UserId& user, PermissionSet held) = 0;

  // Makes an active company with its first users, one method each. False when it is there already:
  // nothing is changed then.
  virtual absl::StatusOr<bool> InsertCompany(const CallContext& call, const CompanyId& company,
                                             const std::vector<Method>& methods) = 0;

  static constexpr size_t kLargestPage = 1000;  // of ListRevocations
  // The feed: at most kLargestPage rows after a position, in order; of them only what ended tokens
  // issued after `horizon`.
  virtual absl::StatusOr<std::vector<token::Revocation>> ListRevocations(const CallContext& call,
                                                                         int64_t after,
                                                                         absl::Time horizon) = 0;
  // Deletes revocations that no token can meet any more; housekeeping.
  virtual absl::Status ForgetRevocations(const CallContext& call, absl::Time horizon) = 0;
};

}  // namespace usher::auth

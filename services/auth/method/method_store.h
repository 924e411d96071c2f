// Where methods are kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/rpc/gate/largest_reply.h"
#include "services/auth/method/method.h"
#include "services/auth/method/revocation_store.h"
#include "services/auth/method/user_change.h"

namespace usher::auth {

// All of it has to hold. Empty lists let everything pass.
struct MethodFilter {
  // Where to look. Empty: everywhere, which takes `only_user`.
  std::vector<CompanyId> companies;
  UserId only_user;  // empty: anybody
  // ACTIVATED ones of `only_user` that a session of `company` can go on with: the user's in that
  // company, and those in others that an open link leads to from the method of the session
  // (company_switch/link_store.h).
  struct Switching {
    CompanyId company;
    SessionId session;
  };
  std::optional<Switching> eligible_for_switch;
  std::vector<std::string> principal_keys;
  std::vector<UserId> users;
  std::vector<AccountStatus> statuses;
  // Sessions are listed only where kRefreshToken is named, pending resets where kPasswordReset is.
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
  // Rehashing: puts `sealed` in the place of `before`, and does nothing when that has changed.
  virtual absl::Status ReplaceSecret(const CallContext& call, const CompanyId& company,
                                     const MethodKey& key, const std::string& before,
                                     const std::string& sealed) = 0;

  // Methods of a user, the newest session that has not ended by `now` as a method of type
  // refresh_token, and resets that are pending then as such of type password_reset; the oldest
  // first, without secrets.
  virtual absl::StatusOr<std::vector<Method>> ListOfUser(const CallContext& call,
                                                         const CompanyId& company,
                                                         const UserId& user, absl::Time now) = 0;
  // ReplyTooLarge, without having read them, for methods that surely take more than
  // filter.most_bytes; what just does not fit is for the one who writes them to find out.
  virtual absl::StatusOr<MethodPage> List(const CallContext& call, const MethodFilter& filter) = 0;

  // The user that an earlier call with this idempotency key made. Nothing when there was none, or
  // the call has no key. ACTION_INVALID as in idempotency.h.
  virtual absl::StatusOr<std::optional<UserId>> FindMade(const CallContext& call) = 0;
  // Makes method.user with one method. Honours the call's idempotency key: answers the user that
  // the first call made, and queues `mail` only where it makes one. PrincipalTaken,
  // CompanyNotFound.
  virtual absl::StatusOr<UserId> InsertUserWithMethod(
      const CallContext& call, const Method& method,
      const std::optional<MailDraft>& mail = std::nullopt) = 0;
  // Locks the user that `change` names, with its methods, writes what `decide` answers, and queues
  // the mail that the change comes with.
  // UserNotFound, PrincipalTaken, NoSessionToKeep; fails as `decide` does.
  virtual absl::StatusOr<Ended> ChangeUser(const CallContext& call, const UserChange& change,
                                           const DecideChange& decide) = 0;
  // Signs out one session of the user, or of a guest who came in through the user's access.
  // MethodNotFound.
  virtual absl::StatusOr<Ended> EndSession(const CallContext& call, const CompanyId& company,
                                           const UserId& user, const SessionId& session) = 0;
  // Signs out a guest of a shareable access, who is no user and has an ID nevertheless, and ends
  // every token that was signed for that ID. Also where there is no session.
  virtual absl::StatusOr<Ended> EndGuest(const CallContext& call, const CompanyId& company,
                                         const UserId& guest) = 0;
};

}  // namespace usher::auth

// Where sessions are kept.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/auth/method/revocation_store.h"
#include "services/auth/session/session.h"

namespace usher::auth {

// What a refresh token that was presented does to its session.
struct Rotation {
  enum class Kind { kLeave, kReplace, kEnd };
  Kind kind = Kind::kLeave;
  Session replacement;  // with kReplace: its hashes and rotated_at are taken over
};
// Decides under the session's lock; may be asked again, and must change nothing else.
using RotationRule = std::function<Rotation(const SessionStanding&)>;
// Whether a session may be moved; under its lock, and may be asked again like a RotationRule.
using MoveRule = std::function<bool(const SessionStanding&)>;
// Whether whoever shows a refresh token of a session that moved is whose it was. Pure.
using MovedRule = std::function<bool(const MovedSession&)>;

// The rule for a user who is called so; not to outlive its arguments.
inline MovedRule Belonging(const UserId& user, const std::string& principal) {
  return [&user, &principal](const MovedSession& moved) {
    return moved.user == user &&
           PrincipalKey(moved.method.key_type, principal) == moved.method.principal_key;
  };
}

// When a session was opened, by the database's clock, and what it ended.
struct Opened {
  absl::Time at;
  absl::Time expires_at;
  bool linked = false;  // as in SessionStanding
  Ended ended;          // of OpenAlone and Move
};

// That somebody signed in with a method.
struct MethodUse {
  CompanyId company;
  MethodKey method;
  absl::Time at;
};

// A user for whom somebody else signs a token.
struct SigningTarget {
  UserStanding standing;  // without `usable` and `only_guest_accesses`
  absl::Time read_at;     // by the database's clock
  // The guest access of that user, where it is a guest: without secret.
  std::optional<Method> guest_access;
};

// Thread-safe. Every change writes its audit row, and a revocation row for whatever it ends, in its
// own transaction. Errors: sql_error.h.
class SessionStore {
 public:
  virtual ~SessionStore() = default;

  // Opens a session for `lifetime`, or as long as its method lasts, unless its method, as it was
  // `verified`, has meanwhile got another secret, or has lost a permission that the session is
  // granted, or is, by itself or with its user or company, not active any more: nothing. The times
  // of `session` do not count: the database dates it, as it dates revocations.
  virtual absl::StatusOr<std::optional<Opened>> Open(const CallContext& call,
                                                     const Session& session, const Method& verified,
                                                     absl::Duration lifetime) = 0;
  // The same, ending all other sessions of the method.
  virtual absl::StatusOr<std::optional<Opened>> OpenAlone(const CallContext& call,
                                                          const Session& session,
                                                          const Method& verified,
                                                          absl::Duration lifetime) = 0;

  // How many sessions the method has opened that are still there, counting up to `at_most`.
  virtual absl::StatusOr<size_t> Count(const CallContext& call, const CompanyId& company,
                                       const MethodKey& method, size_t at_most) = 0;
  // Ends the oldest sessions of the method, so that the newest `kept` are left; 1,000 at a time,
  // and none that somebody is continuing this very moment.
  virtual absl::StatusOr<Ended> EndOldest(const CallContext& call, const CompanyId& company,
                                          const MethodKey& method, size_t kept) = 0;

  // Waits for whoever is changing what the session depends on, so that a token dated by now() is
  // not younger than a change that this did not see.
  virtual absl::StatusOr<std::optional<SessionStanding>> Find(const CallContext& call,
                                                              const CompanyId& company,
                                                              const SessionId& session) = 0;

  // Does with the session what `rule` says, while nobody else changes it or what it depends on.
  // Nothing when there is no such session; the rule is not asked then.
  virtual absl::StatusOr<std::optional<Ended>> Rotate(const CallContext& call,
                                                      const CompanyId& company,
                                                      const SessionId& session,
                                                      const RotationRule& rule) = 0;

  // Opens `next`, which may be of another company, in the place of the session, which ends, where
  // `may` says so: both or neither. `verified` and `lifetime` as in Open. Nothing when there is no
  // such session, when it may not, or as in Open.
  virtual absl::StatusOr<std::optional<Opened>> Move(const CallContext& call,
                                                     const CompanyId& company,
                                                     const SessionId& session, const MoveRule& may,
                                                     const Session& next, const Method& verified,
                                                     absl::Duration lifetime) = 0;

  // Ends what a session that moved goes on as, however often it moved, where `belongs` says so: one
  // of its refresh tokens was used again. Nothing ended where it has not moved, or is over.
  virtual absl::StatusOr<Ended> EndMoved(const CallContext& call, const CompanyId& company,
                                         const SessionId& session, const MovedRule& belongs) = 0;

  // Nothing when auth does not know the user. Waits for whoever is changing the user's status, so
  // that a token dated by read_at is not younger than a change that this did not see.
  virtual absl::StatusOr<std::optional<SigningTarget>> FindSigningTarget(const CallContext& call,
                                                                         const CompanyId& company,
                                                                         const UserId& user) = 0;

  // Keeps of each method when it was used last. Locks no method.
  virtual absl::Status NoteUses(const CallContext& call, const std::vector<MethodUse>& uses) = 0;
  // Housekeeping: forgets what was used last before `horizon`.
  virtual absl::Status ForgetUses(const CallContext& call, absl::Time horizon) = 0;

  // Housekeeping: deletes what has expired by `now`.
  virtual absl::Status ForgetExpired(const CallContext& call, absl::Time now) = 0;
  // Housekeeping: deletes some of the rows that changes of users have left behind. False when there
  // are no more of them.
  virtual absl::StatusOr<bool> ForgetEnded(const CallContext& call) = 0;
};

}  // namespace usher::auth

// Auth's methods, users, companies and feed in memory: maps, and the judgements of the domain.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "services/auth/method/known_user_store.h"
#include "services/auth/method/method_store.h"

namespace usher::auth {

// A session as far as methods care for it.
struct FakeSession {
  CompanyId company;
  SessionId session;
  UserId user;
  UserId base_user;
  MethodKey method;
  PermissionSet permissions;
  absl::Time created_at;
  absl::Time expires_at;
  std::string peer = "";
  absl::Time used_at = absl::InfinitePast();  // earlier than created_at: then
  // What it was begun with in another company: ends with the sessions of that method.
  std::optional<std::pair<CompanyId, MethodKey>> origin = std::nullopt;
};

// From the first method one may go on with the second.
struct FakeLink {
  CompanyId company;
  MethodKey method;
  CompanyId to_company;
  MethodKey to_method;
  UserId user;
  absl::Time created_at;
};

// Thread-safe. Held to the contracts of all three (tests/support/contracts), like the real ones.
class FakeMethodStore final : public MethodStore, public KnownUserStore, public RevocationStore {
 public:
  // `clock`: the database's.
  explicit FakeMethodStore(const Clock& clock = RealClock()) { state_.clock = &clock; }

  // What tests arrange or look at behind the store's back.
  void AddSession(const FakeSession& session);
  bool HasSession(const SessionId& session);
  void SwitchOff(const CompanyId& company);
  // Dated now.
  void AddLink(FakeLink link);
  // A session was refreshed.
  void TouchSession(const SessionId& session, absl::Time at, const std::string& peer);
  // Nothing when it has not been used, as far as was noted.
  void NoteUse(const CompanyId& company, const MethodKey& method, absl::Time at);
  // The methods that open links lead to from the method of the session, if it is the user's.
  std::vector<MethodStanding> OpenLinksOf(const CompanyId& company, const SessionId& session,
                                          const UserId& user);
  bool HasLinks(const CompanyId& company, const MethodKey& method);
  // What tests of other stores do in a transaction of their own: all of it or nothing.
  absl::Status Replace(const Method& used, const Method& made, bool user_may_be_new);
  std::optional<FakeSession> FindSession(const SessionId& session);
  // All methods fail with this from now on; OK: no longer.
  void FailWith(absl::Status failure);

  absl::StatusOr<std::optional<MethodStanding>> FindMethod(const CallContext& call,
                                                           const CompanyId& company,
                                                           const MethodKey& key) override;
  absl::Status ReplaceSecret(const CallContext& call, const CompanyId& company,
                             const MethodKey& key, const std::string& before,
                             const std::string& sealed) override;
  absl::StatusOr<std::vector<Method>> ListOfUser(const CallContext& call, const CompanyId& company,
                                                 const UserId& user, absl::Time now) override;
  absl::StatusOr<MethodPage> List(const CallContext& call, const MethodFilter& filter) override;
  absl::StatusOr<std::optional<UserId>> FindMade(const CallContext& call) override;
  absl::StatusOr<UserId> InsertUserWithMethod(const CallContext& call,
                                              const Method& method) override;
  absl::StatusOr<Ended> ChangeUser(const CallContext& call, const UserChange& change,
                                   const DecideChange& decide) override;
  absl::StatusOr<Ended> EndSession(const CallContext& call, const CompanyId& company,
                                   const UserId& user, const SessionId& session) override;

  absl::StatusOr<std::optional<UserStanding>> FindUser(const CallContext& call,
                                                       const CompanyId& company, const UserId& user,
                                                       absl::Time now) override;
  absl::Status EnsureUser(const CallContext& call, const CompanyId& company, const UserId& user,
                          const std::optional<Method>& method) override;
  absl::StatusOr<bool> SettleUser(const CallContext& call, const CompanyId& company,
                                  const UserId& user) override;
  absl::StatusOr<Ended> RemoveUser(const CallContext& call, const CompanyId& company,
                                   const UserId& user, const DecideChange& decide) override;
  absl::StatusOr<bool> InsertCompany(const CallContext& call, const CompanyId& company,
                                     const std::vector<Method>& methods) override;

  absl::StatusOr<Ended> ListRevocations(const CallContext& call, int64_t after,
                                        absl::Time horizon) override;
  absl::Status ForgetRevocations(const CallContext& call, absl::Time horizon) override;

 private:
  using UserKey = std::pair<CompanyId, UserId>;
  using FullKey = std::tuple<CompanyId, KeyType, std::string>;
  // By company, user, rpc and key.
  using AnswerKey = std::tuple<CompanyId, UserId, std::string, std::string>;

  // Copied before a change, so that one that fails leaves nothing behind.
  struct State {
    const Clock* clock = nullptr;
    std::map<CompanyId, bool> companies;  // true: active
    std::map<UserKey, AccountStatus> users;
    std::map<FullKey, Method> methods;
    std::map<SessionId, FakeSession> sessions;
    std::vector<token::Revocation> revocations;
    std::vector<FakeLink> links;
    std::map<FullKey, absl::Time> uses;
    std::map<AnswerKey, std::pair<std::string, UserId>> answers;  // request hash, user
    int64_t methods_made = 0;
    int64_t last_sequence = 0;

    bool IsActive(const CompanyId& company) const;
    std::vector<Method> MethodsOf(const CompanyId& company, const UserId& user) const;
    std::vector<SessionId> SessionsOf(const CompanyId& company, const MethodKey& method) const;
    std::vector<MethodStanding> OpenLinksOf(const CompanyId& company, const SessionId& session,
                                            const UserId& user) const;
    absl::StatusOr<std::optional<UserId>> FindMade(const CallContext& call) const;
    absl::Status Insert(Method method);
    // As it is listed.
    Method Shown(Method method) const;
    Ended Revoke(const CompanyId& company, const std::vector<RevocationDraft>& drafts);
    absl::StatusOr<Ended> Change(const CompanyId& company, const UserId& user,
                                 const std::optional<MethodKey>& named, const DecideChange& decide);
    absl::StatusOr<LockedUser> Lock(const CompanyId& company, const UserId& user,
                                    const std::optional<MethodKey>& named) const;
    absl::StatusOr<Ended> Write(const CompanyId& company, const UserId& user,
                                const UserWrite& write);
  };

  static const Clock& RealClock() {
    static const SystemClock clock;
    return clock;
  }
  static FullKey KeyOf(const CompanyId& company, const MethodKey& key) {
    return {company, key.key_type, key.principal_key};
  }

  absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  State state_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::auth

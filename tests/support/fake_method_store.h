// Authentication methods, users and companies of auth in memory.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
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
};

// Thread-safe. Held to method_store_contract.h and method_change_contract.h, like the real one.
class FakeMethodStore final : public MethodStore {
 public:
  // `clock`: the database's.
  explicit FakeMethodStore(const Clock& clock = RealClock()) { state_.clock = &clock; }

  // What tests arrange behind the store's back.
  void AddSession(const FakeSession& session);
  void SwitchOff(const CompanyId& company);
  // All methods fail with this from now on; OK: no longer.
  void FailWith(absl::Status failure);

  absl::StatusOr<std::optional<MethodStanding>> FindMethod(const CallContext& call,
                                                           const CompanyId& company,
                                                           const MethodKey& key) override;
  absl::StatusOr<std::optional<UserStanding>> FindUser(const CallContext& call,
                                                       const CompanyId& company, const UserId& user,
                                                       absl::Time now) override;
  absl::Status ReplaceSecret(const CallContext& call, const CompanyId& company,
                             const MethodKey& key, const std::string& before,
                             const std::string& sealed) override;
  absl::StatusOr<std::vector<Method>> ListOfUser(const CallContext& call, const CompanyId& company,
                                                 const UserId& user, absl::Time now) override;
  absl::StatusOr<MethodPage> List(const CallContext& call, const MethodFilter& filter) override;
  absl::StatusOr<UserId> InsertUserWithMethod(const CallContext& call,
                                              const Method& method) override;
  absl::StatusOr<Ended> ChangeUser(const CallContext& call, const UserChange& change) override;
  absl::StatusOr<Ended> EndSession(const CallContext& call, const CompanyId& company,
                                   const UserId& user, const SessionId& session) override;
  absl::Status EnsureUser(const CallContext& call, const CompanyId& company, const UserId& user,
                          const std::optional<Method>& method) override;
  absl::StatusOr<bool> SettleUser(const CallContext& call, const CompanyId& company,
                                  const UserId& user) override;
  absl::StatusOr<Ended> RemoveUser(const CallContext& call, const CompanyId& company,
                                   const UserId& user, PermissionSet held) override;
  absl::StatusOr<bool> InsertCompany(const CallContext& call, const CompanyId& company,
                                     const std::vector<Method>& methods) override;
  absl::StatusOr<std::vector<token::Revocation>> ListRevocations(const CallContext& call,
                                                                 int64_t after,
                                                                 absl::Time horizon) override;
  absl::Status ForgetRevocations(const CallContext& call, absl::Time horizon) override;

 private:
  using UserKey = std::pair<CompanyId, UserId>;
  using FullKey = std::tuple<CompanyId, std::string, std::string>;  // company, key type, principal

  // Copied before a change, so that one that fails leaves nothing behind.
  struct State {
    const Clock* clock = nullptr;
    std::map<CompanyId, bool> companies;  // true: active
    std::map<UserKey, AccountStatus> users;
    std::map<FullKey, Method> methods;
    std::vector<FakeSession> sessions;
    std::vector<token::Revocation> revocations;
    // By caller, rpc and key: request hash and answer.
    std::map<std::vector<std::string>, std::pair<std::string, UserId>> answers;
    int64_t methods_made = 0;
    int64_t last_sequence = 0;

    PermissionSet HeldBy(const CompanyId& company, const UserId& user) const;
    bool HasAdministrator(const CompanyId& company) const;
    absl::Status Insert(Method method);
    bool InsertUser(const CompanyId& company, const UserId& user);
    bool IsActive(const CompanyId& company) const;
    void Revoke(const CompanyId& company, token::RevocationKind kind, const std::string& subject,
                token::RevocationReason reason, bool final, Ended* ended);
    void EndSessions(token::RevocationReason reason, Ended* ended,
                     const std::function<bool(const FakeSession&)>& which);
    void EndSessionsOf(const CompanyId& company, const UserId& user, token::RevocationReason reason,
                       Ended* ended);
    absl::Status SetStatus(const UserChange& change, Ended* ended);
    void OutdateTokens(const Method& method, Ended* ended);
    void RemoveAll(const CompanyId& company, const UserId& user, token::RevocationReason reason,
                   Ended* ended);
    absl::Status Edit(const UserChange& change, Ended* ended);
    absl::Status Overwrite(const MethodEdit& edit, Method& method, Ended* ended);
  };

  static const Clock& RealClock() {
    static const SystemClock clock;
    return clock;
  }
  static FullKey KeyOf(const CompanyId& company, const MethodKey& key) {
    return {company, KeyTypeName(key.key_type), key.principal_key};
  }

  absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  State state_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::auth

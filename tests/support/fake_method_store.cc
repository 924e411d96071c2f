#include "tests/support/fake_method_store.h"

#include <algorithm>

#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/method/method_wire.h"

namespace usher::auth {
namespace {

template <class T>
bool Passes(const std::vector<T>& filter, const T& value) {
  return filter.empty() || std::find(filter.begin(), filter.end(), value) != filter.end();
}

bool IsEligible(const Method& method) {
  return method.status == AccountStatus::kActivated &&
         (method.key_type == KeyType::kPassword || method.key_type == KeyType::kLdap ||
          method.key_type == KeyType::kAuthorizationCode);
}

Method ListedSession(const FakeSession& session) {
  Method method;
  method.company = session.company;
  method.key_type = KeyType::kRefreshToken;
  method.principal = method.principal_key = session.session.value();
  method.user = session.user;
  method.permissions = session.permissions;
  method.created_at = session.created_at;
  method.expires_at = session.expires_at;
  return method;
}

bool IsOlder(const Method& a, const Method& b) {
  return std::tie(a.created_at, a.key_type, a.principal_key) <
         std::tie(b.created_at, b.key_type, b.principal_key);
}

bool IsSession(const Method& method) { return method.key_type == KeyType::kRefreshToken; }

}  // namespace

void FakeMethodStore::AddSession(const FakeSession& session) {
  const absl::MutexLock lock(&mutex_);
  state_.sessions.push_back(session);
}

void FakeMethodStore::SwitchOff(const CompanyId& company) {
  const absl::MutexLock lock(&mutex_);
  state_.companies[company] = false;
}

void FakeMethodStore::FailWith(absl::Status failure) {
  const absl::MutexLock lock(&mutex_);
  failure_ = std::move(failure);
}

absl::StatusOr<std::optional<MethodStanding>> FakeMethodStore::FindMethod(const CallContext&,
                                                                          const CompanyId& company,
                                                                          const MethodKey& key) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  const auto found = state_.methods.find(KeyOf(company, key));
  if (found == state_.methods.end()) return std::optional<MethodStanding>();
  MethodStanding standing;
  standing.method = found->second;
  standing.user_status = state_.users[{company, found->second.user}];
  standing.company_active = state_.IsActive(company);
  standing.read_at = state_.clock->Now();
  return std::optional<MethodStanding>(std::move(standing));
}

absl::StatusOr<std::optional<UserStanding>> FakeMethodStore::FindUser(const CallContext&,
                                                                      const CompanyId& company,
                                                                      const UserId& user,
                                                                      absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  const auto found = state_.users.find({company, user});
  if (found == state_.users.end()) return std::optional<UserStanding>();
  UserStanding standing;
  standing.status = found->second;
  standing.company_active = state_.IsActive(company);
  standing.held = state_.HeldBy(company, user);
  std::vector<Method> own;
  for (const auto& [key, method] : state_.methods) {
    if (method.company == company && method.user == user) own.push_back(method);
  }
  standing.guest = !own.empty();
  for (const Method& method : own) {
    const AccountStatus status = EffectiveStatus(MethodStanding{.method = method}, now);
    if (status == AccountStatus::kActivated) {
      standing.usable = standing.usable.Or(method.permissions);
    }
    const bool nearer = &method == &own.front() || status < standing.methods;
    if (nearer) standing.methods = status;
    standing.guest = standing.guest && method.key_type == KeyType::kGuestAccess;
  }
  return std::optional<UserStanding>(standing);
}

absl::Status FakeMethodStore::ReplaceSecret(const CallContext&, const CompanyId& company,
                                            const MethodKey& key, const std::string& before,
                                            const std::string& sealed) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  const auto found = state_.methods.find(KeyOf(company, key));
  if (found != state_.methods.end() && found->second.sealed_secret == before) {
    found->second.sealed_secret = sealed;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Method>> FakeMethodStore::ListOfUser(const CallContext&,
                                                                const CompanyId& company,
                                                                const UserId& user,
                                                                absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  std::vector<Method> listed;
  for (const auto& [key, method] : state_.methods) {
    if (method.company != company || method.user != user) continue;
    listed.push_back(method);
    listed.back().sealed_secret.clear();
  }
  std::optional<Method> newest;
  for (const FakeSession& session : state_.sessions) {
    if (session.company != company || session.user != user || session.expires_at <= now) continue;
    if (!newest.has_value() || IsOlder(*newest, ListedSession(session))) {
      newest = ListedSession(session);
    }
  }
  if (newest.has_value()) listed.push_back(*newest);
  std::sort(listed.begin(), listed.end(), IsOlder);
  return listed;
}

absl::StatusOr<MethodPage> FakeMethodStore::List(const CallContext&, const MethodFilter& filter) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  std::vector<Method> all;
  for (const auto& [key, method] : state_.methods) all.push_back(method);
  const bool with_sessions =
      !filter.key_types.empty() && Passes<std::string>(filter.key_types, "refresh_token");
  for (const FakeSession& session : state_.sessions) {
    if (with_sessions && session.expires_at > filter.now) all.push_back(ListedSession(session));
  }
  std::map<UserId, std::vector<Method>> by_user;
  for (Method& method : all) {
    const bool matches = Passes(filter.companies, method.company) &&
                         (filter.only_user.empty() || method.user == filter.only_user) &&
                         (!filter.only_eligible_for_switch || IsEligible(method)) &&
                         Passes(filter.principal_keys, method.principal_key) &&
                         Passes(filter.users, method.user) &&
                         Passes(filter.statuses, method.status) &&
                         Passes(filter.key_types, std::string(KeyTypeName(method.key_type)));
    method.sealed_secret.clear();
    if (matches) by_user[method.user].push_back(std::move(method));
  }
  MethodPage page;
  page.users = by_user.size();
  uint32_t at = 0;
  for (auto& [user, methods] : by_user) {
    const bool shown = at >= filter.offset && at - filter.offset < filter.limit;
    ++at;
    if (!shown) continue;
    std::sort(methods.begin(), methods.end(), IsOlder);
    size_t sessions = std::count_if(methods.begin(), methods.end(), IsSession);
    for (Method& method : methods) {
      // The oldest come first.
      const bool is_left_out =
          IsSession(method) && filter.principal_keys.empty() && sessions > filter.most_sessions;
      if (IsSession(method)) --sessions;
      if (!is_left_out) page.methods.push_back(std::move(method));
    }
  }
  ::authentication::ListAuthenticationsReply reply;
  if (!ToWire(ListAnswer{.methods = page.methods}, &reply).ok() ||
      reply.ByteSizeLong() > filter.most_bytes) {
    return ReplyTooLarge();
  }
  return page;
}

absl::StatusOr<UserId> FakeMethodStore::InsertUserWithMethod(const CallContext& call,
                                                             const Method& method) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  const std::vector<std::string> bound{call.company.value(), call.user.value(), call.rpc,
                                       call.idempotency.key};
  if (const auto found = state_.answers.find(bound); found != state_.answers.end()) {
    if (found->second.first == call.idempotency.request_hash) return found->second.second;
    return ActionInvalid("this idempotency-key was used with another request");
  }
  if (!state_.IsActive(method.company)) return CompanyNotFound();
  State after = state_;
  if (!after.InsertUser(method.company, method.user)) return UserExists();
  RETURN_IF_ERROR(after.Insert(method));
  if (!call.idempotency.key.empty()) {
    after.answers[bound] = {call.idempotency.request_hash, method.user};
  }
  state_ = std::move(after);
  return method.user;
}

absl::StatusOr<Ended> FakeMethodStore::EndSession(const CallContext&, const CompanyId& company,
                                                  const UserId& user, const SessionId& session) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  Ended ended;
  state_.EndSessions(token::RevocationReason::kSignedOut, &ended,
                     [&](const FakeSession& candidate) {
                       return candidate.company == company && candidate.session == session &&
                              (candidate.user == user || candidate.base_user == user);
                     });
  if (ended.empty()) return MethodNotFound();
  return ended;
}

absl::Status FakeMethodStore::EnsureUser(const CallContext&, const CompanyId& company,
                                         const UserId& user, const std::optional<Method>& method) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  if (!state_.IsActive(company)) return CompanyNotFound();
  State after = state_;
  if (!after.InsertUser(company, user)) {
    if (after.users[{company, user}] == AccountStatus::kDeleted) return UserRuledOut();
    if (!method.has_value()) return absl::OkStatus();
    const auto found = after.methods.find(KeyOf(company, method->key()));
    const bool owned = found != after.methods.end() && found->second.user == user;
    return owned ? absl::OkStatus() : UserExists();
  }
  if (method.has_value()) RETURN_IF_ERROR(after.Insert(*method));
  state_ = std::move(after);
  return absl::OkStatus();
}

absl::StatusOr<bool> FakeMethodStore::SettleUser(const CallContext&, const CompanyId& company,
                                                 const UserId& user) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  if (state_.companies.count(company) == 0) return false;
  const auto [at, made] = state_.users.emplace(UserKey(company, user), AccountStatus::kDeleted);
  return !made && at->second != AccountStatus::kDeleted;
}

absl::StatusOr<Ended> FakeMethodStore::RemoveUser(const CallContext&, const CompanyId& company,
                                                  const UserId& user, PermissionSet held) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  State after = state_;
  const auto found = after.users.find({company, user});
  if (found == after.users.end()) return UserNotFound();
  Ended ended;
  if (found->second == AccountStatus::kDeleted) return ended;
  if (after.HeldBy(company, user) != held) return ChangedMeanwhile();
  const bool had_administrator = after.HasAdministrator(company);
  after.RemoveAll(company, user, token::RevocationReason::kAccountInactive, &ended);
  found->second = AccountStatus::kDeleted;
  after.Revoke(company, token::RevocationKind::kUser, user.value(),
               token::RevocationReason::kAccountInactive,
               /*final=*/true, &ended);
  if (had_administrator && !after.HasAdministrator(company)) return LastAdministrator();
  state_ = std::move(after);
  return ended;
}

absl::StatusOr<bool> FakeMethodStore::InsertCompany(const CallContext&, const CompanyId& company,
                                                    const std::vector<Method>& methods) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  State after = state_;
  if (!after.companies.emplace(company, true).second) return false;
  for (const Method& method : methods) {
    if (!after.InsertUser(company, method.user)) return UserExists();
    RETURN_IF_ERROR(after.Insert(method));
  }
  state_ = std::move(after);
  return true;
}

absl::StatusOr<std::vector<token::Revocation>> FakeMethodStore::ListRevocations(
    const CallContext&, int64_t after, absl::Time horizon) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  std::vector<token::Revocation> listed;
  for (const token::Revocation& revocation : state_.revocations) {
    if (revocation.sequence > after && revocation.issued_until > horizon &&
        listed.size() < kLargestPage) {
      listed.push_back(revocation);
    }
  }
  return listed;
}

absl::Status FakeMethodStore::ForgetRevocations(const CallContext&, absl::Time horizon) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  auto& all = state_.revocations;
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const auto& one) { return one.issued_until <= horizon; }),
            all.end());
  return absl::OkStatus();
}

}  // namespace usher::auth

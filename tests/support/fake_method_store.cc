#include "tests/support/fake_method_store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
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
  method.metadata = {
      {"firstUse", absl::StrCat(absl::ToUnixSeconds(session.created_at))},
      {"lastUse", absl::StrCat(absl::ToUnixSeconds(std::max(session.created_at, session.used_at)))},
      {"peer", session.peer}};
  method.created_at = session.created_at;
  method.expires_at = session.expires_at;
  return method;
}

bool IsOlder(const Method& a, const Method& b) {
  return std::tie(a.created_at, a.key_type, a.principal_key) <
         std::tie(b.created_at, b.key_type, b.principal_key);
}

bool IsAmong(const std::vector<MethodStanding>& methods, const Method& method) {
  return std::any_of(methods.begin(), methods.end(), [&](const MethodStanding& other) {
    return other.method.company == method.company && other.method.key() == method.key();
  });
}

bool IsSession(const Method& method) { return method.key_type == KeyType::kRefreshToken; }

}  // namespace

void FakeMethodStore::AddSession(const FakeSession& session) {
  const absl::MutexLock lock(&mutex_);
  state_.sessions[session.session] = session;
}

bool FakeMethodStore::HasSession(const SessionId& session) {
  const absl::MutexLock lock(&mutex_);
  return state_.sessions.count(session) > 0;
}

void FakeMethodStore::SwitchOff(const CompanyId& company) {
  const absl::MutexLock lock(&mutex_);
  state_.companies[company] = false;
}

void FakeMethodStore::AddLink(FakeLink link) {
  const absl::MutexLock lock(&mutex_);
  link.created_at = state_.clock->Now();
  state_.links.push_back(std::move(link));
}

void FakeMethodStore::TouchSession(const SessionId& session, absl::Time at,
                                   const std::string& peer) {
  const absl::MutexLock lock(&mutex_);
  const auto found = state_.sessions.find(session);
  if (found == state_.sessions.end()) return;
  found->second.used_at = at;
  found->second.peer = peer;
}

void FakeMethodStore::NoteUse(const CompanyId& company, const MethodKey& method, absl::Time at) {
  const absl::MutexLock lock(&mutex_);
  absl::Time& kept = state_.uses.emplace(KeyOf(company, method), at).first->second;
  kept = std::max(kept, at);
}

std::vector<MethodStanding> FakeMethodStore::OpenLinksOf(const CompanyId& company,
                                                         const SessionId& session,
                                                         const UserId& user) {
  const absl::MutexLock lock(&mutex_);
  return state_.OpenLinksOf(company, session, user);
}

bool FakeMethodStore::HasLinks(const CompanyId& company, const MethodKey& method) {
  const absl::MutexLock lock(&mutex_);
  return std::any_of(state_.links.begin(), state_.links.end(), [&](const FakeLink& link) {
    return link.company == company && link.method == method;
  });
}

std::optional<FakeSession> FakeMethodStore::FindSession(const SessionId& session) {
  const absl::MutexLock lock(&mutex_);
  const auto found = state_.sessions.find(session);
  if (found == state_.sessions.end()) return std::nullopt;
  return found->second;
}

absl::Status FakeMethodStore::Replace(const Method& used, const Method& made,
                                      bool user_may_be_new) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  if (!state_.IsActive(made.company)) return CompanyNotFound();
  State after = state_;
  if (user_may_be_new) {
    after.users.emplace(UserKey(made.company, made.user), AccountStatus::kActivated);
  }
  for (const UserId& user : {used.user, made.user}) {
    const AccountStatus status = after.users.at({made.company, user});
    if (status != AccountStatus::kActivated) return AccountNotActive(AccountStatusName(status));
  }
  after.methods.erase(KeyOf(used.company, used.key()));
  RETURN_IF_ERROR(after.Insert(made));
  state_ = std::move(after);
  return absl::OkStatus();
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
  std::vector<Method> listed = state_.MethodsOf(company, user);
  for (Method& method : listed) method = state_.Shown(std::move(method));
  std::optional<Method> newest;
  for (const auto& [id, session] : state_.sessions) {
    if (session.company != company || session.user != user || session.expires_at <= now) continue;
    Method shown = ListedSession(session);
    if (!newest.has_value() || IsOlder(*newest, shown)) newest = std::move(shown);
  }
  if (newest.has_value()) listed.push_back(*std::move(newest));
  std::sort(listed.begin(), listed.end(), IsOlder);
  return listed;
}

absl::StatusOr<MethodPage> FakeMethodStore::List(const CallContext&, const MethodFilter& filter) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  std::vector<Method> all;
  for (const auto& [key, method] : state_.methods) all.push_back(method);
  const bool with_sessions =
      !filter.key_types.empty() && Passes(filter.key_types, KeyType::kRefreshToken);
  for (const auto& [id, session] : state_.sessions) {
    if (with_sessions && session.expires_at > filter.now) all.push_back(ListedSession(session));
  }
  std::vector<MethodStanding> linked;
  if (filter.eligible_for_switch.has_value()) {
    linked = state_.OpenLinksOf(filter.eligible_for_switch->company,
                                filter.eligible_for_switch->session, filter.only_user);
  }
  std::map<UserId, std::vector<Method>> by_user;
  for (Method& method : all) {
    const bool matches =
        Passes(filter.companies, method.company) &&
        (filter.only_user.empty() || method.user == filter.only_user) &&
        (!filter.eligible_for_switch.has_value() ||
         (IsEligible(method) &&
          (method.company == filter.eligible_for_switch->company || IsAmong(linked, method)))) &&
        Passes(filter.principal_keys, method.principal_key) && Passes(filter.users, method.user) &&
        Passes(filter.statuses, method.status) && Passes(filter.key_types, method.key_type);
    if (matches) by_user[method.user].push_back(state_.Shown(std::move(method)));
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

absl::StatusOr<std::optional<UserId>> FakeMethodStore::FindMade(const CallContext& call) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  return state_.FindMade(call);
}

absl::StatusOr<UserId> FakeMethodStore::InsertUserWithMethod(const CallContext& call,
                                                             const Method& method) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  ASSIGN_OR_RETURN(const std::optional<UserId> made, state_.FindMade(call));
  if (made.has_value()) return *made;
  if (!state_.IsActive(method.company)) return CompanyNotFound();
  State after = state_;
  const UserKey user(method.company, method.user);
  if (!after.users.emplace(user, AccountStatus::kActivated).second) return UserExists();
  RETURN_IF_ERROR(after.Insert(method));
  if (!call.idempotency.key.empty()) {
    after.answers[{call.company, call.user, call.rpc, call.idempotency.key}] = {
        call.idempotency.request_hash, method.user};
  }
  state_ = std::move(after);
  return method.user;
}

absl::StatusOr<Ended> FakeMethodStore::ChangeUser(const CallContext&, const UserChange& change,
                                                  const DecideChange& decide) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  std::optional<MethodKey> named;
  if (change.edit.has_value()) named = change.edit->key;
  State after = state_;
  ASSIGN_OR_RETURN(Ended ended, after.Change(change.company, change.user, named, decide));
  state_ = std::move(after);
  return ended;
}

absl::StatusOr<Ended> FakeMethodStore::EndSession(const CallContext&, const CompanyId& company,
                                                  const UserId& user, const SessionId& session) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  const auto found = state_.sessions.find(session);
  const bool own = found != state_.sessions.end() && found->second.company == company &&
                   (found->second.user == user || found->second.base_user == user);
  if (!own) return MethodNotFound();
  state_.sessions.erase(found);
  return state_.Revoke(company, {{.subject = session.value()}});
}

}  // namespace usher::auth

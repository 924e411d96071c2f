// How FakeMethodStore keeps its maps, and what a change writes into them.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/method/user_revocations.h"
#include "tests/support/fake_method_store.h"

namespace usher::auth {

bool FakeMethodStore::State::IsActive(const CompanyId& company) const {
  const auto found = companies.find(company);
  return found != companies.end() && found->second;
}

std::vector<Method> FakeMethodStore::State::MethodsOf(const CompanyId& company,
                                                      const UserId& user) const {
  std::vector<Method> own;
  for (const auto& [key, method] : methods) {
    if (method.company == company && method.user == user) own.push_back(method);
  }
  return own;
}

std::vector<SessionId> FakeMethodStore::State::SessionsOf(const CompanyId& company,
                                                          const MethodKey& method) const {
  std::vector<SessionId> own;
  for (const auto& [id, session] : sessions) {
    if (session.company == company && session.method == method) own.push_back(id);
  }
  return own;
}

Method FakeMethodStore::State::Shown(Method method) const {
  method.sealed_secret.clear();
  const auto used = uses.find(KeyOf(method.company, method.key()));
  if (used != uses.end() && used->second >= method.created_at) {
    method.metadata["lastUse"] = absl::StrCat(absl::ToUnixSeconds(used->second));
  }
  return method;
}

std::vector<MethodStanding> FakeMethodStore::State::OpenLinksOf(const CompanyId& company,
                                                                const SessionId& session,
                                                                const UserId& user) const {
  std::vector<MethodStanding> open;
  const auto own = sessions.find(session);
  if (own == sessions.end() || own->second.company != company || own->second.user != user) {
    return open;
  }
  for (const FakeLink& link : links) {
    if (link.company != company || link.method != own->second.method || link.user != user) continue;
    const auto from = methods.find(KeyOf(link.company, link.method));
    const auto to = methods.find(KeyOf(link.to_company, link.to_method));
    if (from == methods.end() || to == methods.end()) continue;
    const Method& first = from->second;
    const Method& second = to->second;
    if (first.user != user || second.user != user || *first.handed_since > link.created_at ||
        *second.secret_since > link.created_at) {
      continue;
    }
    open.push_back({.method = second,
                    .user_status = users.at({second.company, second.user}),
                    .company_active = IsActive(second.company),
                    .read_at = clock->Now()});
  }
  return open;
}

absl::StatusOr<std::optional<UserId>> FakeMethodStore::State::FindMade(
    const CallContext& call) const {
  const auto found = answers.find({call.company, call.user, call.rpc, call.idempotency.key});
  if (found == answers.end()) return std::optional<UserId>();
  const auto& [request_hash, user] = found->second;
  if (request_hash == call.idempotency.request_hash) return std::optional<UserId>(user);
  return ActionInvalid("this idempotency-key was used with another request");
}

absl::Status FakeMethodStore::State::Insert(Method method) {
  method.created_at = clock->Now() + absl::Microseconds(methods_made++);
  method.secret_since = method.handed_since = clock->Now();
  const std::string principal = method.principal;
  const bool made = methods.emplace(KeyOf(method.company, method.key()), std::move(method)).second;
  return made ? absl::OkStatus() : PrincipalTaken(principal);
}

Ended FakeMethodStore::State::Revoke(const CompanyId& company,
                                     const std::vector<RevocationDraft>& drafts) {
  Ended ended;
  for (const RevocationDraft& draft : drafts) {
    const absl::Duration ahead = draft.final ? absl::Minutes(10) : absl::ZeroDuration();
    ended.push_back({.sequence = ++last_sequence,
                     .kind = draft.kind,
                     .company = company,
                     .subject = draft.subject,
                     .issued_until = clock->Now() + ahead,
                     .reason = draft.reason});
  }
  revocations.insert(revocations.end(), ended.begin(), ended.end());
  return ended;
}

absl::StatusOr<Ended> FakeMethodStore::State::Change(const CompanyId& company, const UserId& user,
                                                     const std::optional<MethodKey>& named,
                                                     const DecideChange& decide) {
  ASSIGN_OR_RETURN(const LockedUser locked, Lock(company, user, named));
  ASSIGN_OR_RETURN(const UserWrite write, decide(locked));
  return Write(company, user, write);
}

absl::StatusOr<LockedUser> FakeMethodStore::State::Lock(
    const CompanyId& company, const UserId& user, const std::optional<MethodKey>& named) const {
  const auto found = users.find({company, user});
  if (found == users.end()) return UserNotFound();
  LockedUser locked;
  locked.status = found->second;
  locked.methods = MethodsOf(company, user);
  locked.now = clock->Now();
  locked.other_administrator = std::any_of(users.begin(), users.end(), [&](const auto& other) {
    const auto& [key, status] = other;
    return key.first == company && key.second != user &&
           IsAdministrator(status, MethodsOf(company, key.second));
  });
  const auto taken = named.has_value() ? methods.find(KeyOf(company, *named)) : methods.end();
  locked.name_is_taken = taken != methods.end() && taken->second.user != user;
  return locked;
}

absl::StatusOr<Ended> FakeMethodStore::State::Write(const CompanyId& company, const UserId& user,
                                                    const UserWrite& write) {
  const FindSessions find = [&](const MethodKey& method, bool only_signing, size_t most) {
    std::vector<SessionId> found;
    for (const SessionId& id : SessionsOf(company, method)) {
      const PermissionSet held = sessions.at(id).permissions;
      const bool signs = held.Has(Permission::kUserAdmin) || held.Has(Permission::kCompanyAdmin);
      if (found.size() < most && (signs || !only_signing)) found.push_back(id);
    }
    return found;
  };
  ASSIGN_OR_RETURN(const std::vector<RevocationDraft> drafts, Revoked(write, user, find));
  for (const SessionsWrite& ended : write.sessions) {
    if (!ended.over) continue;
    for (const SessionId& id : SessionsOf(company, ended.method)) sessions.erase(id);
    for (auto at = sessions.begin(); at != sessions.end();) {
      const bool begun = at->second.origin == std::make_pair(company, ended.method);
      at = begun ? sessions.erase(at) : std::next(at);
    }
  }
  if (write.status.has_value()) users[{company, user}] = *write.status;
  for (const MethodKey& key : write.removed) methods.erase(KeyOf(company, key));
  if (write.inserted.has_value()) RETURN_IF_ERROR(Insert(*write.inserted));
  if (write.overwritten.has_value()) {
    methods[KeyOf(company, write.overwritten->key())] = *write.overwritten;
  }
  return Revoke(company, drafts);
}

}  // namespace usher::auth

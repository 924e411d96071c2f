// How FakeMethodStore changes a user: what PgUserChange does, in memory.
#include <algorithm>
#include <iterator>
#include <utility>

#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_errors.h"
#include "tests/support/fake_method_store.h"

namespace usher::auth {
namespace {

using token::RevocationReason;

bool CouldUnmakeAdministrator(const UserChange& change) {
  return change.remove_all || change.user_status.has_value() ||
         (change.edit.has_value() &&
          (change.edit->remove || change.edit->status != AccountStatus::kDefault ||
           !change.edit->permissions.empty()));
}

}  // namespace

PermissionSet FakeMethodStore::State::HeldBy(const CompanyId& company, const UserId& user) const {
  PermissionSet held;
  for (const auto& [key, method] : methods) {
    if (method.company == company && method.user == user) held = held.Or(method.permissions);
  }
  return held;
}

bool FakeMethodStore::State::HasAdministrator(const CompanyId& company) const {
  return std::any_of(methods.begin(), methods.end(), [&](const auto& entry) {
    const Method& method = entry.second;
    const auto user = users.find({company, method.user});
    return method.company == company && method.status == AccountStatus::kActivated &&
           method.permissions.Has(Permission::kGrantPermissions) && user != users.end() &&
           user->second == AccountStatus::kActivated &&
           (!method.expires_at.has_value() || *method.expires_at > clock->Now());
  });
}

bool FakeMethodStore::State::IsActive(const CompanyId& company) const {
  const auto found = companies.find(company);
  return found != companies.end() && found->second;
}

absl::Status FakeMethodStore::State::Insert(Method method) {
  method.created_at = absl::FromUnixSeconds(++methods_made);
  const std::string principal = method.principal;
  const FullKey key = KeyOf(method.company, method.key());
  return methods.emplace(key, std::move(method)).second ? absl::OkStatus()
                                                        : PrincipalTaken(principal);
}

bool FakeMethodStore::State::InsertUser(const CompanyId& company, const UserId& user) {
  return users.emplace(UserKey(company, user), AccountStatus::kActivated).second;
}

void FakeMethodStore::State::Revoke(const CompanyId& company, token::RevocationKind kind,
                                    const std::string& subject, RevocationReason reason, bool final,
                                    Ended* ended) {
  token::Revocation revocation;
  revocation.sequence = ++last_sequence;
  revocation.kind = kind;
  revocation.company = company;
  revocation.subject = subject;
  revocation.issued_until = clock->Now() + (final ? absl::Minutes(10) : absl::ZeroDuration());
  revocation.reason = reason;
  revocations.push_back(revocation);
  ended->push_back(revocation);
}

void FakeMethodStore::State::EndSessions(RevocationReason reason, Ended* ended,
                                         const std::function<bool(const FakeSession&)>& which) {
  const std::vector<FakeSession> before = sessions;
  sessions.clear();
  for (const FakeSession& session : before) {
    if (!which(session)) {
      sessions.push_back(session);
      continue;
    }
    Revoke(session.company, token::RevocationKind::kSession, session.session.value(), reason,
           /*final=*/true, ended);
  }
}

void FakeMethodStore::State::EndSessionsOf(const CompanyId& company, const UserId& user,
                                           RevocationReason reason, Ended* ended) {
  EndSessions(reason, ended, [&](const FakeSession& session) {
    const auto method = methods.find(KeyOf(session.company, session.method));
    return session.company == company && method != methods.end() && method->second.user == user;
  });
}

void FakeMethodStore::State::RemoveAll(const CompanyId& company, const UserId& user,
                                       RevocationReason reason, Ended* ended) {
  EndSessionsOf(company, user, reason, ended);
  for (auto at = methods.begin(); at != methods.end();) {
    const bool gone = at->second.company == company && at->second.user == user;
    at = gone ? methods.erase(at) : std::next(at);
  }
}

absl::StatusOr<Ended> FakeMethodStore::ChangeUser(const CallContext&, const UserChange& change) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  State after = state_;
  const auto user = after.users.find({change.company, change.user});
  if (user == after.users.end() || user->second == AccountStatus::kDeleted) return UserNotFound();
  if (after.HeldBy(change.company, change.user) != change.held) return ChangedMeanwhile();
  const bool had_administrator = after.HasAdministrator(change.company);
  Ended ended;
  if (change.remove_all) {
    for (const auto& [key, method] : after.methods) {
      const bool locked = method.company == change.company && method.user == change.user &&
                          method.status == AccountStatus::kLocked;
      if (locked && !change.may_lift_lock) return StatusIsLocked();
    }
    after.RemoveAll(change.company, change.user, RevocationReason::kSignedOut, &ended);
    after.Revoke(change.company, token::RevocationKind::kUser, change.user.value(),
                 RevocationReason::kSignedOut, /*final=*/false, &ended);
  }
  if (change.user_status.has_value()) RETURN_IF_ERROR(after.SetStatus(change, &ended));
  if (change.edit.has_value()) RETURN_IF_ERROR(after.Edit(change, &ended));
  if (CouldUnmakeAdministrator(change) && had_administrator &&
      !after.HasAdministrator(change.company)) {
    return LastAdministrator();
  }
  state_ = std::move(after);
  return ended;
}

void FakeMethodStore::State::OutdateTokens(const Method& method, Ended* ended) {
  for (const FakeSession& session : sessions) {
    if (session.company != method.company || session.method != method.key()) continue;
    Revoke(method.company, token::RevocationKind::kSession, session.session.value(),
           RevocationReason::kRightsTaken, /*final=*/false, ended);
  }
  Revoke(method.company, token::RevocationKind::kUser, method.user.value(),
         RevocationReason::kRightsTaken, /*final=*/false, ended);
}

absl::Status FakeMethodStore::State::SetStatus(const UserChange& change, Ended* ended) {
  AccountStatus& status = users[{change.company, change.user}];
  if (status == AccountStatus::kLocked && !change.may_lift_lock) return StatusIsLocked();
  const bool ends =
      *change.user_status != AccountStatus::kActivated && *change.user_status != status;
  status = *change.user_status;
  if (!ends) return absl::OkStatus();
  EndSessionsOf(change.company, change.user, RevocationReason::kAccountInactive, ended);
  Revoke(change.company, token::RevocationKind::kUser, change.user.value(),
         RevocationReason::kAccountInactive, /*final=*/false, ended);
  return absl::OkStatus();
}

absl::Status FakeMethodStore::State::Edit(const UserChange& change, Ended* ended) {
  const MethodEdit& edit = *change.edit;
  const auto found = methods.find(KeyOf(change.company, edit.key));
  if (found == methods.end()) {
    if (edit.remove && change.remove_all) return absl::OkStatus();
    if (edit.remove || !edit.may_insert) return MethodNotFound();
    Method made;
    made.company = change.company;
    made.key_type = edit.key.key_type;
    made.principal = edit.principal;
    made.principal_key = edit.key.principal_key;
    made.user = change.user;
    made.sealed_secret = edit.sealed_secret;
    made.permissions = edit.permissions.ApplyTo({});
    if (edit.status != AccountStatus::kDefault) made.status = edit.status;
    made.metadata = text::MergeMetadata({}, edit.metadata);
    made.redirect_uri = edit.redirect_uri;
    made.display_name = edit.display_name;
    return Insert(std::move(made));
  }
  Method& method = found->second;
  if (method.user != change.user) {
    return edit.may_insert && !edit.remove ? PrincipalTaken(edit.principal) : MethodNotFound();
  }
  const bool touches_status = edit.remove || edit.status != AccountStatus::kDefault;
  if (method.status == AccountStatus::kLocked && touches_status && !change.may_lift_lock) {
    return StatusIsLocked();
  }
  if (!edit.remove) return Overwrite(edit, method, ended);
  EndSessions(RevocationReason::kSignedOut, ended, [&](const FakeSession& session) {
    return session.company == change.company && session.method == edit.key;
  });
  methods.erase(found);
  return absl::OkStatus();
}

absl::Status FakeMethodStore::State::Overwrite(const MethodEdit& edit, Method& method,
                                               Ended* ended) {
  const AccountStatus before = method.status;
  if (edit.status != AccountStatus::kDefault) method.status = edit.status;
  if (!edit.redirect_uri.empty()) method.redirect_uri = edit.redirect_uri;
  if (!edit.display_name.empty()) method.display_name = edit.display_name;
  method.metadata = text::MergeMetadata(method.metadata, edit.metadata);
  RETURN_IF_ERROR(text::CheckMetadata("authenticationRequest.metadata", method.metadata));
  const PermissionSet permissions = edit.permissions.ApplyTo(method.permissions);
  if (!permissions.Contains(method.permissions)) OutdateTokens(method, ended);
  method.permissions = permissions;
  if (method.status != AccountStatus::kActivated && method.status != before) {
    EndSessions(RevocationReason::kAccountInactive, ended, [&](const FakeSession& session) {
      return session.company == method.company && session.method == edit.key;
    });
  }
  if (edit.sealed_secret.empty()) return absl::OkStatus();
  method.sealed_secret = edit.sealed_secret;
  EndSessionsOf(method.company, method.user, RevocationReason::kSignedOut, ended);
  return absl::OkStatus();
}

}  // namespace usher::auth

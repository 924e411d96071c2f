#include "services/auth/method/user_change.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_errors.h"

namespace usher::auth {
namespace {

using token::RevocationReason;

bool IsLocked(const Method& method) { return method.status == AccountStatus::kLocked; }

bool AnyLocked(const LockedUser& user) {
  return user.status == AccountStatus::kLocked ||
         std::any_of(user.methods.begin(), user.methods.end(), IsLocked);
}

PermissionSet HeldBy(const std::vector<Method>& methods) {
  PermissionSet held;
  for (const Method& method : methods) held = held.Or(method.permissions);
  return held;
}

bool AnyActive(const std::vector<Method>& methods, absl::Time now) {
  return std::any_of(methods.begin(), methods.end(), [&](const Method& method) {
    return EffectiveStatus(method, now) == AccountStatus::kActivated;
  });
}

// What a person or an API client signs in with, again and again.
bool IsLasting(KeyType key_type) {
  return key_type == KeyType::kPassword || key_type == KeyType::kAuthorizationCode ||
         key_type == KeyType::kLdap || key_type == KeyType::kOauth2;
}

// Of two who change a secret with the same present one, the second comes too late.
bool StillShows(const LockedUser& user, const MethodEdit& edit) {
  if (!edit.shown.has_value()) return true;
  return std::any_of(user.methods.begin(), user.methods.end(), [&](const Method& method) {
    return method.key() == edit.shown->method && method.sealed_secret == edit.shown->sealed;
  });
}

// In words, for the audit row.
std::string DetailOf(const UserChange& change) {
  std::string detail;
  if (change.remove_all) absl::StrAppend(&detail, "all methods removed; ");
  if (change.user_status.has_value()) {
    absl::StrAppend(&detail, "user ", AccountStatusName(*change.user_status), "; ");
  }
  if (change.end_sessions) {
    absl::StrAppend(&detail, "all sessions ended", change.kept_session.empty() ? "" : " but one");
  }
  if (!change.edit.has_value()) return detail;
  const MethodEdit& edit = *change.edit;
  absl::StrAppend(&detail, KeyTypeName(edit.key.key_type), " method:");
  if (edit.remove) absl::StrAppend(&detail, " removed");
  if (!edit.sealed_secret.empty()) absl::StrAppend(&detail, " secret");
  if (!edit.permissions.empty()) absl::StrAppend(&detail, " permissions");
  if (!edit.remove && edit.status != AccountStatus::kDefault) {
    absl::StrAppend(&detail, " ", AccountStatusName(edit.status));
  }
  if (!edit.metadata.empty()) absl::StrAppend(&detail, " metadata");
  return detail;
}

Method MadeBy(const MethodEdit& edit, const CompanyId& company, const UserId& user) {
  Method method;
  method.company = company;
  method.key_type = edit.key.key_type;
  method.principal = edit.principal;
  method.principal_key = edit.key.principal_key;
  method.user = user;
  method.sealed_secret = edit.sealed_secret;
  method.permissions = edit.permissions.ApplyTo({});
  if (edit.status != AccountStatus::kDefault) method.status = edit.status;
  method.metadata = text::MergeMetadata({}, edit.metadata);
  method.redirect_uri = edit.redirect_uri;
  method.display_name = edit.display_name;
  return method;
}

absl::StatusOr<Method> Merged(Method method, const MethodEdit& edit) {
  if (!edit.sealed_secret.empty()) method.sealed_secret = edit.sealed_secret;
  method.permissions = edit.permissions.ApplyTo(method.permissions);
  if (edit.status != AccountStatus::kDefault) method.status = edit.status;
  if (!edit.redirect_uri.empty()) method.redirect_uri = edit.redirect_uri;
  if (!edit.display_name.empty()) method.display_name = edit.display_name;
  if (edit.status != AccountStatus::kDefault) method.metadata.erase(kSwitchedOffByKey);
  method.metadata = text::MergeMetadata(std::move(method.metadata), edit.metadata);
  RETURN_IF_ERROR(text::CheckMetadata("authenticationRequest.metadata", method.metadata));
  return method;
}

// What the user becomes, step by step, and what is to be written for it.
class Judgement {
 public:
  explicit Judgement(const LockedUser& before)
      : before_(before), status_(before.status), methods_(before.methods) {}

  void RemoveAll(RevocationReason reason) {
    for (const Method& method : before_.methods) {
      EndSessions(method.key(), reason);
      write_.removed.push_back(method.key());
    }
    methods_.clear();
  }

  void EndSessionsBut(const SessionId& kept) {
    EndAllSessions(RevocationReason::kSignedOut);
    // The tokens of the one that goes on cannot be told from the others': they are to be refreshed.
    EndTokens(
        {.reason = kept.empty() ? RevocationReason::kSignedOut : RevocationReason::kRightsTaken});
    write_.kept_session = kept;
  }

  void SetStatus(AccountStatus status) {
    write_.status = status;
    if (status != AccountStatus::kActivated && status != status_) {
      EndAllSessions(RevocationReason::kAccountInactive);
      EndTokens({.reason = RevocationReason::kAccountInactive});
    }
    status_ = status;
  }

  absl::Status Edit(const MethodEdit& edit, const UserChange& change);
  void EndTokens(TokensWrite tokens) {
    // What outdates tokens gives way to what ends them.
    const bool ended =
        write_.tokens.has_value() && write_.tokens->reason != RevocationReason::kRightsTaken;
    if (!ended) write_.tokens = tokens;
  }
  absl::StatusOr<UserWrite> Finish(std::string detail);

 private:
  void Overwrite(Method& method, Method after, const MethodEdit& edit);
  void EndSessions(const MethodKey& key, RevocationReason reason);
  void EndAllSessions(RevocationReason reason) {
    for (const Method& method : before_.methods) EndSessions(method.key(), reason);
  }
  void OutdateTokens(const MethodKey& key);

  const LockedUser& before_;
  AccountStatus status_;
  std::vector<Method> methods_;
  UserWrite write_;
};

absl::Status Judgement::Edit(const MethodEdit& edit, const UserChange& change) {
  const bool may = change.may_lift_lock || !AnyLocked(before_);
  const auto found = std::find_if(methods_.begin(), methods_.end(),
                                  [&](const Method& method) { return method.key() == edit.key; });
  if (found == methods_.end()) {
    if (edit.remove && change.remove_all) return absl::OkStatus();  // it is gone already
    if (edit.remove || !edit.may_insert) return MethodNotFound();
    if (before_.name_is_taken) return PrincipalTaken(edit.principal);
    if (!may) return StatusIsLocked();  // another way in beside the one that is locked
    if (methods_.size() >= kMostMethods) return TooManyMethods(kMostMethods);
    write_.inserted = MadeBy(edit, change.company, change.user);
    methods_.push_back(*write_.inserted);
    return absl::OkStatus();
  }
  const bool touches_status = edit.remove || edit.status != AccountStatus::kDefault;
  const bool comes_alive = edit.status == AccountStatus::kActivated && edit.status != found->status;
  if (!may && (comes_alive || (IsLocked(*found) && touches_status))) return StatusIsLocked();
  if (edit.remove) {
    EndSessions(edit.key, RevocationReason::kSignedOut);
    write_.removed.push_back(edit.key);
    methods_.erase(found);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(Method after, Merged(*found, edit));
  Overwrite(*found, std::move(after), edit);
  return absl::OkStatus();
}

void Judgement::Overwrite(Method& method, Method after, const MethodEdit& edit) {
  if (!after.permissions.Contains(method.permissions)) OutdateTokens(method.key());
  if (after.status != AccountStatus::kActivated && after.status != method.status) {
    EndSessions(method.key(), RevocationReason::kAccountInactive);
  }
  // Whoever was signed in may have come in with the secret that is no longer good.
  if (after.sealed_secret != method.sealed_secret) {
    EndAllSessions(RevocationReason::kSignedOut);
    after.secret_since = before_.now;
    const bool shown =
        edit.shown.has_value() && !edit.shown_by_nobody && edit.shown->method == edit.key;
    if (!shown) after.handed_since = before_.now;
  }
  method = after;
  write_.overwritten = std::move(after);
}

// By session: also the tokens that were signed for others with one of these. By user: also those
// that others signed for this user.
void Judgement::OutdateTokens(const MethodKey& key) {
  write_.sessions.push_back(
      {.method = key, .reason = RevocationReason::kRightsTaken, .over = false});
  EndTokens({.reason = RevocationReason::kRightsTaken});
}

void Judgement::EndSessions(const MethodKey& key, RevocationReason reason) {
  for (SessionsWrite& sessions : write_.sessions) {
    if (sessions.method != key) continue;
    if (!sessions.over) sessions = {.method = key, .reason = reason};
    return;
  }
  write_.sessions.push_back({.method = key, .reason = reason});
}

absl::StatusOr<UserWrite> Judgement::Finish(std::string detail) {
  if (IsAdministrator(before_.status, before_.methods) && !IsAdministrator(status_, methods_) &&
      !before_.other_administrator) {
    return LastAdministrator();
  }
  const bool was_active = before_.methods.empty() || AnyActive(before_.methods, before_.now);
  const bool is_active = AnyActive(methods_, before_.now);
  // The last way in is gone: so is what somebody signed for the user.
  if (was_active && !is_active && !(before_.methods.empty() && methods_.empty())) {
    EndTokens({.reason = methods_.empty() ? RevocationReason::kSignedOut
                                          : RevocationReason::kAccountInactive});
  }
  const bool all_over =
      write_.kept_session.empty() &&
      std::all_of(before_.methods.begin(), before_.methods.end(), [&](const Method& method) {
        return std::any_of(write_.sessions.begin(), write_.sessions.end(),
                           [&](const auto& one) { return one.over && one.method == method.key(); });
      });
  // Those of other methods go on: their tokens are told to be refreshed.
  for (SessionsWrite& sessions : write_.sessions) {
    sessions.if_many = all_over ? sessions.reason : RevocationReason::kRightsTaken;
  }
  write_.detail = std::move(detail);
  return std::move(write_);
}

}  // namespace

bool CouldUnmakeAdministrator(const UserChange& change) {
  if (change.remove_all || change.user_status.has_value()) return true;
  if (!change.edit.has_value()) return false;
  const MethodEdit& edit = *change.edit;
  return edit.remove || edit.status != AccountStatus::kDefault || edit.permissions.strip_all ||
         !edit.permissions.take.empty();
}

bool IsAdministrator(AccountStatus user_status, const std::vector<Method>& methods) {
  if (user_status != AccountStatus::kActivated) return false;
  return std::any_of(methods.begin(), methods.end(), [](const Method& method) {
    return method.permissions.Has(Permission::kGrantPermissions) &&
           method.status == AccountStatus::kActivated && !method.expires_at.has_value() &&
           IsLasting(method.key_type);
  });
}

absl::StatusOr<UserWrite> Judge(const LockedUser& user, const UserChange& change) {
  if (user.status == AccountStatus::kDeleted) return UserNotFound();
  if (change.edit.has_value() && !StillShows(user, *change.edit)) return CurrentSecretWrong();
  if (HeldBy(user.methods) != change.held) return ChangedMeanwhile();

  Judgement judgement(user);
  if (change.remove_all) {
    if (!change.may_lift_lock && AnyLocked(user)) return StatusIsLocked();
    judgement.RemoveAll(RevocationReason::kSignedOut);
    judgement.EndTokens({.reason = RevocationReason::kSignedOut});
  }
  if (change.user_status.has_value()) {
    if (!change.may_lift_lock && user.status == AccountStatus::kLocked) return StatusIsLocked();
    judgement.SetStatus(*change.user_status);
  }
  if (change.end_sessions) judgement.EndSessionsBut(change.kept_session);
  if (change.edit.has_value()) RETURN_IF_ERROR(judgement.Edit(*change.edit, change));
  return judgement.Finish(DetailOf(change));
}

absl::StatusOr<UserWrite> Judge(const LockedUser& user, const UserRemoval& removal) {
  if (user.status == AccountStatus::kDeleted) return UserWrite();
  if (HeldBy(user.methods) != removal.held) return ChangedMeanwhile();
  if (!removal.may_lift_lock && AnyLocked(user)) return StatusIsLocked();
  Judgement judgement(user);
  judgement.EndTokens({.reason = RevocationReason::kAccountInactive, .final = true});
  judgement.RemoveAll(RevocationReason::kAccountInactive);
  judgement.SetStatus(AccountStatus::kDeleted);
  return judgement.Finish("removed");
}

}  // namespace usher::auth

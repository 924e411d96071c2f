#include "services/auth/method/pg_user_change.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/method/method_sql.h"
#include "services/auth/method/pg_method_rows.h"

namespace usher::auth {
namespace {

using token::RevocationReason;

// Whether a company administrator could be lost by it.
bool CouldUnmakeAdministrator(const UserChange& change) {
  if (change.remove_all || change.user_status.has_value()) return true;
  if (!change.edit.has_value()) return false;
  const MethodEdit& edit = *change.edit;
  return edit.remove || edit.status != AccountStatus::kDefault || edit.permissions.strip_all ||
         !edit.permissions.take.empty();
}

// In words, for the audit row.
std::string DetailOf(const UserChange& change) {
  std::string detail;
  if (change.remove_all) absl::StrAppend(&detail, "all methods removed; ");
  if (change.user_status.has_value()) {
    absl::StrAppend(&detail, "user ", AccountStatusName(*change.user_status), "; ");
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

}  // namespace

absl::StatusOr<Ended> PgUserChange::Apply(const UserChange& change) {
  bool had_administrator = false;
  if (CouldUnmakeAdministrator(change)) {
    ASSIGN_OR_RETURN(const db::Rows company, tx_.Execute(sql::kLockCompany, {company_}));
    ASSIGN_OR_RETURN(had_administrator, HasAdministrator());
  }
  ASSIGN_OR_RETURN(const AccountStatus status, LockUser());
  if (status == AccountStatus::kDeleted) return UserNotFound();
  ASSIGN_OR_RETURN(const Held held, FindHeld());
  if (held.permissions != change.held) return ChangedMeanwhile();

  if (change.remove_all) {
    if (held.any_locked && !change.may_lift_lock) return StatusIsLocked();
    RETURN_IF_ERROR(RemoveAll(RevocationReason::kSignedOut));
    NoteUser(RevocationReason::kSignedOut, /*final=*/false);
  }
  if (change.user_status.has_value()) {
    if (status == AccountStatus::kLocked && !change.may_lift_lock) return StatusIsLocked();
    RETURN_IF_ERROR(SetUserStatus(status, *change.user_status));
  }
  if (change.edit.has_value()) RETURN_IF_ERROR(Edit(*change.edit, change));

  if (had_administrator) {
    ASSIGN_OR_RETURN(const bool has_administrator, HasAdministrator());
    if (!has_administrator) return LastAdministrator();
  }
  return Finish(DetailOf(change));
}

absl::StatusOr<Ended> PgUserChange::Remove(PermissionSet held_before) {
  ASSIGN_OR_RETURN(const db::Rows company, tx_.Execute(sql::kLockCompany, {company_}));
  ASSIGN_OR_RETURN(const bool had_administrator, HasAdministrator());
  ASSIGN_OR_RETURN(const AccountStatus status, LockUser());
  if (status == AccountStatus::kDeleted) return Ended();
  ASSIGN_OR_RETURN(const Held held, FindHeld());
  if (held.permissions != held_before) return ChangedMeanwhile();

  RETURN_IF_ERROR(RemoveAll(RevocationReason::kAccountInactive));
  RETURN_IF_ERROR(tx_.ExecuteOnRow(
      sql::kUpdateUserStatus, {company_, user_, static_cast<int32_t>(AccountStatus::kDeleted)}));
  NoteUser(RevocationReason::kAccountInactive, /*final=*/true);
  if (had_administrator) {
    ASSIGN_OR_RETURN(const bool has_administrator, HasAdministrator());
    if (!has_administrator) return LastAdministrator();
  }
  return Finish("removed");
}

// UserNotFound; kDeleted for a tombstone.
absl::StatusOr<AccountStatus> PgUserChange::LockUser() {
  ASSIGN_OR_RETURN(const db::Rows rows, tx_.Execute(sql::kLockUser, {company_, user_}));
  if (rows.empty()) return UserNotFound();
  return static_cast<AccountStatus>(rows[0].Int(0));
}

absl::StatusOr<PgUserChange::Held> PgUserChange::FindHeld() {
  ASSIGN_OR_RETURN(const db::Rows rows, tx_.Execute(sql::kFindHeld, {company_, user_}));
  return Held{.permissions = PermissionSet::FromMask(static_cast<uint32_t>(rows[0].Int(0))),
              .any_locked = rows[0].Bool(1)};
}

absl::StatusOr<bool> PgUserChange::HasAdministrator() {
  ASSIGN_OR_RETURN(const db::Rows rows, tx_.Execute(sql::kFindAdministrator, {company_}));
  return rows[0].Bool(0);
}

absl::Status PgUserChange::RemoveAll(RevocationReason reason) {
  RETURN_IF_ERROR(EndSessionsOfUser(reason));
  return tx_.Execute(sql::kDeleteMethodsOfUser, {company_, user_}).status();
}

absl::Status PgUserChange::SetUserStatus(AccountStatus before, AccountStatus after) {
  RETURN_IF_ERROR(
      tx_.ExecuteOnRow(sql::kUpdateUserStatus, {company_, user_, static_cast<int32_t>(after)}));
  if (after == AccountStatus::kActivated || before == after) return absl::OkStatus();
  RETURN_IF_ERROR(EndSessionsOfUser(RevocationReason::kAccountInactive));
  NoteUser(RevocationReason::kAccountInactive, /*final=*/false);
  return absl::OkStatus();
}

absl::Status PgUserChange::Edit(const MethodEdit& edit, const UserChange& change) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx_.Execute(sql::kLockMethod,
                               {company_, KeyTypeName(edit.key.key_type), edit.key.principal_key}));
  if (rows.empty()) {
    // removeAll has removed it already.
    if (edit.remove && change.remove_all) return absl::OkStatus();
    if (edit.remove || !edit.may_insert) return MethodNotFound();
    return Insert(edit);
  }
  Method method = MethodOf(rows[0]);
  if (method.user != user_) {
    return edit.may_insert && !edit.remove ? PrincipalTaken(edit.principal) : MethodNotFound();
  }
  const bool touches_status = edit.remove || edit.status != AccountStatus::kDefault;
  if (method.status == AccountStatus::kLocked && touches_status && !change.may_lift_lock) {
    return StatusIsLocked();
  }
  return edit.remove ? RemoveMethod(edit.key) : Overwrite(edit, std::move(method));
}

absl::Status PgUserChange::Insert(const MethodEdit& edit) {
  Method method;
  method.company = company_;
  method.key_type = edit.key.key_type;
  method.principal = edit.principal;
  method.principal_key = edit.key.principal_key;
  method.user = user_;
  method.sealed_secret = edit.sealed_secret;
  method.permissions = edit.permissions.ApplyTo({});
  if (edit.status != AccountStatus::kDefault) method.status = edit.status;
  method.metadata = text::MergeMetadata({}, edit.metadata);
  method.redirect_uri = edit.redirect_uri;
  method.display_name = edit.display_name;
  return InsertMethod(tx_, method);
}

absl::Status PgUserChange::Overwrite(const MethodEdit& edit, Method method) {
  const AccountStatus status_before = method.status;
  const PermissionSet permissions = edit.permissions.ApplyTo(method.permissions);
  if (edit.status != AccountStatus::kDefault) method.status = edit.status;
  if (!edit.redirect_uri.empty()) method.redirect_uri = edit.redirect_uri;
  if (!edit.display_name.empty()) method.display_name = edit.display_name;
  method.metadata = text::MergeMetadata(std::move(method.metadata), edit.metadata);
  RETURN_IF_ERROR(text::CheckMetadata("authenticationRequest.metadata", method.metadata));
  RETURN_IF_ERROR(tx_.ExecuteOnRow(
      sql::kUpdateMethod,
      {company_, KeyTypeName(edit.key.key_type), edit.key.principal_key,
       edit.sealed_secret.empty() ? db::Param(std::nullopt) : db::Param::Bytes(edit.sealed_secret),
       permissions.mask(), static_cast<int32_t>(method.status), db::Param::Json(method.metadata),
       method.redirect_uri, method.display_name}));
  if (!permissions.Contains(method.permissions)) RETURN_IF_ERROR(OutdateTokens(edit.key));
  if (method.status != AccountStatus::kActivated && method.status != status_before) {
    RETURN_IF_ERROR(EndSessionsOfMethod(edit.key, RevocationReason::kAccountInactive));
  }
  // Whoever was signed in may have come in with the secret that is no longer good.
  if (!edit.sealed_secret.empty()) RETURN_IF_ERROR(EndSessionsOfUser(RevocationReason::kSignedOut));
  return absl::OkStatus();
}

absl::Status PgUserChange::RemoveMethod(const MethodKey& key) {
  RETURN_IF_ERROR(EndSessionsOfMethod(key, RevocationReason::kSignedOut));
  return tx_.ExecuteOnRow(sql::kDeleteMethod,
                          {company_, KeyTypeName(key.key_type), key.principal_key});
}

absl::Status PgUserChange::EndSessionsOfUser(RevocationReason reason) {
  ASSIGN_OR_RETURN(const db::Rows ids, tx_.Execute(sql::kDeleteSessionsOfUser, {company_, user_}));
  NoteSessions(ids, reason);
  return absl::OkStatus();
}

absl::Status PgUserChange::EndSessionsOfMethod(const MethodKey& key, RevocationReason reason) {
  ASSIGN_OR_RETURN(const db::Rows ids,
                   tx_.Execute(sql::kDeleteSessionsOfMethod,
                               {company_, KeyTypeName(key.key_type), key.principal_key}));
  NoteSessions(ids, reason);
  return absl::OkStatus();
}

// By session: also the tokens that were signed for others with one of these. By user: also those
// that others signed for this user.
absl::Status PgUserChange::OutdateTokens(const MethodKey& key) {
  ASSIGN_OR_RETURN(const db::Rows ids,
                   tx_.Execute(sql::kListSessionsOfMethod,
                               {company_, KeyTypeName(key.key_type), key.principal_key}));
  NoteSessions(ids, RevocationReason::kRightsTaken, /*final=*/false);
  NoteUser(RevocationReason::kRightsTaken, /*final=*/false);
  return absl::OkStatus();
}

void PgUserChange::NoteSessions(const db::Rows& ids, RevocationReason reason, bool final) {
  for (size_t i = 0; i < ids.size(); ++i) {
    endings_.push_back({.kind = token::RevocationKind::kSession,
                        .subject = ids[i].Text(0),
                        .reason = reason,
                        .final = final});
  }
}

void PgUserChange::NoteUser(RevocationReason reason, bool final) {
  endings_.push_back({.kind = token::RevocationKind::kUser,
                      .subject = user_.value(),
                      .reason = reason,
                      .final = final});
}

absl::StatusOr<Ended> PgUserChange::Finish(const std::string& detail) {
  RETURN_IF_ERROR(db::Audit(tx_, call_, company_, AuditObject(user_), detail));
  return WriteRevocations(tx_, company_, endings_);
}

}  // namespace usher::auth

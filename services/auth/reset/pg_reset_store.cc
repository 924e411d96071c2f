#include "services/auth/reset/pg_reset_store.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/auth/mail/pg_mail_rows.h"
#include "services/auth/method/pg_method_rows.h"
#include "services/auth/method/pg_user_change.h"
#include "services/auth/reset/reset_errors.h"
#include "services/auth/reset/reset_sql.h"

namespace usher::auth {
namespace {

const char* DetailOf(const ResetDraft& draft, bool kept) {
  if (draft.user.empty()) return "requested of nobody";
  if (draft.by_administrator) return "made by an administrator";
  return kept ? "requested" : "requested too often";
}

// audit_kind() in the migrations goes by how it begins.
std::string ResetObjectOf(const ResetDraft& draft) {
  if (draft.user.empty()) return "password reset";
  return absl::StrCat("password reset of ", AuditObject(draft.user));
}

}  // namespace

absl::Status PgResetStore::Replace(const CallContext& call, const ResetDraft& draft) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(
        const db::Rows rows,
        tx.Execute(sql::kReplaceReset,
                   {draft.company, draft.principal_key, draft.user,
                    db::Param::Bytes(draft.token_hash), db::Param::Bytes(draft.secret_mark),
                    draft.mail.id, absl::ToInt64Microseconds(draft.good_for), draft.most_an_hour}));
    const bool kept = rows[0].Bool(0);
    MailDraft mail = draft.mail;
    if (!kept) mail.kind = MailKind::kDecoy;
    RETURN_IF_ERROR(QueueMail(tx, mail));
    return db::Audit(tx, call, draft.company, ResetObjectOf(draft), DetailOf(draft, kept));
  });
}

absl::StatusOr<std::optional<PendingReset>> PgResetStore::Find(const CallContext& call,
                                                               const CompanyId& company,
                                                               const std::string& principal_key) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindReset, {company, principal_key}));
  if (rows.empty()) return std::optional<PendingReset>();
  PendingReset reset;
  reset.user = UserId(rows[0].Text(0));
  reset.token_hash = rows[0].Bytes(1);
  reset.secret_mark = rows[0].Bytes(2);
  return std::optional<PendingReset>(std::move(reset));
}

absl::StatusOr<Ended> PgResetStore::Use(const CallContext& call, const UserChange& change,
                                        const std::string& token_hash, const DecideChange& decide) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<Ended> {
    PgUserChange user(tx, call, change.company, change.user);
    ASSIGN_OR_RETURN(const LockedUser locked,
                     user.Lock(CouldUnmakeAdministrator(change), change.edit->key));
    ASSIGN_OR_RETURN(const db::Rows taken,
                     tx.Execute(sql::kTakeReset, {change.company, change.edit->key.principal_key,
                                                  change.user, db::Param::Bytes(token_hash)}));
    if (taken.affected() == 0) return ResetRefused();
    RETURN_IF_ERROR(tx.Execute(sql::kDeleteResetsOfUser, {change.company, change.user}).status());
    ASSIGN_OR_RETURN(UserWrite write, decide(locked));
    write.detail = absl::StrCat("password reset used; ", write.detail);
    return user.Write(write);
  });
}

absl::StatusOr<bool> PgResetStore::Renew(const CallContext& call, const CompanyId& company,
                                         const MailId& mail, absl::Duration good_for) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kRenewReset,
                               {company, mail, absl::ToInt64Microseconds(good_for)}));
  return rows.affected() > 0;
}

absl::Status PgResetStore::Forget(const CallContext& call, absl::Duration ago) {
  return db::Execute(call, pool_, sql::kForgetResets, {absl::ToInt64Microseconds(ago)}).status();
}

}  // namespace usher::auth

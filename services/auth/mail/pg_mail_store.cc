#include "services/auth/mail/pg_mail_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/auth/mail/mail_sql.h"
#include "services/auth/mail/pg_mail_rows.h"

namespace usher::auth {
namespace {

// What kForgetDecoys takes at once, and how often.
constexpr size_t kPiece = 1000;
constexpr int kMostPieces = 20;

QueuedMail MailOf(const db::Row& row) {
  QueuedMail mail;
  mail.draft.company = CompanyId(row.Text(0));
  mail.draft.id = MailId(row.Text(1));
  mail.draft.kind = static_cast<MailKind>(row.Int(2));
  mail.draft.user = UserId(row.Text(3));
  mail.draft.recipient = row.Text(4);
  mail.draft.language = row.Text(5);
  mail.draft.username = row.Text(6);
  mail.draft.sealed_link = row.Bytes(7);
  mail.draft.good_for = absl::Microseconds(row.Int(8));
  mail.attempts = static_cast<int>(row.Int(9));
  mail.age = absl::Microseconds(row.Int(10));
  return mail;
}

std::string ObjectOf(const MailDraft& draft) {
  return absl::StrCat(MailKindName(draft.kind), " mail ", draft.id.value());
}

}  // namespace

absl::Status QueueMail(db::Transaction& tx, const MailDraft& draft) {
  return tx
      .Execute(sql::kInsertMail,
               {draft.company, draft.id, static_cast<int32_t>(draft.kind), draft.user,
                draft.recipient, draft.language, draft.username,
                db::Param::Bytes(draft.sealed_link), absl::ToInt64Microseconds(draft.good_for)})
      .status();
}

absl::StatusOr<std::optional<QueuedMail>> PgMailStore::Claim(const CallContext& call,
                                                             absl::Duration lease) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kClaimMail, {absl::ToInt64Microseconds(lease)}));
  if (rows.empty()) return std::optional<QueuedMail>();
  return std::optional<QueuedMail>(MailOf(rows[0]));
}

absl::Status PgMailStore::Finish(const CallContext& call, const QueuedMail& mail,
                                 absl::string_view outcome) {
  const MailDraft& draft = mail.draft;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kFinishMail, {draft.company, draft.id}));
    if (rows.affected() == 0) return absl::OkStatus();
    return db::Audit(tx, call, draft.company, ObjectOf(draft), outcome);
  });
}

absl::Status PgMailStore::Postpone(const CallContext& call, const QueuedMail& mail,
                                   absl::Duration pause, absl::string_view error) {
  return db::Execute(call, pool_, sql::kPostponeMail,
                     {mail.draft.company, mail.draft.id, mail.attempts,
                      absl::ToInt64Microseconds(pause), error})
      .status();
}

absl::Status PgMailStore::Bury(const CallContext& call, const QueuedMail& mail,
                               absl::string_view error) {
  const MailDraft& draft = mail.draft;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const db::Rows rows,
                     tx.Execute(sql::kBuryMail, {draft.company, draft.id, mail.attempts, error}));
    if (rows.affected() == 0) return absl::OkStatus();
    return db::Audit(tx, call, draft.company, ObjectOf(draft), "given up");
  });
}

absl::StatusOr<std::vector<ListedMail>> PgMailStore::List(const CallContext& call, size_t most) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kListMails, {static_cast<uint64_t>(most)}));
  std::vector<ListedMail> mails;
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    ListedMail mail;
    mail.id = MailId(row.Text(0));
    mail.company = CompanyId(row.Text(1));
    mail.user = UserId(row.Text(2));
    mail.kind = static_cast<MailKind>(row.Int(3));
    mail.dead = row.Bool(4);
    mail.attempts = static_cast<int>(row.Int(5));
    mail.queued_at = row.Micros(6);
    mail.due_at = row.Micros(7);
    mail.last_error = row.Text(8);
    mails.push_back(std::move(mail));
  }
  return mails;
}

absl::StatusOr<bool> PgMailStore::SendAgain(const CallContext& call, const MailId& mail) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kSendAgain, {mail}));
    if (rows.empty()) return false;
    RETURN_IF_ERROR(db::Audit(tx, call, CompanyId(rows[0].Text(0)),
                              absl::StrCat("mail ", mail.value()), "to be sent again"));
    return true;
  });
}

absl::StatusOr<MailBacklog> PgMailStore::Count(const CallContext& call) {
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, sql::kCountMails, {}));
  MailBacklog backlog;
  backlog.waiting = rows[0].Int(0);
  backlog.dead = rows[0].Int(1);
  backlog.oldest = absl::Microseconds(rows[0].Int(2));
  return backlog;
}

absl::Status PgMailStore::Forget(const CallContext& call, absl::Duration dead_for) {
  size_t forgotten = kPiece;
  for (int round = 0; round < kMostPieces && forgotten == kPiece; ++round) {
    ASSIGN_OR_RETURN(const db::Rows decoys, db::Execute(call, pool_, sql::kForgetDecoys, {}));
    forgotten = decoys.affected();
  }
  return db::Execute(call, pool_, sql::kForgetDeadMails, {absl::ToInt64Microseconds(dead_for)})
      .status();
}

}  // namespace usher::auth

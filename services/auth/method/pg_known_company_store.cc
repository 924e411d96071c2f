#include "services/auth/method/pg_known_company_store.h"

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/company_clearing.h"
#include "common/db/transaction.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/company_sql.h"
#include "services/auth/method/known_user_sql.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/method/pg_method_rows.h"
#include "services/auth/method/revocation_sql.h"

namespace usher::auth {
namespace {

constexpr int64_t kDestroyed = 3;

absl::StatusOr<bool> IsThere(db::Transaction& tx, const db::Statement& statement,
                             const CompanyId& company, const UserId& user) {
  ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(statement, {company, user}));
  return !rows.empty();
}

absl::Status Note(db::Transaction& tx, const CallContext& call, const CompanyId& company,
                  const CompanyId& whose, absl::string_view what) {
  return db::Audit(tx, call, whose, absl::StrCat("company ", company.value()), what);
}

}  // namespace

absl::Status PgKnownCompanyStore::EnsureCompany(const CallContext& call, const Method& first) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(tx.Execute(sql::kLockFounding, {first.company}).status());
    ASSIGN_OR_RETURN(const bool given_up,
                     IsThere(tx, sql::kFindGivenUp, first.company, first.user));
    if (given_up) return UserRuledOut();
    ASSIGN_OR_RETURN(const db::Rows made, tx.Execute(sql::kInsertCompany, {first.company}));
    if (made.empty()) {
      ASSIGN_OR_RETURN(const bool founded,
                       IsThere(tx, sql::kFindFounded, first.company, first.user));
      return founded ? absl::OkStatus() : CompanyExists();
    }
    RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kInsertUser, {first.company, first.user}));
    RETURN_IF_ERROR(InsertMethod(tx, first));
    return Note(tx, call, first.company, first.company, "founded");
  });
}

absl::StatusOr<bool> PgKnownCompanyStore::SettleCompany(const CallContext& call,
                                                        const CompanyId& company,
                                                        const UserId& user) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    RETURN_IF_ERROR(tx.Execute(sql::kLockFounding, {company}).status());
    ASSIGN_OR_RETURN(const bool founded, IsThere(tx, sql::kFindFounded, company, user));
    if (founded) return true;
    RETURN_IF_ERROR(tx.Execute(sql::kGiveUpFounding, {company, user}).status());
    return false;
  });
}

absl::StatusOr<std::vector<token::Revocation>> PgKnownCompanyStore::DestroyCompany(
    const CallContext& call, const CompanyId& company, absl::Duration rest) {
  using Ended = absl::StatusOr<std::vector<token::Revocation>>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Ended {
    ASSIGN_OR_RETURN(const db::Rows status, tx.Execute(sql::kLockCompanyStatus, {company}));
    if (status.empty()) return CompanyNotFound();
    if (status[0].Int(0) == kDestroyed) return std::vector<token::Revocation>();
    RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kDestroyCompany, {company}));
    RETURN_IF_ERROR(Note(tx, call, company, call.company, "destroyed"));
    // Last: it holds the feed's lock until the end (revocation_log.h).
    RETURN_IF_ERROR(tx.Execute(sql::kLockFeed, {}).status());
    ASSIGN_OR_RETURN(const db::Rows ended, tx.Execute(sql::kInsertCompanyRevocation,
                                                      {company, absl::ToInt64Seconds(rest)}));
    return RevocationsOf(ended);
  });
}

absl::StatusOr<bool> PgKnownCompanyStore::IsDestroyed(const CallContext& call,
                                                      const CompanyId& company) {
  ASSIGN_OR_RETURN(const db::Rows status,
                   db::Execute(call, pool_, sql::kFindCompanyStatus, {company}));
  return status.empty() || status[0].Int(0) == kDestroyed;
}

absl::StatusOr<bool> PgKnownCompanyStore::ClearCompany(const CallContext& call,
                                                       const CompanyId& company) {
  ASSIGN_OR_RETURN(const bool destroyed, IsDestroyed(call, company));
  if (!destroyed) return absl::InternalError("a company that was not destroyed is to be cleared");
  return db::ClearCompany(
      call, pool_, company,
      {&sql::kClearSessions, &sql::kClearMoves, &sql::kClearEndings, &sql::kClearUses,
       &sql::kClearLinks, &sql::kClearResets, &sql::kClearMails, &sql::kClearMethods,
       &sql::kClearUsers, &sql::kClearGuesses, &sql::kClearCompany});
}

absl::Status PgKnownCompanyStore::ForgetGivenUp(const CallContext& call, absl::Time horizon) {
  return db::Execute(call, pool_, sql::kForgetGivenUp, {horizon}).status();
}

}  // namespace usher::auth

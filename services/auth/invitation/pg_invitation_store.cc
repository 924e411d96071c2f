#include "services/auth/invitation/pg_invitation_store.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/auth/invitation/invitation_errors.h"
#include "services/auth/invitation/invitation_sql.h"
#include "services/auth/method/known_user_sql.h"
#include "services/auth/method/link_sql.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/method/method_sql.h"
#include "services/auth/method/pg_method_rows.h"
#include "services/auth/session/pg_session_rows.h"
#include "services/auth/session/session_sql.h"
#include "services/auth/session/sign_in_errors.h"

namespace usher::auth {
namespace {

// In the order of their IDs, so that two do not wait for each other. The one whom the method is for
// must be active.
absl::Status LockUsers(db::Transaction& tx, const Acceptance& acceptance) {
  const CompanyId& company = acceptance.made.company;
  for (const UserId& user : std::set<UserId>{acceptance.invitation.user, acceptance.made.user}) {
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kLockUser, {company, user}));
    const auto status =
        rows.empty() ? AccountStatus::kDeleted : static_cast<AccountStatus>(rows[0].Int(0));
    // An invitation whose user is not active opens nothing either.
    if (status != AccountStatus::kActivated) return AccountInactive(status);
  }
  return absl::OkStatus();
}

absl::Status LinkTo(db::Transaction& tx, const Method& from, const Method& to) {
  return tx.ExecuteOnRow(sql::kInsertLink,
                         {from.company, KeyTypeName(from.key_type), from.principal_key, to.company,
                          KeyTypeName(to.key_type), to.principal_key, to.user});
}

absl::Status Join(db::Transaction& tx, const Method& made, const Joining& joining) {
  // Waits for whoever is giving the method of that session another secret: the link must not be
  // younger than a change that this did not see.
  ASSIGN_OR_RETURN(const std::optional<SessionStanding> own,
                   ReadSession(
                       [&tx](const db::Statement& statement, const std::vector<db::Param>& params) {
                         return tx.Execute(statement, params);
                       },
                       sql::kFindSession, joining.company, joining.session));
  if (!own.has_value() || !MayJoin(*own, made.user)) return JoiningRefused();
  const Method& method = own->method.method;
  if (!CanBeLinked(method.key_type)) return absl::OkStatus();
  RETURN_IF_ERROR(LinkTo(tx, method, made));
  return joining.both_ways ? LinkTo(tx, made, method) : absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<MethodStanding>> PgInvitationStore::Find(const CallContext& call,
                                                                      const CompanyId& company,
                                                                      const std::string& token) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindInvitation, {company, token}));
  if (rows.empty()) return std::optional<MethodStanding>();
  MethodStanding standing = MethodStandingOf(rows[0]);
  const auto key_type = ParseKeyType(rows[0].View(kStandingColumns));
  // Nothing of an older release: it could not make any.
  if (!key_type.has_value()) return std::optional<MethodStanding>();
  standing.method.invited = InvitedMethod{*key_type, rows[0].Text(kStandingColumns + 1)};
  return std::optional<MethodStanding>(std::move(standing));
}

absl::Status PgInvitationStore::Accept(const CallContext& call, const Acceptance& acceptance) {
  const Method& made = acceptance.made;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(ShareActiveCompany(tx, made.company));
    if (acceptance.joining.has_value()) {
      RETURN_IF_ERROR(InsertUser(tx, made.company, made.user).status());
    }
    RETURN_IF_ERROR(LockUsers(tx, acceptance));
    ASSIGN_OR_RETURN(
        const db::Rows usable,
        tx.Execute(sql::kLockInvitation, {made.company, acceptance.invitation.principal_key,
                                          db::Param::Bytes(acceptance.invitation.sealed_secret)}));
    if (usable.empty()) return InvitationUsed();
    RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kDeleteMethod,
                                    {made.company, KeyTypeName(acceptance.invitation.key_type),
                                     acceptance.invitation.principal_key}));
    RETURN_IF_ERROR(InsertMethod(tx, made));
    if (acceptance.joining.has_value()) RETURN_IF_ERROR(Join(tx, made, *acceptance.joining));
    return db::Audit(tx, call, made.company, AuditObject(made.key_type, made.user),
                     acceptance.joining.has_value()
                         ? absl::StrCat("joined by an invitation, from company ",
                                        acceptance.joining->company.value())
                         : std::string("created by an invitation"));
  });
}

}  // namespace usher::auth

#include "services/auth/method/pg_method_rows.h"

#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/known_user_sql.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/method/method_sql.h"

namespace usher::auth {
namespace {

// A newer release may have written one that this one does not know. Taken for another kind, it
// would open what it must not.
KeyType KeyTypeOf(const db::Row& row, int first) {
  const std::optional<KeyType> key_type = ParseKeyType(row.View(first + 1));
  if (key_type.has_value()) return *key_type;
  throw std::invalid_argument(absl::StrCat("table methods, column key_type: no key type is ",
                                           row.View(first + 1), " (company ", row.View(first),
                                           ", user ", row.View(first + 4), ")"));
}

}  // namespace

Method MethodOf(const db::Row& row, int first) {
  Method method;
  method.company = CompanyId(row.Text(first));
  method.key_type = KeyTypeOf(row, first);
  method.principal = row.Text(first + 2);
  method.principal_key = row.Text(first + 3);
  method.user = UserId(row.Text(first + 4));
  method.permissions = PermissionsOf(row, first + 5);
  method.status = static_cast<AccountStatus>(row.Int(first + 6));
  method.metadata = row.Json(first + 7);
  method.room = RoomId(row.Text(first + 8));
  method.email = row.Text(first + 9);
  method.display_name = row.Text(first + 10);
  method.shareable = row.Bool(first + 11);
  method.redirect_uri = row.Text(first + 12);
  if (!row.IsNull(first + 13)) method.expires_at = row.Micros(first + 13);
  method.created_at = row.Micros(first + 14);
  return method;
}

MethodStanding MethodStandingOf(const db::Row& row) {
  MethodStanding standing;
  standing.method = MethodOf(row);
  standing.method.sealed_secret = row.Bytes(kMethodColumns);
  standing.user_status = static_cast<AccountStatus>(row.Int(kMethodColumns + 1));
  standing.company_active = row.Int(kMethodColumns + 2) == kActiveCompany;
  standing.read_at = row.Micros(kMethodColumns + 3);
  return standing;
}

PermissionSet PermissionsOf(const db::Row& row, int column) {
  return PermissionSet::FromMask(static_cast<uint32_t>(row.Int(column)));
}

std::vector<token::Revocation> RevocationsOf(const db::Rows& rows) {
  std::vector<token::Revocation> revocations;
  revocations.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    revocations.push_back({.sequence = row.Int(0),
                           .kind = static_cast<token::RevocationKind>(row.Int(1)),
                           .company = CompanyId(row.Text(2)),
                           .subject = row.Text(3),
                           .issued_until = row.Micros(4),
                           .reason = static_cast<token::RevocationReason>(row.Int(5))});
  }
  return revocations;
}

absl::Status ShareActiveCompany(db::Transaction& tx, const CompanyId& company) {
  ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kShareCompany, {company}));
  const bool active = !rows.empty() && rows[0].Int(0) == kActiveCompany;
  return active ? absl::OkStatus() : CompanyNotFound();
}

absl::StatusOr<bool> InsertUser(db::Transaction& tx, const CompanyId& company, const UserId& user) {
  ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kInsertUser, {company, user}));
  return !rows.empty();
}

absl::Status InsertMethod(db::Transaction& tx, const Method& method) {
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.Execute(sql::kInsertMethod,
                 {method.company, KeyTypeName(method.key_type), method.principal_key,
                  method.principal, method.user, db::Param::Bytes(method.sealed_secret),
                  method.permissions.mask(), static_cast<int32_t>(method.status),
                  db::Param::Json(method.metadata), method.room, method.email, method.display_name,
                  method.shareable, method.redirect_uri, method.expires_at,
                  method.invited.has_value() ? KeyTypeName(method.invited->key_type) : "",
                  method.invited.has_value() ? method.invited->principal : ""}));
  return rows.empty() ? PrincipalTaken(method.principal) : absl::OkStatus();
}

std::string AuditObject(const UserId& user) { return absl::StrCat("user ", user.value()); }

std::string AuditObject(KeyType key_type, const UserId& user) {
  return absl::StrCat(KeyTypeName(key_type), " method of user ", user.value());
}

}  // namespace usher::auth

// Rows of auth's tables to domain types, and what several of its transactions do.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/db/rows.h"
#include "common/db/transaction.h"
#include "common/token/revocations.h"
#include "services/auth/method/method.h"

namespace usher::auth {

inline constexpr int64_t kActiveCompany = 1;  // companies.status

// The columns that all rows of methods begin with, from `first` on. Throws, as Row does, where one
// holds what no method has.
inline constexpr int kMethodColumns = 15;
Method MethodOf(const db::Row& row, int first = 0);

// The same with the columns that kFindMethod has behind them.
MethodStanding MethodStandingOf(const db::Row& row);

PermissionSet PermissionsOf(const db::Row& row, int column);

std::vector<token::Revocation> RevocationsOf(const db::Rows& rows);

// Locks the company against being switched off. CompanyNotFound.
absl::Status ShareActiveCompany(db::Transaction& tx, const CompanyId& company);

// False when there is one with this ID, or was.
absl::StatusOr<bool> InsertUser(db::Transaction& tx, const CompanyId& company, const UserId& user);

// PrincipalTaken.
absl::Status InsertMethod(db::Transaction& tx, const Method& method);

// "user 0190...", "password method of user 0190...": for audit rows. Principals are personal.
std::string AuditObject(const UserId& user);
std::string AuditObject(KeyType key_type, const UserId& user);

}  // namespace usher::auth

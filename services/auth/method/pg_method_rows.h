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

// The columns that all rows of methods begin with, from `first` on.
inline constexpr int kMethodColumns = 15;
Method MethodOf(const db::Row& row, int first = 0);

std::vector<token::Revocation> RevocationsOf(const db::Rows& rows);

// PrincipalTaken.
absl::Status InsertMethod(db::Transaction& tx, const Method& method);

// "user 0190...", "password method of user 0190...": for audit rows. Principals are personal.
std::string AuditObject(const UserId& user);
std::string AuditObject(KeyType key_type, const UserId& user);

}  // namespace usher::auth

#include "services/auth/directory/pg_directory_store.h"

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/auth/directory/directory_sql.h"
#include "services/auth/method/pg_method_rows.h"

namespace usher::auth {

absl::StatusOr<bool> PgDirectoryStore::Pin(const CallContext& call, const CompanyId& company,
                                           const MethodKey& method, const std::string& id) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(
        const db::Rows rows,
        tx.Execute(sql::kPinMethod, {company, method.principal_key, db::Param::Bytes(id)}));
    if (rows.empty()) return false;
    RETURN_IF_ERROR(db::Audit(tx, call, company,
                              AuditObject(KeyType::kLdap, UserId(rows[0].Text(0))),
                              "bound to an entry of the directory"));
    return true;
  });
}

absl::StatusOr<bool> PgDirectoryStore::HasProfile(const CallContext& call, const CompanyId& company,
                                                  const MethodKey& method) {
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, sql::kFindProfileMade,
                                                    {company, method.principal_key}));
  return !rows.empty() && rows[0].Bool(0);
}

absl::Status PgDirectoryStore::NoteProfile(const CallContext& call, const CompanyId& company,
                                           const MethodKey& method) {
  return db::Execute(call, pool_, sql::kNoteProfileMade, {company, method.principal_key}).status();
}

absl::StatusOr<std::vector<Method>> PgDirectoryStore::ClaimDue(const CallContext& call,
                                                               const CompanyId& company,
                                                               absl::Duration period, size_t most) {
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, sql::kClaimDueMethods,
                                                    {company, absl::ToInt64Microseconds(period),
                                                     static_cast<uint64_t>(most)}));
  std::vector<Method> due(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    due[i].company = company;
    due[i].key_type = KeyType::kLdap;
    due[i].principal_key = rows[i].Text(0);
    due[i].principal = rows[i].Text(1);
    due[i].user = UserId(rows[i].Text(2));
    due[i].sealed_secret = rows[i].Bytes(3);
  }
  return due;
}

absl::Status PgDirectoryStore::GiveBack(const CallContext& call, const CompanyId& company,
                                        const std::vector<Method>& methods) {
  std::vector<std::string> keys;
  for (const Method& method : methods) keys.push_back(method.principal_key);
  return db::Execute(call, pool_, sql::kGiveBackMethods, {company, db::Param::Array(keys)})
      .status();
}

}  // namespace usher::auth

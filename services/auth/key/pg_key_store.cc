#include "services/auth/key/pg_key_store.h"

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/auth/key/key_sql.h"

namespace usher::auth {
namespace {

const char* DetailOf(KeyState state) {
  switch (state) {
    case KeyState::kAdded:
      return "added";
    case KeyState::kInUse:
      return "in use";
    case KeyState::kWithdrawn:
      return "withdrawn";
    case KeyState::kDeleted:
      return "deleted";
  }
  return "";
}

}  // namespace

absl::Status PgKeyStore::Note(const CallContext& call, const CompanyId& company,
                              const std::string& key, KeyState state) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const db::Rows rows,
                     tx.Execute(sql::kNoteKey, {company, key, static_cast<int32_t>(state)}));
    if (rows.empty()) return absl::OkStatus();
    return db::Audit(tx, call, company, absl::StrCat("key ", key), DetailOf(state));
  });
}

}  // namespace usher::auth

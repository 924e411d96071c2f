// Who did what to whom, from where: a row beside every change, in the same transaction.
#pragma once

#include "absl/strings/string_view.h"
#include "common/base/call_context.h"
#include "common/db/transaction.h"

namespace usher::db {

// `object` is what was changed ("room 0190..."), `detail` what about it ("permissions"); no
// secrets, no personal data.
absl::Status Audit(Transaction& tx, const CallContext& call, const CompanyId& company,
                   absl::string_view object, absl::string_view detail = "");

extern const Statement kInsertAudit;

}  // namespace usher::db

// Writes to the feed that makes tokens die everywhere.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "common/base/id.h"
#include "common/db/transaction.h"
#include "services/auth/method/revocation_store.h"

namespace usher::auth {

// To be called last in the transaction that ends them: it takes the feed's lock until the end of
// the transaction, so that the order of sequences is the order of commits. Answers the rows
// written; the caller adds them to this process's token::Revocations after the commit.
absl::StatusOr<Ended> WriteRevocations(db::Transaction& tx, const CompanyId& company,
                                       const std::vector<RevocationDraft>& drafts);

}  // namespace usher::auth

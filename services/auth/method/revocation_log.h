// Writes to the feed that makes tokens die everywhere.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/id.h"
#include "common/db/transaction.h"
#include "common/token/revocations.h"

namespace usher::auth {

// Something that is no longer good from now on.
struct Ending {
  token::RevocationKind kind = token::RevocationKind::kSession;
  std::string subject;  // session ID or user ID; empty for a company
  token::RevocationReason reason = token::RevocationReason::kSignedOut;
  // It never comes back (an ended session, a removed user): tokens that are being signed this very
  // moment are dead as well.
  bool final = true;
};

// To be called last in the transaction that ends them: it takes the feed's lock until the end of
// the transaction, so that the order of sequences is the order of commits. Answers the rows
// written; the caller adds them to this process's token::Revocations after the commit.
absl::StatusOr<std::vector<token::Revocation>> WriteRevocations(db::Transaction& tx,
                                                                const CompanyId& company,
                                                                const std::vector<Ending>& endings);

}  // namespace usher::auth

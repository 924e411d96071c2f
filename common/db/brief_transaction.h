// Transactions whose COMMIT waits for nobody.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "common/db/transaction.h"

namespace usher::db {

// Like InTransaction, for a body that switches synchronous_commit off: as no standby and no disk
// can keep it waiting, it takes none of the places of changes that may have to (change_places.h).
// So a crowd of them keeps nobody from changing something. An OK answer does not mean that the
// change outlives a crash of the database.
absl::Status InBriefTransaction(const CallContext& call, Pool& pool,
                                const std::function<absl::Status(Transaction&)>& body);

}  // namespace usher::db

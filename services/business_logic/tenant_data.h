// What is kept here of a company that is gone.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/db/pool.h"

namespace usher::business_logic {

// Deletes a part of it; true when nothing is left. Errors: sql_error.h.
absl::StatusOr<bool> ClearCompany(const CallContext& call, db::Pool& pool,
                                  const CompanyId& company);

}  // namespace usher::business_logic

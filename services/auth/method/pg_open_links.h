// Where the links between methods lead, as far as they still hold.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/db/pool.h"
#include "services/auth/method/method.h"

namespace usher::auth {

// The methods of `user` in other companies that open links lead to (company_switch/link_store.h)
// from the method which `session` of `company` was opened with, with their secrets; the oldest
// first. None where the session is not that user's, or is over.
absl::StatusOr<std::vector<MethodStanding>> ReadOpenLinks(const CallContext& call, db::Pool& pool,
                                                          const CompanyId& company,
                                                          const SessionId& session,
                                                          const UserId& user);

}  // namespace usher::auth

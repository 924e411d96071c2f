// The company that a request is about.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "common/status/reply_error.h"

namespace usher::auth {

// `named` stands in the credentials; empty: the caller's own. Any other is NOT_FOUND, but for a
// platform administrator.
inline absl::StatusOr<CompanyId> CompanyFor(const Caller& caller, const std::string& named) {
  if (named.empty() || named == caller.company().value()) return caller.company();
  if (!caller.IsPlatformAdministrator() || !IsCompanySlug(named)) return CompanyNotFound();
  return CompanyId(named);
}

}  // namespace usher::auth
